import { avatar } from "./avatar";
import { directSpace, speakAs, speakers } from "./choice";
import { arrange, el, setText } from "./dom";
import type { Person } from "./sandbox-state";
import type { Store } from "./store";

/** From so many on one searches instead of looking. */
const MANY = 10;
const MOST_SHOWN = 100;

interface Row {
  element: HTMLElement;
  input: HTMLInputElement;
  note: HTMLElement;
  unread: HTMLElement;
}

/** Whom one speaks as. A number tells how many direct messages somebody has not looked at. */
export class PeopleList {
  readonly element: HTMLElement;
  private readonly rows = new Map<string, Row>();
  private readonly list = el("div", { class: "people" });
  private readonly search: HTMLInputElement;
  private readonly more = el("p", { class: "small-note" });

  constructor(
    private readonly store: Store,
    heading: HTMLElement,
  ) {
    this.search = el("input", {
      type: "search",
      class: "search",
      placeholder: "Find a person",
      "aria-label": "Find a person",
      on: { input: () => this.searched() },
    });
    this.element = el(
      "fieldset",
      { class: "speak-as" },
      el("legend", { class: "unseen" }, "Speak as"),
      heading,
      this.search,
      this.list,
      this.more,
    );
    store.on(["people", "spaces", "choice"], () => this.update());
  }

  private searched(): void {
    this.update();
    this.list.scrollTop = 0;
  }

  private update(): void {
    const all = speakers(this.store);
    this.search.hidden = all.length <= MANY && this.search.value === "";
    const term = this.search.hidden ? "" : this.search.value.trim().toLowerCase();
    const found = all.filter(
      ({ displayName, email, id }) =>
        id === this.store.speaker || `${displayName} ${email}`.toLowerCase().includes(term),
    );
    const shown = found.slice(0, MOST_SHOWN);
    arrange(
      this.list,
      shown.map((person) => this.row(person)),
    );
    const left = found.length - shown.length;
    setText(this.more, left > 0 ? `and ${left} more; search for them` : "");
  }

  private row(person: Person): HTMLElement {
    const row = this.rows.get(person.id) ?? newRow(this.store, person);
    this.rows.set(person.id, row);
    row.input.checked = person.id === this.store.speaker;
    setText(row.note, notes(this.store, person));
    const unread = directSpace(this.store, person.id)?.unread ?? 0;
    setText(row.unread, unread > 0 ? String(unread) : "");
    row.unread.title = unread > 0 ? `${unread} direct messages not looked at` : "";
    return row.element;
  }
}

function newRow(store: Store, person: Person): Row {
  const input = el("input", {
    type: "radio",
    name: "speaker",
    value: person.id,
    on: { change: () => speakAs(store, person.id) },
  });
  const note = el("span", { class: "person-note" });
  const unread = el("span", { class: "badge" });
  const names = el("span", { class: "person-name" }, person.displayName);
  const text = el("span", { class: "person-text" }, names, " ", note);
  const element = el("label", { class: "person" }, input, avatar(person.displayName), text, unread);
  return { element, input, note, unread };
}

function notes(store: Store, { id, isAdmin }: Person): string {
  const moderates = [...store.spaces.values()].some(({ members }) => members.get(id) === true);
  return [moderates && "moderator", isAdmin && "admin"].filter(Boolean).join(", ");
}
