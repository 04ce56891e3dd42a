import { z } from "zod";
import type { CallbackAnswer } from "./callbacks";
import { audioSchema, spokenText } from "./requests";

const collectFields = {
  maxDigits: z.int().min(0).optional(),
  digitTimeout: z.number().positive().optional(),
  terminationDigit: z.string().nullish(),
};

const actionSchema = z.discriminatedUnion("action", [
  z.object({
    action: z.literal("PLAY"),
    audio: z.array(audioSchema).min(1),
    ...collectFields,
    collectInput: z.object(collectFields).optional(),
  }),
  z.object({ action: z.literal("HANGUP"), reason: z.string().optional() }),
]);

const DEFAULT_DIGIT_TIMEOUT_S = 5;

export interface PlayAction {
  kind: "play";
  words: string;
  /** How many keys to wait for; 0 when none is collected. */
  maxDigits: number;
  digitTimeoutMs: number;
  terminationDigit: string | undefined;
}

export type CallAction = PlayAction | { kind: "hang-up" } | { kind: "broken"; why: string };

/** What the bot's answer to a call event asks for. The digits' fields are read at both places. */
export function readAction(answer: CallbackAnswer | undefined): CallAction {
  if (answer === undefined) return { kind: "broken", why: "no answer" };
  if (answer.status !== 200) return { kind: "broken", why: `status ${answer.status}` };
  const result = actionSchema.safeParse(parse(answer.text));
  if (!result.success) return { kind: "broken", why: "not an action" };
  if (result.data.action === "HANGUP") return { kind: "hang-up" };
  const play = result.data;
  const collect = { ...play, ...play.collectInput };
  return {
    kind: "play",
    words: play.audio.map(spokenText).join(" "),
    maxDigits: collect.maxDigits ?? 0,
    digitTimeoutMs: (collect.digitTimeout ?? DEFAULT_DIGIT_TIMEOUT_S) * 1000,
    terminationDigit: collect.terminationDigit ?? undefined,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
