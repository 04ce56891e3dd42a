import { randomBytes } from "node:crypto";
import { uuidv7 } from "uuidv7";
import type { Clock } from "../clock";
import type { Decide } from "../decision";
import type { Change } from "../incident/change";
import {
  UnknownSpaceError,
  type About,
  type AboutExternals,
  type Decided,
  type Decisions,
  type StoredCard,
  type Trigger,
} from "../incident/ports";
import type {
  ExternalState,
  ExternalsState,
  GrantsState,
  ProgressState,
  ReadState,
  SpaceState,
  StartState,
} from "../incident/space-state";
import type { SpaceLine, SpaceListWish } from "../incident/space-line";
import type { Lane } from "../notify/outbox-row";
import type { Found, Page, Responder } from "../roster/responder";
import type { Secrets } from "../secrets";
import { findCard, loadCard } from "./cards";
import { cleanUp } from "./clean-up";
import { openDatabase, type Database } from "./database";
import { sqlitePath } from "./database-url";
import { decide } from "./decide";
import { Inbox } from "./inbox";
import { openDataKeys } from "./keys";
import { underLease } from "./leases";
import { loadProgress } from "./load-progress";
import { loadLastTeam, loadSpace } from "./load-space";
import { migrateToLatest } from "./migrate";
import type { HourlyLimits } from "./numbers";
import {
  findExternalByNumber,
  findExternalsByEmail,
  findOwners,
  loadPersons,
} from "./load-responders";
import { loadExternals, lockExternals, searchExternals } from "./load-externals";
import { loadDirectoryGrant, loadDirectoryStatus, loadMeetingsGrants } from "./load-grants";
import { Outbox } from "./outbox";
import { holdProcessLock } from "./process-lock";
import { SpaceQueries } from "./queries";
import type { LaneRate } from "./rates";
import type { Tx } from "./rows";
import { listSpaces, type SpaceLimits } from "./space-list";

export interface StoreOptions {
  databaseUrl: string;
  encryptionKeys: readonly Buffer[];
  clock: Clock;
  limits: HourlyLimits;
  rates: Partial<Record<Lane, LaneRate>>;
  /** A row that cannot be opened was ended, so that it does not keep the others waiting. */
  onUnreadable?: (table: "outbox" | "inbox", id: string) => void;
  /** written: its changes stand. repeated: its trigger had been decided already. refused: it threw. */
  onDecision?: (outcome: "written" | "repeated" | "refused") => void;
}

/** The one way to the database. */
export class Store implements Decisions {
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly queries: SpaceQueries;
  private readonly listeners = new Set<(queued: "event" | "decision") => void>();

  constructor(
    readonly db: Database,
    readonly secrets: Secrets,
    private readonly options: StoreOptions,
    private readonly letGo: () => Promise<void>,
  ) {
    const { onUnreadable = () => undefined } = options;
    const settings = { secrets, clock: options.clock, newId: uuidv7, onUnreadable };
    this.inbox = new Inbox(db, settings, () => this.tellListeners("event"));
    this.outbox = new Outbox(db, { ...settings, limits: options.limits, rates: options.rates });
    this.queries = new SpaceQueries(db);
  }

