import { bot, openSpace, spacesOf } from "./choice";
import { closeWhenLeft } from "./close-when-left";
import type { Composer } from "./composer";
import { conversationHead } from "./conversation-head";
import { el } from "./dom";
import { MessageList } from "./message-list";
import type { Store } from "./store";
import { usualLineButtons, usualLines } from "./usual-lines";

/** The middle of the page: what is said where one looks, and the box to write in. */
export class Conversation {
  private readonly lists = new Map<string, MessageList>();
  private readonly head = el("div", { class: "conversation-head" });
  private readonly middle = el("div", { class: "conversation-middle" });
  private stopFollowing: () => void = () => undefined;
  private shown = "";
  private headSaid = "";

  constructor(
    private readonly store: Store,
    private readonly composer: Composer,
    place: HTMLElement,
    guide: Element,
  ) {
    place.replaceChildren(this.head, guide, this.middle, composer.element);
    const members = (): HTMLDetailsElement | null => this.head.querySelector("details");
    closeWhenLeft({
      contains: (node) => members()?.contains(node) ?? false,
      close: () => members()?.removeAttribute("open"),
      opener: () => members()?.querySelector("summary") ?? undefined,
    });
    store.on(["choice", "spaces", "people"], () => this.update());
  }

  private update(): void {
    const { speaker, spaceId = "" } = this.store;
    this.showHead();
    this.composer.update();
    const isEmpty = (openSpace(this.store)?.messages.length ?? 0) === 0;
    const shown = isEmpty ? `empty ${speaker} ${spaceId}` : spaceId;
    if (shown === this.shown) return;
    this.shown = shown;
    this.stopFollowing();
    if (isEmpty) this.showEmpty();
    else this.showMessages(spaceId);
  }

  /** Left alone where it would say the same, as somebody may have opened the list of members. */
  private showHead(): void {
    const { speaker, people } = this.store;
    const { title = "", isLocked, members = [] } = openSpace(this.store) ?? {};
    const said = JSON.stringify([speaker, people.size, title, isLocked, [...members]]);
    if (said === this.headSaid) return;
    this.headSaid = said;
    this.head.replaceChildren(...conversationHead(this.store));
  }

  private showMessages(spaceId: string): void {
    const list = this.lists.get(spaceId) ?? this.newList(spaceId);
    list.update();
    this.middle.replaceChildren(list.element);
    list.shown();
    this.stopFollowing = this.store.on([`messages ${spaceId}`], () => list.update());
  }

  private newList(spaceId: string): MessageList {
    const list = new MessageList(this.store, spaceId, titleOf(this.store));
    this.lists.set(spaceId, list);
    return list;
  }

  private showEmpty(): void {
    const botName = bot(this.store)?.displayName ?? "the bot";
    const isDirect = openSpace(this.store)?.type !== "group";
    const line = isDirect ? "help" : `@${botName} start incident payments down`;
    const where = isDirect
      ? `This is your direct conversation with ${botName}.`
      : "Nothing has been said here yet.";
    const others = spacesOf(this.store, this.store.speaker).length === 0;
    this.middle.replaceChildren(
      el(
        "div",
        { class: "empty" },
        el("h3", {}, where),
        el(
          "p",
          {},
          "Type ",
          el("code", {}, line),
          others ? "." : " below, or let the page write it:",
        ),
        usualLineButtons(
          [
            { label: line, line, isOpen: true },
            ...usualLines(botName, isDirect).slice(isDirect ? 1 : 4),
          ],
          (chosen) => this.composer.choose(chosen),
        ),
      ),
    );
  }
}

function titleOf(store: Store): string {
  const space = openSpace(store);
  return space?.type === "group" ? space.title : (bot(store)?.displayName ?? "the bot");
}
