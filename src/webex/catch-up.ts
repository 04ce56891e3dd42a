import type { Clock } from "../clock";
import type { Logger } from "../log";
import type { WebhookEnvelope } from "./envelope";
import { findMissed, type GapSearch } from "./gap";

/** Somewhere that may hold what nobody heard; `since` in milliseconds. */
export interface Unheard {
  id: string;
  kind: "group" | "person";
  since: number;
}

export interface CatchUpOptions {
  client: GapSearch["client"];
  botId: () => string;
  /** Where to look first: spaces with a running incident, the newest ones, invited people. */
  whereToLook: () => Promise<Unheard[]>;
  /** Keeps a message that was found; one that was heard already is a duplicate. */
  keep: (envelope: WebhookEnvelope) => Promise<unknown>;
  clock: Clock;
  log: Logger;
}

/**
 * Handled messages are remembered for seven days; an older one would be taken for new. What nobody
 * heard for so long is not looked for.
 */
const LONGEST_GAP_MS = 6 * 24 * 60 * 60_000;

/**
 * Reads what was written while nobody listened. What cannot be read now stays on the list and is
 * read with a later run.
 */
export class CatchUp {
  private readonly todo = new Map<string, Unheard>();

  constructor(private readonly options: CatchUpOptions) {}

  /**
   * Notes how far everything was heard; must come before anything new is heard, which would hide
   * the gap. `deafSince` is when the bot was last known to hear, if it ever was.
   */
  async note(deafSince = Number.POSITIVE_INFINITY): Promise<void> {
    const oldest = this.options.clock.now() - LONGEST_GAP_MS;
    for (const place of await this.options.whereToLook()) {
      const known = this.todo.get(place.id)?.since ?? Number.POSITIVE_INFINITY;
      const since = Math.max(oldest, Math.min(place.since, deafSince, known));
      this.todo.set(place.id, { ...place, since });
    }
  }

  /** Reads what is on the list. */
  async run(): Promise<void> {
    if (this.todo.size === 0) return;
    const places = [...this.todo.values()];
    this.todo.clear();
    const gap = await findMissed({
      client: this.options.client,
      botId: this.options.botId(),
      spaces: places
        .filter(({ kind }) => kind === "group")
        .map(({ id, since }) => ({ id, kind: "group", since })),
      directPersons: places.filter(({ kind }) => kind === "person"),
    });
    for (const envelope of gap.missed) await this.options.keep(envelope);
    this.putBack(
      places,
      gap.failures.filter(({ error }) => error.failure.retryable).map(({ id }) => id),
    );
  }

  private putBack(places: readonly Unheard[], unread: readonly string[]): void {
    if (unread.length === 0) return;
    const failed = new Set(unread);
    for (const place of places) if (failed.has(place.id)) this.todo.set(place.id, place);
    this.options.log.warn(
      { places: failed.size },
      "some conversations could not be read after a pause; trying again with the next check",
    );
  }
}
