import type { Incoming } from "../bot/incoming";
import { RemoteError } from "../errors";
import type { WebhookEnvelope } from "./envelope";
import type { AnyObject } from "./rest";

/** One message or action as Webex holds it and as we understand it. */
export interface Fetched {
  raw: AnyObject;
  incoming: Incoming;
}

/** One event on its way through the framework. */
export class Feed {
  /** Resolves when our listener was called. */
  readonly heard: Promise<void>;
  hear!: () => void;
  isHeard = false;
  fetched: Fetched | undefined;
  /** What the last look-up for this event ran into. */
  failure: RemoteError | undefined;
  private fetching: Promise<Fetched> | undefined;

  constructor(readonly envelope: WebhookEnvelope) {
    this.heard = new Promise((resolve) => {
      this.hear = () => {
        this.isHeard = true;
        resolve();
      };
    });
  }

  /** Loads what the event is about, once however often the framework asks; again after a failure. */
  async fetch(load: () => Promise<Fetched>): Promise<Fetched> {
    this.fetching ??= load();
    try {
      this.fetched = await this.fetching;
      return this.fetched;
    } catch (error) {
      this.fetching = undefined;
      throw error;
    }
  }

  /** Whether another try within a second may end better. Webex can be late to show what it announced. */
  get isHopeless(): boolean {
    if (this.failure === undefined) return false;
    const { retryable, status, retryAfterMs } = this.failure.failure;
    return retryAfterMs !== undefined || (!retryable && status !== 404);
  }

  /** The framework stays silent about the bot's own messages and about those without text. */
  isUnreported(ownId: string): boolean {
    const incoming = this.fetched?.incoming;
    if (incoming === undefined) return false;
    return (
      incoming.personId === ownId || (incoming.kind === "message" && incoming.text.trim() === "")
    );
  }
}

/** The events under way, by the id of the message or action. */
export class Feeds {
  private readonly running = new Map<string, Feed>();

  get(id: string): Feed | undefined {
    return this.running.get(id);
  }

  add(feed: Feed): void {
    this.running.set(feed.envelope.data.id, feed);
  }

  remove(feed: Feed): void {
    this.running.delete(feed.envelope.data.id);
  }

  /** The addresses that the events under way tell of a person. */
  emailsOf(personId: string): string[] {
    const emails = [...this.running.values()]
      .filter(({ envelope }) => envelope.data.personId === personId)
      .map(({ envelope }) => envelope.data.personEmail ?? "");
    return [...new Set(emails)];
  }

  /** Runs a look-up for a space's or one event's sake and remembers there what it ran into. */
  async noting<T>(concerns: (feed: Feed) => boolean, lookUp: Promise<T>): Promise<T> {
    try {
      return await lookUp;
    } catch (error) {
      if (error instanceof RemoteError)
        for (const feed of this.running.values()) if (concerns(feed)) feed.failure = error;
      throw error;
    }
  }
}