  /** Calls `listener` after each commit that may have queued something: an event, or what a decision did. */
  onCommit(listener: (queued: "event" | "decision") => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  inSpace<R>(trigger: Trigger, about: About, rule: Decide<SpaceState, Change, R>) {
    return this.decide(trigger, (tx) => this.load(tx, about), rule);
  }

  forStart<R>(
    trigger: Trigger,
    about: About & { withTeam?: boolean },
    rule: Decide<StartState, Change, R>,
  ) {
    return this.decide(
      trigger,
      async (tx) => {
        const state = await this.load(tx, about);
        const needsTeam = about.withTeam ?? state.roster.length <= 1;
        const lastTeam = needsTeam
          ? await loadLastTeam(tx, this.secrets, about.spaceId)
          : undefined;
        return {
          ...state,
          nextIncidentNumber: await nextIncidentNumber(tx),
          ...(lastTeam ? { lastTeam } : {}),
        };
      },
      rule,
    );
  }

  withProgress<R>(trigger: Trigger, about: About, rule: Decide<ProgressState, Change, R>) {
    return this.decide(
      trigger,
      async (tx) => loadProgress(tx, this.secrets, await this.load(tx, about)),
      rule,
    );
  }

  forReading<R>(
    trigger: Trigger,
    about: {
      spaceId: string;
      personIds: readonly string[];
      emails?: readonly string[];
      readAt?: number;
    },
    rule: Decide<ReadState, Change, R>,
  ) {
    return this.decide(
      trigger,
      async (tx) => {
        const known = await loadSpace(tx, this.secrets, about.spaceId, about.readAt);
        // Waits for whoever is tying one of them to a person; only then is that person looked up.
        const externals = await findExternalsByEmail(tx, this.secrets, about.emails ?? []);
        const responders = await loadPersons(tx, this.secrets, about.personIds);
        return { responders, externals, ...(known ? { known } : {}) };
      },
      rule,
    );
  }

  forExternal<R>(
    trigger: Trigger,
    about: About & { numbers: readonly string[] },
    rule: Decide<ExternalState, Change, R>,
  ) {
    return this.decide(
      trigger,
      async (tx) => {
        const state = await this.load(tx, about);
        const existing = await findExternalByNumber(
          tx,
          this.secrets,
          about.numbers,
          this.options.clock.now(),
        );
        return existing ? { ...state, existing } : state;
      },
      rule,
    );
  }

  forExternals<R>(
    trigger: Trigger,
    about: AboutExternals,
    rule: Decide<ExternalsState, Change, R>,
  ) {
    return this.decide(
      trigger,
      async (tx) => {
        const { secrets } = this;
        const { cardId, responderIds = [], numbers = [] } = about;
        // Spaces, responders, numbers: all decisions lock in this order.
        const externals = await loadExternals(tx, secrets, responderIds);
        const owners = await findOwners(tx, secrets, numbers, this.options.clock.now());
        const card = cardId === undefined ? undefined : await loadCard(tx, secrets, cardId);
        return { externals, owners, ...(card ? { card } : {}) };
      },
      rule,
    );
  }

  forGrants<R>(
    trigger: Trigger,
    { cardId, personId }: { personId: string; cardId?: string },
    rule: Decide<GrantsState, Change, R>,
  ) {
    return this.decide(
      trigger,
      async (tx) => {
        const directory = await loadDirectoryGrant(tx);
        const [meetings] = await loadMeetingsGrants(tx, [personId]);
        const card = cardId === undefined ? undefined : await loadCard(tx, this.secrets, cardId);
        return {
          status: await loadDirectoryStatus(tx),
          ...(directory ? { directory } : {}),
          ...(meetings ? { meetings } : {}),
          ...(card ? { card } : {}),
        };
      },
      rule,
    );
  }

  anywhere<R>(trigger: Trigger, rule: Decide<undefined, Change, R>) {
    return this.decide(trigger, () => Promise.resolve(undefined), rule);
  }

  findCard(cardId: string): Promise<StoredCard | undefined> {
    return findCard(this.db, this.secrets, cardId);
  }

  /** A page of the people outside Webex, by name; all of them for an empty term. */
  searchExternals(term: string, page: Page): Promise<Found<Responder>> {
    return searchExternals(this.db.read, this.secrets, term, page);
  }

  /** A page of the spaces that a person moderates, or of all; see `listSpaces`. */
  listSpaces(wish: SpaceListWish, limits: SpaceLimits, page: Page): Promise<Found<SpaceLine>> {
    return listSpaces(this.db.read, wish, limits, page);
  }

  /** Runs `work` in one process at a time; `undefined` where another one holds the lease. */
  underLease<T>(name: string, ms: number, work: () => Promise<T>): Promise<T | undefined> {
    return underLease(this.db, name, ms, work);
  }

  /** Deletes what has been kept long enough. */
  cleanUp(): Promise<void> {
    return cleanUp(this.db, this.options.clock);
  }

  async close(): Promise<void> {
    await this.db.close();
    await this.letGo();
  }

  private async decide<S, R>(
    trigger: Trigger,
    load: (tx: Tx) => Promise<S>,
    rule: Decide<S, Change, R>,
  ): Promise<Decided<R>> {
    const settings = {
      secrets: this.secrets,
      clock: this.options.clock,
      newId: uuidv7,
      newCardId: () => randomBytes(16).toString("base64url"),
    };
    const { onDecision = () => undefined } = this.options;
    const decided = await decide(this.db, settings, trigger, load, rule).catch((error: unknown) => {
      onDecision("refused");
      throw error;
    });
    onDecision(decided.isDone ? "written" : "repeated");
    this.outbox.forgetMarks();
    if (decided.isDone) this.tellListeners("decision");
    return decided;
  }

  private async load(tx: Tx, about: About): Promise<SpaceState> {
    const { cardId, externalIds, spaceId } = about;
    const state = await loadSpace(tx, this.secrets, spaceId);
    if (!state) throw new UnknownSpaceError("This space was not read yet.");
    const externals = externalIds && (await lockExternals(tx, this.secrets, externalIds));
    const card = cardId === undefined ? undefined : await loadCard(tx, this.secrets, cardId);
    return { ...state, ...(externals ? { externals } : {}), ...(card ? { card } : {}) };
  }

  private tellListeners(queued: "event" | "decision"): void {
    for (const listener of [...this.listeners]) listener(queued);
  }
}

/** The counter's row stays locked until the start is committed: no number is given twice. */
async function nextIncidentNumber(tx: Tx): Promise<number> {
  const row = await tx<{ name: string; value: number }>("counters")
    .where({ name: "incident" })
    .forUpdate()
    .first();
  return (row?.value ?? 0) + 1;
}

/**
 * Opens the database, brings its schema up to date and opens its keys. Throws
 * `DatabaseInUseError`, `SchemaTooNewError`, or `ConfigError` for a missing key.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const isSqlite = !options.databaseUrl.startsWith("postgres");
  const letGo = isSqlite
    ? await holdProcessLock(sqlitePath(options.databaseUrl))
    : () => Promise.resolve();
  const db = openDatabase(options.databaseUrl, options.clock);
  try {
    await migrateToLatest(db);
    const secrets = await openDataKeys(db, options.encryptionKeys);
    if (isSqlite) await clearLeases(db);
    return new Store(db, secrets, options, letGo);
  } catch (error) {
    await db.close();
    await letGo();
    throw error;
  }
}

/** The process that held them is dead, or the lock would not have been free. */
async function clearLeases(db: Database): Promise<void> {
  await db.write("outbox").where({ state: "sending" }).update({ lease_until: 0 });
  await db.write("inbox").where({ state: "handling" }).update({ lease_until: 0 });
  await db.write("leases").delete();
}
