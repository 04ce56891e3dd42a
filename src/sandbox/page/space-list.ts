import { avatar } from "./avatar";
import { bot, directSpace, look, spacesOf } from "./choice";
import { arrange, el, icon, setText } from "./dom";
import type { Store } from "./store";

const LOCK = "M7 11V8a5 5 0 0110 0v3M6 11h12v8.5H6z";

interface Row {
  element: HTMLElement;
  button: HTMLButtonElement;
  title: HTMLElement;
  lock: HTMLElement;
  unread: HTMLElement;
}

/** The spaces of the one who speaks, and their direct conversation with the bot. */
export class SpaceList {
  readonly element: HTMLElement;
  private readonly list = el("ul", { class: "spaces" });
  private readonly rows = new Map<string, Row>();

  constructor(
    private readonly store: Store,
    heading: HTMLElement,
    private readonly onLook: () => void,
  ) {
    this.element = el("section", { "aria-label": "Spaces" }, heading, this.list);
    store.on(["spaces", "people", "choice"], () => this.update());
  }

  private update(): void {
    const { speaker } = this.store;
    const botName = bot(this.store)?.displayName;
    const rows = spacesOf(this.store, speaker).map((space) =>
      this.row(space.id, space.title, space.isLocked, space.unread),
    );
    const direct = directSpace(this.store, speaker);
    if (botName !== undefined) {
      rows.push(this.row(direct?.id ?? `direct ${speaker}`, botName, false, direct?.unread ?? 0));
    }
    arrange(this.list, rows);
  }

  private row(id: string, title: string, isLocked: boolean, unread: number): HTMLElement {
    const row = this.rows.get(id) ?? this.newRow(id, title);
    this.rows.set(id, row);
    const isCurrent = id === (this.store.spaceId ?? `direct ${this.store.speaker}`);
    if (isCurrent) row.button.setAttribute("aria-current", "true");
    else row.button.removeAttribute("aria-current");
    setText(row.title, title);
    row.lock.hidden = !isLocked;
    setText(row.unread, unread > 0 ? String(unread) : "");
    row.unread.title = unread > 0 ? `${unread} messages not looked at` : "";
    return row.element;
  }

  private newRow(id: string, name: string): Row {
    const isDirect = this.store.spaces.get(id)?.type !== "group";
    const title = el("span", { class: "space-title" });
    const lock = el("span", { class: "lock", title: "Moderated" }, icon(LOCK));
    const unread = el("span", { class: "badge" });
    const note = isDirect && el("span", { class: "tag" }, "Direct");
    const button = el(
      "button",
      { type: "button", class: "space", on: { click: () => this.choose(id) } },
      avatar(name, isDirect ? "bot" : "space"),
      title,
      lock,
      note,
      unread,
    );
    return { element: el("li", {}, button), button, title, lock, unread };
  }

  private choose(id: string): void {
    look(this.store, this.store.spaces.has(id) ? id : undefined);
    this.onLook();
  }
}
