import type {
  ActiveFault,
  BotState,
  Message,
  Notifications,
  Person,
  PhoneCall,
  PhoneText,
} from "./sandbox-state";
import type { Phone, Space, Store } from "./store";

/**
 * What the sandbox tells, by kind. Each may come twice, and may already be part of the state that
 * was read meanwhile: applying it again changes nothing.
 */
export const eventKinds = {
  message: (store: Store, event: MessageEvent) => {
    const space = spaceOf(store, event);
    const { messages } = space;
    const index = messages.findLastIndex(({ id }) => id === event.messageId);
    const message = messageOf(event, messages[index]);
    if (index >= 0) messages[index] = message;
    else {
      messages.push(message);
      if (!store.isOpen(space.id)) space.unread += 1;
    }
    store.changed("spaces", "said", `messages ${space.id}`);
  },
  edited: (store: Store, event: MessageEvent) => {
    const { id, messages } = spaceOf(store, event);
    const index = messages.findLastIndex((message) => message.id === event.messageId);
    if (index < 0) return;
    messages[index] = { ...messageOf(event, messages[index]), updated: event.at };
    store.changed("said", `messages ${id}`);
  },
  deleted: (store: Store, event: MessageEvent) => {
    const { id, messages } = spaceOf(store, event);
    const index = messages.findLastIndex((message) => message.id === event.messageId);
    if (index >= 0) messages.splice(index, 1);
    store.changed(`messages ${id}`);
  },
  membership: (store: Store, event: MembershipEvent) => {
    const members = store.spaces.get(event.roomId)?.members;
    if (event.event === "deleted") members?.delete(event.personId);
    else members?.set(event.personId, event.isModerator);
    store.changed("spaces");
  },
  space: (store: Store, event: SpaceEvent) => {
    const { id, title, type, isLocked, isAnnouncementOnly } = event;
    if (event.event === "deleted") store.spaces.delete(id);
    else {
      const known = store.spaces.get(id) ?? emptySpace(id);
      store.spaces.set(id, Object.assign(known, { title, type, isLocked, isAnnouncementOnly }));
    }
    store.changed("spaces");
  },
  sms: (store: Store, text: PhoneText & { direction: "in" | "out" }) => {
    const phone = phoneOf(store, text.direction === "in" ? text.to : text.from);
    if (!phone.texts.has(text.id) && text.direction === "in") arrived(store, phone);
    phone.texts.set(text.id, text);
    store.changed("phones", `phone ${phone.number}`);
  },
  call: (store: Store, call: PhoneCall) => {
    const phone = phoneOf(store, call.to);
    if (!phone.calls.has(call.id)) arrived(store, phone);
    phone.calls.set(call.id, call);
    store.changed("phones", `phone ${phone.number}`);
  },
  clock: (store: Store, { at }: { at: number }) => store.setNow(at),
  fault: (store: Store, { event, ...fault }: FaultEvent) => {
    if (fault.id === undefined) return;
    const others = store.faults.filter(({ id }) => id !== fault.id);
    const active = { ...fault, left: fault.left ?? null };
    store.faults = event === "added" ? [...others, active as ActiveFault] : others;
    store.changed("faults");
  },
  bot: (store: Store, bot: BotState) => {
    store.bot = bot;
    store.changed("bot");
  },
  notifications: (store: Store, notifications: Notifications) => {
    store.notifications = notifications;
    store.changed("notifications");
  },
  person: (store: Store, person: Person) => {
    store.people.set(person.id, person);
    store.changed("people");
  },
} as const;

type Happening = "created" | "updated" | "deleted";

interface MessageEvent extends Omit<Message, "id" | "created" | "updated"> {
  at: number;
  messageId: string;
  spaceTitle?: string;
  spaceType?: "group" | "direct";
  to: string[];
}

interface MembershipEvent {
  event: Happening;
  roomId: string;
  personId: string;
  isModerator: boolean;
}

interface SpaceEvent {
  event: Happening;
  id: string;
  title: string;
  type: "group" | "direct";
  isLocked: boolean;
  isAnnouncementOnly: boolean;
}

/** A fault that strikes is told without an id; only what is in force is kept. */
interface FaultEvent extends Partial<ActiveFault> {
  event?: "added" | "removed";
}

function messageOf(event: MessageEvent, known: Message | undefined): Message {
  const { spaceId, personId, text, markdown, html, attachments, files, parentId } = event;
  return {
    id: event.messageId,
    ...{ spaceId, personId, text, markdown, html, attachments, files, parentId },
    created: known?.created ?? event.at,
    updated: known?.updated,
  };
}

/** The direct conversation of two people begins with its first message. */
function spaceOf(store: Store, event: MessageEvent): Space {
  const known = store.spaces.get(event.spaceId) ?? emptySpace(event.spaceId);
  store.spaces.set(known.id, known);
  known.title = event.spaceTitle ?? known.title;
  known.type = event.spaceType ?? known.type;
  for (const id of event.to) if (!known.members.has(id)) known.members.set(id, false);
  return known;
}

function emptySpace(id: string): Space {
  return {
    ...{ id, title: "", type: "group", isLocked: false, isAnnouncementOnly: false },
    members: new Map(),
    messages: [],
    unread: 0,
  };
}

function phoneOf(store: Store, number: string): Phone {
  const known = store.phones.get(number);
  if (known !== undefined) return known;
  const phone: Phone = { number, owner: undefined, texts: new Map(), calls: new Map(), unread: 0 };
  store.phones.set(number, phone);
  return phone;
}

function arrived(store: Store, phone: Phone): void {
  if (store.phone !== phone.number || document.hidden) phone.unread += 1;
}
