import type { CallBehaviour } from "../phones";
import type { PlayAction } from "./call-action";
import { readAction } from "./call-action";
import type { Callbacks } from "./callbacks";
import type { CallControls, PhoneCall } from "./live-call";
import { LiveCall, speakingMs } from "./live-call";
import type { CallRequest } from "./requests";
import type { ConnectParts } from "./settings";

const RINGS_MS = 3000;
const GIVES_UP_MS = 45_000;
const VOICEMAIL_NOTICED_MS = 5000;

interface Collecting {
  play: PlayAction;
  digits: string;
}

/** A call that asks the bot at every event what to do next, and does it. */
export class InteractiveCall implements CallControls {
  readonly live: LiveCall;
  private collecting: Collecting | undefined;

  constructor(
    private readonly parts: ConnectParts,
    private readonly callbacks: Callbacks,
    private readonly request: CallRequest,
    id: string,
  ) {
    const call = { id, kind: "call", to: request.dialedNumber, from: request.callerId } as const;
    this.live = new LiveCall(parts.context, parts.closing, call);
  }

  get call(): Readonly<PhoneCall> {
    return this.live.record;
  }

  start(behaviour: CallBehaviour): void {
    this.live.announce();
    if (behaviour === "answers") this.live.after(RINGS_MS, () => this.answer());
    else if (behaviour === "voicemail") this.live.after(RINGS_MS, () => this.voicemail());
    else if (behaviour === "busy") this.live.after(0, () => this.fail("7402", "Customer busy"));
    else if (behaviour === "declines") this.live.after(RINGS_MS, () => this.hangUp());
    else if (behaviour === "unreachable") this.live.after(0, () => this.fail("7404", "Others"));
    else this.live.after(GIVES_UP_MS, () => this.fail("7401", "No answer"));
  }

  answer(): void {
    if (this.call.state !== "ringing") return;
    this.live.after(0, () => undefined);
    this.live.answer(false);
    this.ask("ANSWERED", this.answered());
  }

  voicemail(): void {
    if (this.call.state !== "ringing") return;
    this.live.answer(true);
    this.ask("ANSWERED", this.answered());
    if (!this.request.detectVoiceMail) return;
    this.live.besides(VOICEMAIL_NOTICED_MS, () => this.ask("VMDETECTED", this.ends()));
  }

  press(digit: string): void {
    if (this.call.state !== "answered") return;
    this.live.press(digit);
    if (this.collecting === undefined) return;
    const { play } = this.collecting;
    if (digit === play.terminationDigit) {
      this.reportDigits(digit);
      return;
    }
    this.collecting.digits += digit;
    if (this.collecting.digits.length >= play.maxDigits) this.reportDigits();
    else this.live.after(play.digitTimeoutMs, () => this.reportDigits());
  }

  hangUp(): void {
    if (this.call.state === "ended") return;
    const wasRinging = this.call.state === "ringing";
    this.live.end("callee");
    const refused = { status: "FAILURE", error: { code: "7402", message: "Customer busy" } };
    const heard = { status: "SUCCESS" };
    this.tell("DROPPED", { droppedBy: "CALLEE", ...(wasRinging ? refused : heard) });
  }

  private fail(code: string, message: string): void {
    this.live.end("network");
    this.tell("DROPPED", { status: "FAILURE", droppedBy: "CALLEE", error: { code, message } });
  }

  private answered(): Record<string, unknown> {
    const { at, answeredAt } = this.call;
    return {
      ...this.ends(),
      offeredTime: new Date(at).toISOString(),
      answeredTime: new Date(answeredAt ?? at).toISOString(),
    };
  }

  private ends(): Record<string, unknown> {
    return { callerId: this.request.callerId, dialedNumber: this.request.dialedNumber };
  }

  private event(event: string, fields: Record<string, unknown>): Record<string, unknown> {
    const { correlationId } = this.request;
    const base = { event, eventTime: new Date(this.live.now()).toISOString() };
    return {
      ...base,
      sessionId: this.call.id,
      transactionId: this.call.id,
      correlationId,
      ...fields,
    };
  }

  private tell(event: string, fields: Record<string, unknown>): void {
    const asked = this.callbacks.ask(this.request.callbackUrl, this.event(event, fields));
    this.parts.context.work.track(asked);
  }

  private ask(event: string, fields: Record<string, unknown>): void {
    const body = this.event(event, fields);
    this.parts.context.work.track(
      this.callbacks.ask(this.request.callbackUrl, body).then((answer) => {
        if (this.call.state !== "ended") this.carryOut(readAction(answer));
      }),
    );
  }

  private carryOut(action: ReturnType<typeof readAction>): void {
    switch (action.kind) {
      case "play":
        this.play(action);
        return;
      case "hang-up":
        this.live.end("caller");
        this.tell("DROPPED", { status: "SUCCESS", droppedBy: "CALLER" });
        return;
      case "broken":
        this.fail("7006", `The call event was not answered with an action: ${action.why}`);
        return;
    }
  }

  private play(play: PlayAction): void {
    this.live.speak(play.words);
    const spokenMs = speakingMs(play.words);
    this.collecting = play.maxDigits > 0 ? { play, digits: "" } : undefined;
    if (this.collecting === undefined) this.live.after(spokenMs, () => this.reportPlayed(spokenMs));
    else this.live.after(spokenMs + play.digitTimeoutMs, () => this.reportDigits());
  }

  private reportPlayed(spokenMs: number): void {
    this.ask("PLAYED", { status: "SUCCESS", playedDuration: Math.round(spokenMs / 1000) });
  }

  private reportDigits(terminationDigit?: string): void {
    if (this.collecting === undefined) return;
    const { digits, play } = this.collecting;
    this.collecting = undefined;
    this.live.after(0, () => undefined);
    const status = digits === "" ? this.parts.settings.noInputStatus : "SUCCESS";
    const playedDuration = Math.round(speakingMs(play.words) / 1000);
    const received = { numOfDigits: digits.length, digitsReceived: digits, terminationDigit };
    this.ask("COLLECTED_DIGITS", { status, ...received, playedDuration });
  }
}
