import type {
  ActiveFault,
  BotState,
  Message,
  Notifications,
  Person,
  PhoneCall,
  PhoneState,
  PhoneText,
  SandboxState,
  SpaceState,
} from "./sandbox-state";
import { keepKnown, newMessages } from "./known-messages";
import { unreadAfterReload } from "./read-marks";

export interface Space extends Omit<SpaceState, "members"> {
  /** By person; true for moderators. */
  members: Map<string, boolean>;
  unread: number;
}

export interface Phone {
  number: string;
  owner: string | undefined;
  texts: Map<string, PhoneText & { direction: "in" | "out" }>;
  calls: Map<string, PhoneCall>;
  unread: number;
}

/** What a part of the page may wait for; messages and phones by their space and number. */
export type Topic =
  | "people"
  | "spaces"
  | "phones"
  | "faults"
  | "clock"
  | "bot"
  | "notifications"
  | "choice"
  | "said"
  | "connection"
  | `messages ${string}`
  | `phone ${string}`;

/** How long a hidden page, which paints nothing, waits before it follows. */
const HIDDEN_MS = 200;

/** All that the page knows of the sandbox, and who and what is looked at. */
export class Store {
  readonly people = new Map<string, Person>();
  readonly spaces = new Map<string, Space>();
  readonly phones = new Map<string, Phone>();
  faults: ActiveFault[] = [];
  bot: BotState | undefined;
  notifications: Notifications | undefined;
  connection: "opening" | "open" | "lost" = "opening";
  /** Who speaks: a person's id; empty before anything is known. */
  speaker = "";
  /** The space looked at; undefined for a direct conversation that nobody has begun. */
  spaceId: string | undefined;
  phone: string | undefined;
  /** The sandbox's clock less this computer's. */
  clockOffsetMs = 0;
  /** Called at once when another place is looked at: the next key may come before the next frame. */
  onLook: () => void = () => undefined;

  private readonly listeners = new Map<Topic, Set<() => void>>();
  private readonly changedTopics = new Set<Topic>();
  private isScheduled = false;

  /** Calls `listener` once for each frame in which a topic changed; gives back how to end it. */
  on(topics: readonly Topic[], listener: () => void): () => void {
    for (const topic of topics) {
      const known = this.listeners.get(topic) ?? new Set();
      this.listeners.set(topic, known.add(listener));
    }
    return () => {
      for (const topic of topics) this.listeners.get(topic)?.delete(listener);
    };
  }

  changed(...topics: Topic[]): void {
    for (const topic of topics) this.changedTopics.add(topic);
    if (this.isScheduled) return;
    this.isScheduled = true;
    if (document.hidden) setTimeout(() => this.tell(), HIDDEN_MS);
    else requestAnimationFrame(() => this.tell());
  }

  private tell(): void {
    this.isScheduled = false;
    const topics = [...this.changedTopics];
    this.changedTopics.clear();
    const called = new Set(topics.flatMap((topic) => [...(this.listeners.get(topic) ?? [])]));
    for (const listener of called) callSafely(listener);
  }

  /** Takes over a whole state; what it shares with what was known stays the same object. */
  replace(state: SandboxState): void {
    this.setNow(state.now);
    replaceAll(this.people, state.webex.people, ({ id }) => id);
    const spaces = state.webex.spaces.map((space) => this.merged(space));
    replaceAll(this.spaces, spaces, ({ id }) => id);
    const phones = state.phones.map((phone): Phone => this.mergedPhone(phone));
    replaceAll(this.phones, phones, ({ number }) => number);
    this.faults = state.faults;
    this.bot = state.bot ?? undefined;
    this.notifications = state.notifications ?? undefined;
    this.changed("people", "spaces", "phones", "faults", "clock", "bot", "notifications", "said");
    for (const id of this.spaces.keys()) this.changed(`messages ${id}`);
    for (const number of this.phones.keys()) this.changed(`phone ${number}`);
  }

  private merged(state: SpaceState): Space {
    const known = this.spaces.get(state.id);
    const fresh =
      this.spaces.size === 0
        ? unreadAfterReload(
            state.id,
            state.messages.map(({ created }) => created),
          )
        : newMessages(known?.messages ?? [], state.messages);
    return {
      ...state,
      members: new Map(state.members.map(({ personId, isModerator }) => [personId, isModerator])),
      messages: keepKnown(known?.messages ?? [], state.messages),
      unread: this.isOpen(state.id) ? 0 : (known?.unread ?? 0) + fresh,
    };
  }

  private mergedPhone({ number, owner, texts, sent, calls }: PhoneState): Phone {
    const moments = [...texts, ...calls].map(({ at }) => at);
    const unread = this.phones.size === 0 ? unreadAfterReload(number, moments) : 0;
    return {
      ...{ number, owner },
      texts: byId([...texts.map(incoming), ...sent.map(outgoing)].sort((a, b) => a.at - b.at)),
      calls: byId(calls),
      unread: this.phones.get(number)?.unread ?? unread,
    };
  }

  isOpen(spaceId: string): boolean {
    return this.spaceId === spaceId && !document.hidden;
  }

  now(): number {
    return Date.now() + this.clockOffsetMs;
  }

  setNow(now: number): void {
    this.clockOffsetMs = now - Date.now();
    this.changed("clock");
  }

  message(spaceId: string, id: string): Message | undefined {
    return this.spaces.get(spaceId)?.messages.find((message) => message.id === id);
  }
}

/** One that fails is told of, and keeps the others from nothing. */
function callSafely(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    reportError(error);
  }
}

function replaceAll<Item>(
  map: Map<string, Item>,
  items: readonly Item[],
  key: (item: Item) => string,
): void {
  map.clear();
  for (const item of items) map.set(key(item), item);
}

function byId<Item extends { id: string }>(items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((item) => [item.id, item]));
}

function incoming(text: PhoneText): PhoneText & { direction: "in" } {
  return { ...text, direction: "in" };
}

function outgoing(text: PhoneText): PhoneText & { direction: "out" } {
  return { ...text, direction: "out" };
}
