import { api, type PhoneDeed } from "./api";
import { el, icon, setText } from "./dom";
import type { PhoneCall } from "./sandbox-state";
import { silence, speak } from "./speech";
import type { Store } from "./store";
import { shownNumber } from "./times";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const HANDSET =
  "M6.5 4h3l1.5 4-2 1.5a11 11 0 005.5 5.5l1.5-2 4 1.5v3a2 2 0 01-2.2 2A16.5 16.5 0 014.5 6.2A2 2 0 016.5 4z";

export interface CallHooks {
  onProblem(error: unknown): void;
  /** The line is free again, and whoever used the call has nothing in their hand. */
  onFree(): void;
}

/** The call that goes on: it rings, says its words, and takes keys. */
export class CallView {
  readonly element = el("div", { class: "call", hidden: true });
  private readonly state = el("p", { class: "call-state", role: "status" });
  private readonly caller = el("p", { class: "small-note" });
  private readonly words = el("p", {
    class: "call-words",
    role: "log",
    "aria-label": "Words of the call",
    tabindex: "0",
  });
  private readonly digits = el("output", { class: "call-digits", "aria-label": "Keys pressed" });
  private readonly ringing: HTMLElement;
  private readonly keypad: HTMLElement;
  private readonly hangUp: HTMLElement;
  private call: PhoneCall | undefined;
  private spoken = "";

  constructor(
    private readonly store: Store,
    private readonly number: string,
    private readonly hooks: CallHooks,
  ) {
    this.ringing = el(
      "div",
      { class: "call-buttons" },
      this.button("Answer", "answer", { answer: true }),
      this.button("Voicemail", "plain", { voicemail: true }),
      this.button("Decline", "decline", { hangup: true }),
    );
    this.keypad = el(
      "div",
      { class: "keypad", role: "group", "aria-label": "Keypad" },
      ...KEYS.map((digit) => this.button(digit, "key", { digit })),
    );
    this.hangUp = this.button("Hang up", "decline hang-up", { hangup: true });
    const head = el(
      "div",
      { class: "call-head" },
      el("span", { class: "call-icon" }, icon(HANDSET)),
      el("div", { class: "call-about" }, this.state, this.caller),
      this.hangUp,
    );
    this.element.append(head, this.ringing, this.words, this.digits, this.keypad);
  }

  /** Undefined: the line is free. */
  show(call: PhoneCall | undefined): void {
    const { activeElement } = document;
    const isUsed = this.element.contains(activeElement);
    if (this.call?.id !== call?.id) this.begin();
    this.call = call;
    this.element.hidden = call === undefined;
    if (call !== undefined) this.showCall(call);
    // What was pressed may be gone, and the focus would be nowhere.
    if (isUsed && !activeElement?.checkVisibility()) this.moveFocus();
  }

  private moveFocus(): void {
    if (this.call === undefined) this.hooks.onFree();
    else (this.keypad.hidden ? this.ringing : this.keypad).querySelector("button")?.focus();
  }

  private showCall(call: PhoneCall): void {
    const isRinging = call.state === "ringing";
    this.element.classList.toggle("is-ringing", isRinging);
    this.words.hidden = isRinging;
    this.ringing.hidden = !isRinging;
    this.keypad.hidden = this.hangUp.hidden = isRinging;
    setText(this.state, stateOf(call));
    setText(this.caller, shownNumber(`+${call.from.replace("+", "")}`));
    setText(this.words, call.words);
    this.words.scrollTop = this.words.scrollHeight;
    setText(this.digits, call.digits);
    this.say(call.words);
  }

  private begin(): void {
    this.spoken = "";
    if (this.store.phone === this.number) silence();
  }

  /** What is new is said aloud, of the phone that is held in the hand. */
  private say(words: string): void {
    const news = words.slice(this.spoken.length).trim();
    this.spoken = words;
    if (news !== "" && this.store.phone === this.number) speak(news);
  }

  private button(label: string, kind: string, deed: PhoneDeed): HTMLElement {
    const act = (): void => {
      api.phone(this.number, deed).catch((error: unknown) => this.hooks.onProblem(error));
    };
    return el(
      "button",
      { type: "button", class: `call-button ${kind}`, on: { click: act } },
      label,
    );
  }
}

function stateOf({ state, isVoicemail }: PhoneCall): string {
  if (state === "ringing") return "Incoming call";
  return isVoicemail ? "Voicemail listens" : "In a call";
}
