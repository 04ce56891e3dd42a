import { api, problem } from "./api";
import { CallView } from "./call-view";
import { arrange, el, icon, setText } from "./dom";
import { LastInSight } from "./last-in-sight";
import { ownerOf } from "./phone-owner";
import type { PhoneCall, PhoneText } from "./sandbox-state";
import type { Store } from "./store";
import { clockTime, duration, shownNumber } from "./times";

const SEND = "M4 12l16-7.5L14.5 20l-3-6.5z";
const NOTHING_YET = "Texts and calls to this number appear here.";
const ABOVE_PX = 8;
const QUICK = ["Y", "N"];

/** One phone: its texts and calls in their order, the call that goes on, and a box to reply. */
export class PhoneView {
  readonly element: HTMLElement;
  private readonly entries = new Map<string, { element: HTMLElement; said: string }>();
  private readonly list = el("ol", { class: "bubbles" });
  private readonly empty = el("li", { class: "small-note" }, NOTHING_YET);
  private readonly last: LastInSight;
  private readonly title = el("span");
  private readonly trouble = el("p", { class: "trouble", role: "alert" });
  private readonly call: CallView;
  private readonly box: HTMLInputElement;

  constructor(
    private readonly store: Store,
    private readonly number: string,
  ) {
    const name = shownNumber(number);
    this.call = new CallView(store, number, {
      onProblem: (error) => this.tell(error),
      onFree: () => this.box.focus(),
    });
    const scroller = el(
      "div",
      { class: "bubble-scroller", role: "log", "aria-label": `Texts of ${name}`, tabindex: "0" },
      this.list,
    );
    this.last = new LastInSight(scroller, this.list, ABOVE_PX);
    this.box = el("input", { type: "text", autocomplete: "off", placeholder: "Reply" });
    this.element = el(
      "section",
      { class: "phone", "aria-label": `Phone ${name}` },
      el("h3", { class: "phone-title" }, this.title),
      this.call.element,
      scroller,
      this.trouble,
      this.replyForm(name),
    );
    store.on([`phone ${number}`, "people"], () => this.update());
    this.update();
  }

  /** Called when it has been put into the page. */
  shown(): void {
    this.last.toLast();
  }

  private update(): void {
    const phone = this.store.phones.get(this.number);
    if (!phone) return;
    const owner = ownerOf(this.store, this.number);
    const number = shownNumber(this.number);
    setText(this.title, owner === undefined ? number : `${owner} · ${number}`);
    const { length } = this.list.children;
    const ordered = [...phone.texts.values(), ...[...phone.calls.values()].filter(hasEnded)].sort(
      (one, other) => one.at - other.at,
    );
    const elements = ordered.map((entry) => this.entry(entry));
    arrange(this.list, elements.length > 0 ? elements : [this.empty]);
    this.call.show([...phone.calls.values()].findLast((call) => !hasEnded(call)));
    if (this.list.children.length !== length) this.shown();
  }

  private entry(entry: PhoneText | PhoneCall): HTMLElement {
    const said = JSON.stringify(entry);
    const known = this.entries.get(entry.id);
    if (known?.said === said) return known.element;
    const element = "state" in entry ? pastCall(entry) : bubble(entry, this.number);
    this.entries.set(entry.id, { element, said });
    return element;
  }

  private replyForm(name: string): HTMLElement {
    const id = `reply-${this.number.slice(1)}`;
    this.box.id = id;
    return el(
      "form",
      { class: "reply", on: { submit: (event) => this.submitted(event) } },
      el("label", { class: "unseen", for: id }, `Reply from ${name}`),
      ...QUICK.map((text) =>
        el(
          "button",
          {
            type: "button",
            class: "chip",
            "aria-label": `Reply ${text}`,
            on: { click: () => void this.send(text) },
          },
          text,
        ),
      ),
      this.box,
      el(
        "button",
        { class: "send", type: "submit", "aria-label": `Send from ${name}` },
        icon(SEND),
      ),
    );
  }

  private submitted(event: Event): void {
    event.preventDefault();
    const text = this.box.value.trim();
    if (text === "") return;
    this.box.value = "";
    void this.send(text);
  }

  private async send(text: string): Promise<void> {
    this.trouble.textContent = "";
    try {
      await api.phone(this.number, { text });
    } catch (error) {
      if (this.box.value === "") this.box.value = text;
      this.tell(error);
    }
  }

  private tell(error: unknown): void {
    setText(this.trouble, problem(error));
  }
}

function hasEnded({ state }: PhoneCall): boolean {
  return state === "ended";
}

function bubble({ text, at, from }: PhoneText, number: string): HTMLElement {
  const isOut = from === number;
  return el(
    "li",
    { class: isOut ? "bubble out" : "bubble in" },
    el("span", { class: "unseen" }, isOut ? "Sent: " : `From ${from}: `),
    el("span", { class: "bubble-text" }, text),
    el("time", {}, clockTime(at)),
  );
}

function pastCall(call: PhoneCall): HTMLElement {
  const { answeredAt, endedAt, endedBy, words, digits, at, isVoicemail } = call;
  const length =
    answeredAt === undefined ? "" : ` · ${duration((endedAt ?? answeredAt) - answeredAt)}`;
  const what = isVoicemail ? "Voicemail" : answeredAt === undefined ? missed(endedBy) : "Call";
  return el(
    "li",
    { class: "past-call" },
    el("p", { class: "past-call-head" }, `${what}${length}`, el("time", {}, clockTime(at))),
    words !== "" && el("p", { class: "past-call-words" }, `“${words}”`),
    digits !== "" && el("p", { class: "small-note" }, `Keys pressed: ${digits}`),
  );
}

function missed(endedBy: PhoneCall["endedBy"]): string {
  return endedBy === "callee" ? "Declined call" : "Missed call";
}
