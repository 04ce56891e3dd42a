import { randomInt } from "node:crypto";
import type { Callbacks } from "./connect/callbacks";
import { countParts } from "./connect/gsm";
import type { CallControls, PhoneCall } from "./connect/live-call";
import type { SandboxContext } from "./context";

/** What the owner of a phone does when it rings; with `rings` a test or the page decides. */
export type CallBehaviour =
  | "answers"
  | "rings"
  | "voicemail"
  | "hangs-up"
  | "busy"
  | "declines"
  | "no-answer"
  | "unreachable";

/** A text on a phone. Times are milliseconds since 1970 by the sandbox's clock. */
export interface PhoneText {
  id: string;
  to: string;
  from: string;
  text: string;
  at: number;
}

/** The phone of one number in E.164, such as "+12025550143". */
export interface Phone {
  readonly number: string;
  /** Whose it is, where the sandbox knows. */
  owner: string | undefined;
  /** Texts received, oldest first. */
  readonly texts: PhoneText[];
  /** Texts sent. */
  readonly sent: PhoneText[];
  /** Calls received, oldest first. */
  readonly calls: Readonly<PhoneCall>[];
  /** The provider's code for texts to this phone: 7500 delivers, any other does not. */
  smsCode: string;
  /** Undefined: messages are heard to their end, calls that ask something ring. */
  onCall: CallBehaviour | undefined;
}

export class Phones {
  /** Where a text from a phone is reported; configured at the provider for our number. */
  inboundUrl: string | undefined;
  /** The number that a text goes to when its phone has not received any yet. */
  inboundNumber = "14085550100";
  /** The documents' sample puts our number into `da`, their table puts it into `oa`. */
  inboundOrder: "sample" | "table" = "sample";
  /** What the owners of phones do that are not known yet. */
  usualOnCall: CallBehaviour | undefined;
  private readonly byNumber = new Map<string, Phone>();
  private readonly controls = new Map<string, CallControls>();

  constructor(
    private readonly context: SandboxContext,
    private readonly callbacks: Callbacks,
  ) {}

  at(number: string): Phone {
    const known = this.byNumber.get(number);
    if (known !== undefined) return known;
    const phone: Phone = {
      number,
      owner: undefined,
      texts: [],
      sent: [],
      calls: [],
      smsCode: "7500",
      onCall: this.usualOnCall,
    };
    this.byNumber.set(number, phone);
    return phone;
  }

  all(): Phone[] {
    return [...this.byNumber.values()];
  }

  receiveText(text: PhoneText): void {
    this.at(text.to).texts.push(text);
    this.emitText(text, "in");
  }

  receiveCall(controls: CallControls): void {
    const { to } = controls.call;
    this.at(to).calls.push(controls.call);
    this.controls.set(to, controls);
  }

  /** The owner of `number` writes to the number that last texted them. */
  sendText(number: string, text: string): PhoneText {
    const phone = this.at(number);
    const to = phone.texts.at(-1)?.from ?? this.inboundNumber;
    const id = `0044_${randomInt(1e9, 1e10)}`;
    const sent: PhoneText = { id, to, from: number, text, at: this.context.clock.now() };
    phone.sent.push(sent);
    this.emitText(sent, "out");
    if (this.inboundUrl !== undefined) {
      const body = inboundBody(sent, this.inboundOrder);
      this.callbacks.send("sms", this.inboundUrl, body, "of a number");
    }
    return sent;
  }

  answer(number: string): void {
    this.lastCall(number).answer();
  }

  voicemail(number: string): void {
    this.lastCall(number).voicemail();
  }

  press(number: string, digits: string): void {
    for (const digit of digits) this.lastCall(number).press(digit);
  }

  hangUp(number: string): void {
    this.lastCall(number).hangUp();
  }

  private lastCall(number: string): CallControls {
    const controls = this.controls.get(number);
    if (controls === undefined) throw new Error(`${number} has not been called.`);
    return controls;
  }

  private emitText(text: PhoneText, direction: "in" | "out"): void {
    this.context.events.emit({ kind: "sms", at: text.at, payload: { ...text, direction } });
  }
}

/** What the provider posts when a phone has written. */
export function inboundBody(text: PhoneText, order: "sample" | "table"): Record<string, unknown> {
  const sender = text.from.replace(/^\+/, "");
  const ours = text.to.replace(/^\+/, "");
  const datetime = new Date(text.at).toISOString();
  return {
    userId: sender,
    Channel: "SMS",
    da: order === "sample" ? ours : sender,
    oa: order === "sample" ? sender : ours,
    message_source: "SMS",
    message: text.text,
    messageCount: String(countParts(text.text, false)),
    tid: text.id,
    datetime,
    ts: datetime,
    x_networkid: "",
  };
}
