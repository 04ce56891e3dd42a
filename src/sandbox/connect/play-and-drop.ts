import type { CallBehaviour } from "../phones";
import type { CallControls, PhoneCall } from "./live-call";
import { LiveCall, speakingMs } from "./live-call";
import type { Outcome } from "./outcomes";
import {
  ANSWERED,
  BUSY,
  DISCONNECTED,
  DROPPED,
  NO_ANSWER,
  OFFERED,
  RELEASED,
  RINGING,
  UNREACHABLE,
} from "./outcomes";
import type { ConnectParts } from "./settings";

const RINGS_MS = 3000;
const GIVES_UP_MS = 30_000;
const LISTENS_MS = 2000;

/** A call that says its words and hangs up. It keeps time only when its receipts are read. */
export class PlayAndDropCall implements CallControls {
  readonly live: LiveCall;

  constructor(
    private readonly parts: ConnectParts,
    call: Pick<PhoneCall, "id" | "kind" | "to" | "from">,
    private readonly words: string,
    private readonly report: (outcome: Outcome) => void,
  ) {
    this.live = new LiveCall(parts.context, parts.closing, call);
  }

  get call(): Readonly<PhoneCall> {
    return this.live.record;
  }

  start(behaviour: CallBehaviour): void {
    this.report(OFFERED);
    if (behaviour === "unreachable") {
      this.giveUp(UNREACHABLE);
      return;
    }
    this.report(RINGING);
    this.live.announce();
    this.react(behaviour);
  }

  answer(): void {
    this.pickUp(false);
  }

  voicemail(): void {
    this.pickUp(true);
  }

  press(digit: string): void {
    this.live.press(digit);
  }

  hangUp(): void {
    if (this.call.state === "ringing") this.end("callee", [DISCONNECTED, DROPPED, BUSY]);
    else if (this.call.state === "answered") this.end("callee", [RELEASED, DISCONNECTED, DROPPED]);
  }

  private react(behaviour: CallBehaviour): void {
    const reactions: Partial<Record<CallBehaviour, [afterMs: number, task: () => void]>> = {
      answers: [RINGS_MS, () => this.pickUp(false)],
      voicemail: [RINGS_MS, () => this.pickUp(true)],
      "hangs-up": [RINGS_MS, () => this.pickUpBriefly()],
      busy: [0, () => this.giveUp(BUSY)],
      declines: [RINGS_MS, () => this.hangUp()],
      "no-answer": [GIVES_UP_MS, () => this.giveUp(NO_ANSWER)],
    };
    const reaction = reactions[behaviour];
    if (reaction !== undefined) this.wait(...reaction);
    // A ring time follows the clock in every mode: a person may still pick up.
    else this.live.after(GIVES_UP_MS, () => this.giveUp(NO_ANSWER));
  }

  private wait(ms: number, task: () => void): void {
    if (this.parts.settings.receiptsMode === "none") task();
    else this.live.after(ms, task);
  }

  private pickUp(isVoicemail: boolean): void {
    if (this.call.state !== "ringing") return;
    this.live.answer(isVoicemail);
    this.report(ANSWERED);
    this.live.speak(this.words);
    this.wait(speakingMs(this.words), () => this.end("caller", [DROPPED, RELEASED]));
  }

  private pickUpBriefly(): void {
    this.live.answer(false);
    this.report(ANSWERED);
    this.wait(LISTENS_MS, () => this.hangUp());
  }

  private giveUp(why: Outcome): void {
    this.end("network", [DROPPED, why]);
  }

  private end(by: "caller" | "callee" | "network", outcomes: readonly Outcome[]): void {
    this.live.end(by);
    for (const outcome of outcomes) this.report(outcome);
  }
}
