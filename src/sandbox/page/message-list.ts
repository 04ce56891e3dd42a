import { arrange, el } from "./dom";
import { messageRow, type MessageRow } from "./message-row";
import type { Message } from "./sandbox-state";
import type { Store } from "./store";

/** So many are shown at first, and with each "earlier"; the rest is there when asked for. */
const STEP = 100;
/** So many may have come below before the oldest are taken away from above. */
const MOST = 3 * STEP;
const CONTINUED_MS = 5 * 60_000;
const NEAR_END_PX = 80;

/** The messages of one conversation, oldest first, scrolled to the end unless someone reads. */
export class MessageList {
  readonly element: HTMLElement;
  private readonly rows = new Map<string, MessageRow>();
  private readonly list: HTMLElement;
  private readonly earlier: HTMLButtonElement;
  private readonly latest: HTMLButtonElement;
  private readonly scroller: HTMLElement;
  /** The oldest that is shown; undefined: as many of the last as there is room for. */
  private from: string | undefined;
  private isAtEnd = true;

  constructor(
    private readonly store: Store,
    private readonly spaceId: string,
    title: string,
  ) {
    this.list = el("ol", { class: "messages" });
    this.earlier = el("button", { class: "quiet earlier", type: "button" }, "Earlier messages");
    this.latest = el("button", { class: "latest", type: "button", hidden: true }, "New messages");
    this.earlier.addEventListener("click", () => this.showEarlier());
    this.latest.addEventListener("click", () => this.toEnd());
    this.scroller = el(
      "div",
      { class: "scroller", role: "log", "aria-label": `Messages in ${title}`, tabindex: "0" },
      this.earlier,
      this.list,
    );
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.element = el("div", { class: "message-list" }, this.scroller, this.latest);
    // How tall messages are is known only when they come into sight.
    new ResizeObserver(() => {
      if (this.isAtEnd) this.toEnd();
    }).observe(this.list);
  }

  /** Brings the page up to the messages that there are now. */
  update(): void {
    const messages = this.store.spaces.get(this.spaceId)?.messages ?? [];
    const shown = messages.slice(this.start(messages));
    this.forgetRowsOutside(messages);
    const known = this.list.childElementCount;
    if (this.isAnswerOfSpeaker(messages.at(-1))) this.isAtEnd = true;
    arrange(
      this.list,
      shown.map((message, index) => this.row(message, shown[index - 1])),
    );
    this.earlier.hidden = shown.length === messages.length;
    if (this.isAtEnd) this.toEnd();
    else this.latest.hidden &&= this.list.childElementCount <= known;
  }

  /** Called when it has been put into the page, which forgets how far it was scrolled. */
  shown(): void {
    if (this.isAtEnd) this.toEnd();
  }

  toEnd(): void {
    this.isAtEnd = true;
    this.latest.hidden = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** Whoever writes wants to see it, wherever they were reading. */
  private isAnswerOfSpeaker(last: Message | undefined): boolean {
    return last?.personId === this.store.speaker && !this.rows.has(last.id);
  }

  private start(messages: readonly Message[]): number {
    const from = messages.findIndex(({ id }) => id === this.from);
    const isTooMuch = this.isAtEnd && messages.length - from > MOST;
    const start = from < 0 || isTooMuch ? Math.max(0, messages.length - STEP) : from;
    this.from = messages[start]?.id;
    return start;
  }

  private row(message: Message, before: Message | undefined): HTMLElement {
    const row = this.rows.get(message.id) ?? messageRow(this.store, message);
    this.rows.set(message.id, row);
    row.update(message, before !== undefined && continues(before, message));
    return row.element;
  }

  private forgetRowsOutside(messages: readonly Message[]): void {
    const ids = new Set(messages.map(({ id }) => id));
    for (const id of this.rows.keys()) if (!ids.has(id)) this.rows.delete(id);
  }

  private showEarlier(): void {
    const messages = this.store.spaces.get(this.spaceId)?.messages ?? [];
    const from = messages.findIndex(({ id }) => id === this.from);
    this.from = messages[Math.max(0, from - STEP)]?.id;
    this.isAtEnd = false;
    const { scrollHeight, scrollTop } = this.scroller;
    this.update();
    this.scroller.scrollTop = scrollTop + this.scroller.scrollHeight - scrollHeight;
  }

  private scrolled(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (this.isAtEnd) this.latest.hidden = true;
  }
}

function continues(before: Message, message: Message): boolean {
  return (
    before.personId === message.personId &&
    message.parentId === undefined &&
    message.created - before.created < CONTINUED_MS
  );
}
