import { lookAtPhone } from "./choice";
import { arrange, el, setText } from "./dom";
import { ownerOf } from "./phone-owner";
import { PhoneView } from "./phone-view";
import type { Phone, Store } from "./store";
import { shownNumber } from "./times";

interface Row {
  element: HTMLElement;
  button: HTMLButtonElement;
  owner: HTMLElement;
  last: HTMLElement;
  unread: HTMLElement;
}

/** All phones by number, and below them the one that is held in the hand. */
export class PhoneList {
  private readonly list = el("ul", { class: "phone-list", "aria-label": "All phones" });
  private readonly rows = new Map<string, Row>();
  private readonly views = new Map<string, PhoneView>();
  private readonly hand = el("div", { class: "phone-hand" });

  constructor(
    private readonly store: Store,
    place: HTMLElement,
    heading: HTMLElement,
  ) {
    place.replaceChildren(heading, this.list, this.hand);
    store.on(["phones", "people"], () => this.update());
  }

  private update(): void {
    this.takeUpWhatRings();
    const phones = [...this.store.phones.values()];
    arrange(
      this.list,
      phones.map((phone) => this.row(phone)),
    );
    const chosen = this.store.phones.get(this.store.phone ?? "");
    if (!chosen) {
      this.hand.replaceChildren(
        el("p", { class: "small-note" }, "No phone has been called or texted yet."),
      );
      return;
    }
    const view = this.views.get(chosen.number) ?? new PhoneView(this.store, chosen.number);
    this.views.set(chosen.number, view);
    if (this.hand.firstElementChild !== view.element) {
      this.hand.replaceChildren(view.element);
      view.shown();
    }
  }

  /** What happens is brought to the eye, unless somebody is using another phone. */
  private takeUpWhatRings(): void {
    const { store } = this;
    const current = store.phones.get(store.phone ?? "");
    if (this.hand.contains(document.activeElement) || (current && isBusy(current))) return;
    const phones = [...store.phones.values()].filter(({ unread }) => unread > 0);
    const next = phones.find(isBusy) ?? (current && current.texts.size > 0 ? undefined : phones[0]);
    if (next) lookAtPhone(store, next.number);
  }

  private row(phone: Phone): HTMLElement {
    const { number, unread } = phone;
    const row = this.rows.get(number) ?? this.newRow(number);
    this.rows.set(number, row);
    if (number === this.store.phone) row.button.setAttribute("aria-current", "true");
    else row.button.removeAttribute("aria-current");
    row.button.classList.toggle("is-ringing", isRinging(phone));
    setText(row.owner, ownerOf(this.store, number) ?? "");
    setText(row.last, lastOf(phone));
    setText(row.unread, unread > 0 ? String(unread) : "");
    return row.element;
  }

  private newRow(number: string): Row {
    const owner = el("span", { class: "phone-owner" });
    const last = el("span", { class: "phone-last" });
    const unread = el("span", { class: "badge" });
    const button = el(
      "button",
      { type: "button", class: "phone-row", on: { click: () => lookAtPhone(this.store, number) } },
      el("span", { class: "phone-number" }, shownNumber(number)),
      " ",
      owner,
      last,
      unread,
    );
    return { element: el("li", {}, button), button, owner, last, unread };
  }
}

function isRinging({ calls }: Phone): boolean {
  return [...calls.values()].some(({ state }) => state === "ringing");
}

function isBusy({ calls }: Phone): boolean {
  return [...calls.values()].some(({ state }) => state !== "ended");
}

function lastOf(phone: Phone): string {
  if (isRinging(phone)) return "Ringing …";
  if (isBusy(phone)) return "In a call";
  const text = [...phone.texts.values()].at(-1);
  const call = [...phone.calls.values()].at(-1);
  if (call && (!text || call.at > text.at))
    return call.answeredAt === undefined ? "Missed call" : "Call";
  return text?.text ?? "Nothing yet";
}
