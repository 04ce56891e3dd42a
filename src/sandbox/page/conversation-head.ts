import { bot, openSpace } from "./choice";
import { el } from "./dom";
import type { Store } from "./store";

/** The title of what is looked at, who moderates it, and who is in it. */
export function conversationHead(store: Store): HTMLElement[] {
  const space = openSpace(store);
  if (space?.type !== "group") {
    const name = bot(store)?.displayName ?? "The bot";
    const person = store.people.get(store.speaker)?.displayName ?? "you";
    return [
      el("h2", {}, name),
      el("p", { class: "head-note" }, `Direct conversation with ${person}`),
    ];
  }
  const isModerator = space.members.get(store.speaker) === true;
  const kind = space.isLocked ? "Moderated space" : "Space without moderators";
  const role = isModerator ? ", you moderate it" : "";
  return [
    el("h2", {}, space.title),
    el("p", { class: "head-note" }, kind + role),
    memberList(store, space.members),
  ];
}

function memberList(store: Store, members: ReadonlyMap<string, boolean>): HTMLElement {
  const names = [...members].map(([id, isModerator]) => ({
    name: store.people.get(id)?.displayName ?? "Somebody",
    isModerator,
  }));
  const details = el(
    "details",
    { class: "members" },
    el("summary", {}, members.size === 1 ? "1 member" : `${members.size} members`),
    el(
      "ul",
      { "aria-label": "Members" },
      ...names.map(({ name, isModerator }) =>
        el("li", {}, name, isModerator && el("span", { class: "tag" }, "Moderator")),
      ),
    ),
  );
  return details;
}
