import type { SandboxContext } from "../context";
import { later } from "./later";

export type CallState = "ringing" | "answered" | "ended";

/** One call as its phone saw it. Times are milliseconds since 1970 by the sandbox's clock. */
export interface PhoneCall {
  id: string;
  kind: "voice" | "call";
  to: string;
  from: string;
  state: CallState;
  /** Everything that was spoken, in order. */
  words: string;
  /** Every key that was pressed. */
  digits: string;
  isVoicemail: boolean;
  at: number;
  answeredAt: number | undefined;
  endedAt: number | undefined;
  endedBy: "caller" | "callee" | "network" | undefined;
}

/** What a person can do with a phone that rings, or that they hold to their ear. */
export interface CallControls {
  readonly call: Readonly<PhoneCall>;
  answer(): void;
  voicemail(): void;
  press(digit: string): void;
  hangUp(): void;
}

const MS_PER_WORD = 400;
const SHORTEST_SPEECH_MS = 1000;

/** How long it takes to say `text`. */
export function speakingMs(text: string): number {
  const words = text.split(/\s+/).filter((word) => word !== "").length;
  return Math.max(SHORTEST_SPEECH_MS, words * MS_PER_WORD);
}

/** Keeps a call's record, tells the listeners of each change, and owns the call's one timer. */
export class LiveCall {
  readonly record: PhoneCall;
  private timer = new AbortController();

  constructor(
    private readonly context: SandboxContext,
    private readonly closing: AbortSignal,
    call: Pick<PhoneCall, "id" | "kind" | "to" | "from">,
  ) {
    this.record = {
      ...call,
      state: "ringing",
      words: "",
      digits: "",
      isVoicemail: false,
      at: context.clock.now(),
      answeredAt: undefined,
      endedAt: undefined,
      endedBy: undefined,
    };
  }

  announce(): void {
    const { clock, events } = this.context;
    events.emit({ kind: "call", at: clock.now(), payload: { ...this.record } });
  }

  answer(isVoicemail: boolean): void {
    Object.assign(this.record, { state: "answered", isVoicemail, answeredAt: this.now() });
    this.announce();
  }

  speak(words: string): void {
    this.record.words = [this.record.words, words].filter((part) => part !== "").join(" ");
    this.announce();
  }

  press(digit: string): void {
    this.record.digits += digit;
    this.announce();
  }

  end(endedBy: "caller" | "callee" | "network"): void {
    this.timer.abort();
    Object.assign(this.record, { state: "ended", endedBy, endedAt: this.now() });
    this.announce();
  }

  /** Replaces what the call was waiting for. */
  after(ms: number, task: () => void): void {
    this.timer.abort();
    this.timer = new AbortController();
    later(this.context, ms, AbortSignal.any([this.timer.signal, this.closing]), task);
  }

  /** Leaves the call's one timer as it is; `task` is skipped once the call has ended. */
  besides(ms: number, task: () => void): void {
    later(this.context, ms, this.closing, () => {
      if (this.record.state !== "ended") task();
    });
  }

  now(): number {
    return this.context.clock.now();
  }
}
