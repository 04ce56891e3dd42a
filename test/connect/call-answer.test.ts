import { toCallAnswer } from "../../src/connect/call-answer";
import { readAction } from "../../src/sandbox/connect/call-action";

const speech = {
  text: "Press 1.",
  language: "en-US",
  voice: "AriaNeural",
  gender: "FEMALE",
} as const;

test("words with a key are played with its fields at both places", () => {
  const answer = toCallAnswer({ kind: "play", speech, takesKey: true });
  expect(answer).toEqual({
    action: "PLAY",
    audio: [
      {
        type: "TTS",
        text: "Press 1.",
        textFormat: "TEXT",
        style: "NEURAL",
        engine: "AZURE",
        voice: "AriaNeural",
        language: "en-US",
        gender: "FEMALE",
      },
    ],
    maxDigits: 1,
    digitTimeout: 8,
    collectInput: { maxDigits: 1, digitTimeout: 8 },
  });
  expect(readAction({ status: 200, text: JSON.stringify(answer) })).toMatchObject({
    kind: "play",
    words: "Press 1.",
    maxDigits: 1,
    digitTimeoutMs: 8_000,
  });
});

test("last words wait for nothing", () => {
  const answer = toCallAnswer({ kind: "play", speech, takesKey: false });
  expect(Object.keys(answer)).toEqual(["action", "audio"]);
});

test("the end is asked for by name, and after it there is nothing to do", () => {
  expect(toCallAnswer({ kind: "hang-up" })).toEqual({ action: "HANGUP", reason: "done" });
  expect(toCallAnswer({ kind: "none" })).toEqual({});
});
