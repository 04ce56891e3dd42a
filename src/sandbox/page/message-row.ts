import { api } from "./api";
import { avatar } from "./avatar";
import { cardView } from "./card-view";
import { el, setText } from "./dom";
import { renderMarkdown } from "./markdown";
import { messageFiles } from "./message-files";
import type { Message } from "./sandbox-state";
import { spokenText } from "./spoken-text";
import type { Store } from "./store";
import { clockTime } from "./times";

export interface MessageRow {
  readonly element: HTMLElement;
  readonly message: Message;
  /** Shows what has changed; nothing else is touched. */
  update(message: Message, isContinued: boolean): void;
}

/** One message. The card of a message is kept as long as it says the same. */
export function messageRow(store: Store, first: Message): MessageRow {
  const author = store.people.get(first.personId);
  const name = author?.displayName ?? "Somebody";
  const isBot = author?.type === "bot";
  const time = el("time", {}, clockTime(first.created));
  const edited = el("span", { class: "edited" });
  const body = el("div", { class: "message-body" });
  const element = el(
    "li",
    { class: isBot ? "message from-bot" : "message", id: `m-${first.id}` },
    avatar(name, isBot ? "bot" : "person"),
    el(
      "div",
      { class: "message-main" },
      el(
        "p",
        { class: "message-head" },
        el("span", { class: "message-author" }, name),
        isBot && el("span", { class: "tag" }, "Bot"),
        time,
        edited,
      ),
      replyLine(store, first),
      body,
    ),
  );
  let message = first;
  const show = (): void => {
    body.replaceChildren(...content(store, message, name, isBot));
    setText(edited, message.updated === undefined ? "" : "edited");
  };
  show();
  return {
    element,
    get message() {
      return message;
    },
    update(next, isContinued) {
      element.classList.toggle("is-continued", isContinued);
      if (next === message) return;
      message = next;
      show();
    },
  };
}

function content(store: Store, message: Message, name: string, isBot: boolean): Node[] {
  const cards = message.attachments.map(({ content: card }) =>
    cardView(card, name, async (inputs) => {
      const { speaker } = store;
      await api.press(speaker, message.id, inputs);
      return store.people.get(speaker)?.displayName ?? "Somebody";
    }),
  );
  // The text of a message with a card is for clients that cannot show cards.
  const text = cards.length > 0 ? [] : [messageText(message, isBot)];
  return [...text, ...cards, ...messageFiles(message.files)];
}

function messageText(message: Message, isBot: boolean): Node {
  const text = el("div", { class: "message-text" });
  if (isBot && message.markdown !== undefined) text.append(renderMarkdown(message.markdown));
  else text.append(el("p", { class: "as-typed" }, ...spokenText(message)));
  return text;
}

const EXCERPT = 80;

function replyLine(store: Store, { parentId, spaceId }: Message): HTMLElement | undefined {
  const parent = parentId === undefined ? undefined : store.message(spaceId, parentId);
  if (!parent) return undefined;
  const author = store.people.get(parent.personId)?.displayName ?? "Somebody";
  const said = Array.from(parent.text.replace(/\s+/g, " "));
  const excerpt = said.length > EXCERPT ? `${said.slice(0, EXCERPT).join("")}…` : said.join("");
  return el("p", { class: "reply-line" }, `Reply to ${author}: ${excerpt}`);
}
