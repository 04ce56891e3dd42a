import type { Person } from "./sandbox-state";
import type { Space, Store } from "./store";

/** Who speaks and what they look at. */

const REMEMBERED = "muster-sandbox-speaker";

export function bot(store: Store): Person | undefined {
  return [...store.people.values()].find(({ type }) => type === "bot");
}

/** Everybody whom one can speak as, in the order in which they came. */
export function speakers(store: Store): Person[] {
  return [...store.people.values()].filter(
    ({ type, isPending }) => type === "person" && !isPending,
  );
}

/** The group spaces of the one who speaks. */
export function spacesOf(store: Store, personId: string): Space[] {
  return [...store.spaces.values()].filter(
    ({ type, members }) => type === "group" && members.has(personId),
  );
}

export function directSpace(store: Store, personId: string): Space | undefined {
  const botId = bot(store)?.id ?? "";
  return [...store.spaces.values()].find(
    ({ type, members }) => type === "direct" && members.has(personId) && members.has(botId),
  );
}

export function openSpace(store: Store): Space | undefined {
  return store.spaceId === undefined ? undefined : store.spaces.get(store.spaceId);
}

/** Speaks as somebody else, in the same space where they are in it. */
export function speakAs(store: Store, personId: string): void {
  const isDirect = openSpace(store)?.type !== "group";
  store.speaker = personId;
  sessionStorage.setItem(REMEMBERED, personId);
  const isMember = openSpace(store)?.members.has(personId) ?? false;
  if (isDirect) look(store, directSpace(store, personId)?.id);
  else if (isMember) look(store, store.spaceId);
  else look(store, firstSpace(store));
}

/** Looks at a space; undefined: at the direct conversation with the bot. */
export function look(store: Store, spaceId: string | undefined): void {
  store.spaceId = spaceId;
  const space = openSpace(store);
  if (space) space.unread = 0;
  store.changed("choice", "spaces", "people");
}

export function lookAtPhone(store: Store, number: string): void {
  store.phone = number;
  const phone = store.phones.get(number);
  if (phone) phone.unread = 0;
  store.changed("phones", `phone ${number}`);
}

/** After a change of what there is: keeps what is chosen if it is still there. */
export function keepChoice(store: Store): void {
  if (!store.people.has(store.speaker)) chooseFirst(store);
  const space = openSpace(store);
  if (store.spaceId !== undefined && !space?.members.has(store.speaker)) {
    look(store, firstSpace(store));
  }
  // The first message of a direct conversation has made its space.
  if (store.spaceId === undefined) {
    const direct = directSpace(store, store.speaker);
    if (direct) look(store, direct.id);
  }
  const [first] = store.phones.keys();
  if (store.phone === undefined && first !== undefined) lookAtPhone(store, first);
}

/** A moderator, as only they can do everything that there is to try. */
function chooseFirst(store: Store): void {
  const people = speakers(store);
  const remembered = sessionStorage.getItem(REMEMBERED);
  const groups = [...store.spaces.values()].filter(({ type }) => type === "group");
  const person =
    people.find(({ id }) => id === remembered) ??
    people.find(({ id }) => groups.some(({ members }) => members.get(id) === true)) ??
    people[0];
  store.speaker = person?.id ?? "";
  look(store, firstSpace(store));
}

function firstSpace(store: Store): string | undefined {
  const spaces = spacesOf(store, store.speaker);
  const moderated = spaces.find(({ members }) => members.get(store.speaker) === true);
  return (moderated ?? spaces[0])?.id;
}
