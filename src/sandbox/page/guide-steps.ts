export type GuideStep = "start" | "add" | "answer" | "stop";

/** Of one of the phones. */
const NUMBER = "+1 202 555 0143";

export const steps: readonly { step: GuideStep; title: string }[] = [
  { step: "start", title: "Start" },
  { step: "add", title: "Add" },
  { step: "answer", title: "Answer" },
  { step: "stop", title: "Stop" },
];

/** What a step depends on. */
export interface GuideScene {
  botName: string;
  /** The space that somebody moderates. */
  space: string;
  /** Whoever must speak for the step, where it is not who speaks now. */
  other: string | undefined;
  /** The form of the step "add": not sent yet, to be found elsewhere, or in sight. */
  form: "absent" | "elsewhere" | "in sight";
}

export function stepText(step: GuideStep, { botName, space, form }: GuideScene): string {
  switch (step) {
    case "start":
      return `Something is wrong: let the bot tell everybody in ${space}.`;
    case "add":
      if (form === "absent")
        return "Call in somebody by phone. The bot sends you a form: give it the number of one of the phones.";
      if (form === "elsewhere")
        return `Look in ${botName}, Direct: the form lies there. It needs a number, such as ${NUMBER}.`;
      return `Give the form the mobile number ${NUMBER}, and press Save and add here.`;
    case "answer":
      return "Press On my way as somebody else, or reply Y from a phone.";
    case "stop":
      return "It is over: stop the incident, and choose on the card who leaves the space.";
  }
}

/** What the page does for the step, and as whom; undefined where there is nothing left to do. */
export function stepButton(
  step: GuideStep,
  { botName, other, form }: GuideScene,
): string | undefined {
  const speaker = other === undefined ? "" : ` as ${other}`;
  if (step === "answer") return `Speak${speaker}`;
  if (step !== "add" || form === "absent")
    return other === undefined ? "Write the command" : `Write it${speaker}`;
  return form === "in sight" ? undefined : `Open ${botName}, Direct${speaker}`;
}
