import { arrange, el } from "./dom";
import { LastInSight } from "./last-in-sight";
import { messageRow, type MessageRow } from "./message-row";
import type { Message } from "./sandbox-state";
import type { Store } from "./store";

/** So many are shown at first, and with each "earlier"; the rest is there when asked for. */
const STEP = 100;
/** So many may have come below before the oldest are taken away from above. */
const MOST = 3 * STEP;
const CONTINUED_MS = 5 * 60_000;

/** The messages of one conversation, oldest first, the last in sight unless someone reads. */
export class MessageList {
  readonly element: HTMLElement;
  private readonly rows = new Map<string, MessageRow>();
  private readonly list: HTMLElement;
  private readonly earlier: HTMLButtonElement;
  private readonly latest: HTMLButtonElement;
  private readonly scroller: HTMLElement;
  private readonly last: LastInSight;
  /** The oldest that is shown; undefined: as many of the last as there is room for. */
  private from: string | undefined;

  constructor(
    private readonly store: Store,
    private readonly spaceId: string,
    title: string,
  ) {
    this.list = el("ol", { class: "messages" });
    this.earlier = el("button", { class: "quiet earlier", type: "button" }, "Earlier messages");
    this.latest = el("button", { class: "latest", type: "button", hidden: true }, "New messages");
    this.earlier.addEventListener("click", () => this.showEarlier());
    this.latest.addEventListener("click", () => this.toLast());
    this.scroller = el(
      "div",
      { class: "scroller", role: "log", "aria-label": `Messages in ${title}`, tabindex: "0" },
      this.earlier,
      this.list,
    );
    this.last = new LastInSight(this.scroller, this.list, 0, () => {
      if (this.last.isHeld) this.latest.hidden = true;
    });
    this.element = el("div", { class: "message-list" }, this.scroller, this.latest);
  }

  /** Brings the page up to the messages that there are now. */
  update(): void {
    const messages = this.store.spaces.get(this.spaceId)?.messages ?? [];
    const shown = messages.slice(this.start(messages));
    this.forgetRowsOutside(messages);
    const news = this.newest(messages);
    const isFollowed = this.last.isHeld || news?.personId === this.store.speaker;
    arrange(
      this.list,
      shown.map((message, index) => this.row(message, shown[index - 1])),
    );
    this.earlier.hidden = shown.length === messages.length;
    if (news === undefined) this.last.keep();
    else if (isFollowed) this.toLast();
    else this.latest.hidden = false;
  }

  /** Called when it has been put into the page, which forgets how far it was scrolled. */
  shown(): void {
    if (this.last.isHeld) this.toLast();
  }

  private toLast(): void {
    this.latest.hidden = true;
    this.last.toLast();
  }

  /** The last message, if it has not been shown before. */
  private newest(messages: readonly Message[]): Message | undefined {
    const last = messages.at(-1);
    return last === undefined || this.rows.has(last.id) ? undefined : last;
  }

  private start(messages: readonly Message[]): number {
    const from = messages.findIndex(({ id }) => id === this.from);
    const isTooMuch = this.last.isHeld && messages.length - from > MOST;
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
    this.last.release();
    const { scrollHeight, scrollTop } = this.scroller;
    this.update();
    this.scroller.scrollTop = scrollTop + this.scroller.scrollHeight - scrollHeight;
  }
}

function continues(before: Message, message: Message): boolean {
  return (
    before.personId === message.personId &&
    message.parentId === undefined &&
    message.created - before.created < CONTINUED_MS
  );
}
