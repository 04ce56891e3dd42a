export type GuideStep = "start" | "add" | "answer" | "stop";

interface StepText {
  step: GuideStep;
  title: string;
  text: string;
  button: string;
}

export const steps: readonly StepText[] = [
  {
    step: "start",
    title: "Start",
    text: "Something is wrong: let the bot tell everybody in this space.",
    button: "Write the command",
  },
  {
    step: "add",
    title: "Add",
    text: "Call in somebody by phone. The bot sends you a form: give it the number of one of the phones.",
    button: "Write the command",
  },
  {
    step: "answer",
    title: "Answer",
    text: "Press On my way as somebody else, or reply Y from a phone.",
    button: "Speak as somebody else",
  },
  {
    step: "stop",
    title: "Stop",
    text: "It is over: stop the incident, and choose who leaves the space.",
    button: "Write the command",
  },
];

const SAID: readonly [GuideStep, RegExp][] = [
  ["start", /\bstart\s+incident\b/i],
  ["stop", /\bstop\s+incident\b/i],
  ["add", /\badd\b/i],
  ["answer", /\b(coming|declined)\b/i],
];

/** The step of the guide that somebody takes by saying this. */
export function stepOf(text: string): GuideStep | undefined {
  return SAID.find(([, pattern]) => pattern.test(text))?.[0];
}
