import { Remembered } from "./remembered";
import type { Person } from "./sandbox-state";
import type { Space, Store } from "./store";

/** Who speaks and what they look at. */

const lastSpeaker = new Remembered<string>("speaker");
/** By person: the space that they looked at. */
const lastPlaces = new Remembered<Readonly<Record<string, string>>>("places");
const lastPhone = new Remembered<string>("phone");
const DIRECT = "direct";

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
  lastSpeaker.set(personId);
  const isMember = openSpace(store)?.members.has(personId) ?? false;
  if (isDirect) look(store, directSpace(store, personId)?.id);
  else if (isMember) look(store, store.spaceId);
  else look(store, lastPlace(store));
}

/** Looks at a space; undefined: at the direct conversation with the bot. */
export function look(store: Store, spaceId: string | undefined): void {
  store.spaceId = spaceId;
  const space = openSpace(store);
  if (space) space.unread = 0;
  lastPlaces.set({ ...lastPlaces.get(), [store.speaker]: spaceId ?? DIRECT });
  store.onLook();
  store.changed("choice", "spaces", "people");
}

export function lookAtPhone(store: Store, number: string): void {
  store.phone = number;
  lastPhone.set(number);
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
  if (store.phone !== undefined || first === undefined) return;
  const last = lastPhone.get() ?? first;
  lookAtPhone(store, store.phones.has(last) ? last : first);
}

/** A moderator, as only they can do everything that there is to try. */
function chooseFirst(store: Store): void {
  const people = speakers(store);
  const last = lastSpeaker.get();
  const groups = [...store.spaces.values()].filter(({ type }) => type === "group");
  const person =
    people.find(({ id }) => id === last) ??
    people.find(({ id }) => groups.some(({ members }) => members.get(id) === true)) ??
    people[0];
  if (person === undefined) return;
  store.speaker = person.id;
  look(store, lastPlace(store));
}

/** Where the one who speaks looked last, if they still can. */
function lastPlace(store: Store): string | undefined {
  const place = lastPlaces.get()?.[store.speaker];
  if (place === DIRECT) return directSpace(store, store.speaker)?.id;
  const isMember = store.spaces.get(place ?? "")?.members.has(store.speaker) ?? false;
  return isMember ? place : firstSpace(store);
}

function firstSpace(store: Store): string | undefined {
  const spaces = spacesOf(store, store.speaker);
  const moderated = spaces.find(({ members }) => members.get(store.speaker) === true);
  return (moderated ?? spaces[0])?.id;
}
