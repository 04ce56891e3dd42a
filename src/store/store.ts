import { randomBytes } from "node:crypto";
import { uuidv7 } from "uuidv7";
import type { Decide } from "../decision";
import type { CallAction, CallEvent, CallState } from "../incident/call";
import type { Change } from "../incident/change";
import {
  type About,
  type AboutExternals,
  type CallTrigger,
  type Decided,
  type Decisions,
  type StoredCard,
  type Trigger,
} from "../incident/ports";
import type {
  ExternalState,
  ExternalsState,
  GrantsState,
  NumberState,
  ProgressState,
  ReadState,
  SpaceState,
  StartState,
} from "../incident/space-state";
import type { CalledFor } from "../incident/called-for";
import type { Invitation, InvitedPerson } from "../incident/invitation";
import type { MeetingBasis } from "../incident/meeting-hosts";
import type { SpaceLine, SpaceListWish } from "../incident/space-line";
import type { Found, Page, Responder } from "../roster/responder";
import type { Secrets } from "../secrets";
import { Attendances } from "./attendances";
import { findCall, findLastAction, loadCall, type FoundCall } from "./calls";
import { findCalledFor } from "./called-for";
import { findCard } from "./cards";
import { cleanUp } from "./clean-up";
import type { Database } from "./database";
import { decide } from "./decide";
import type { StoredDirectory } from "./directory";
import { StoredGrants } from "./grant-store";
import { Inbox } from "./inbox";
import type { NumbersOf } from "./internal-numbers";
import { findInvitations } from "./invitations";
import { holdLease, underLease, type HeldLease } from "./leases";
import { searchExternals } from "./load-externals";
import { loadProgress } from "./load-progress";
import {
  loadExternalsState,
  loadExternalState,
  loadGrantsState,
  loadReadState,
  loadStartState,
  type AboutExternal,
  type AboutGrants,
  type AboutReading,
  type AboutStart,
  type StateSources,
} from "./load-states";
import { lockNumber } from "./opt-outs";
import { Outbox } from "./outbox";
import { Receipts } from "./receipts";
import { findMeetingBasis } from "./meeting-basis";
import { SpaceQueries } from "./queries";
import type { Tx } from "./rows";
import { SilentSends } from "./silent-sends";
import { listSpaces, type SpaceLimits } from "./space-list";
import { SpaceLoader } from "./space-loader";
import type { StoreOptions } from "./store-options";

/** What a commit may have given to do: an event to handle, a reply to post, or anything. */
export type Queued = "event" | "reply" | "decision";

const REPLY: readonly Change["kind"][] = ["card.written", "card.used", "effect.queued"];

/** Most of what is decided is only an answer, for which nobody but its lane is to be woken. */
function isReply(changes: readonly Change[]): boolean {
  return changes.every(({ kind }) => REPLY.includes(kind));
}

/** The one way to the database. */
export class Store implements Decisions {
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly receipts: Receipts;
  readonly silentSends: SilentSends;
  readonly queries: SpaceQueries;
  readonly grants: StoredGrants;
  readonly attendances: Attendances;
  private readonly spaces: SpaceLoader;
  private readonly loading: StateSources;
  private readonly listeners = new Set<(queued: Queued) => void>();

  constructor(
    readonly db: Database,
    readonly secrets: Secrets,
    private readonly options: StoreOptions,
    private readonly letGo: () => Promise<void>,
    /** The copy of the organisation's people. */
    readonly directory: StoredDirectory,
  ) {
    const { clock, onDirectoryFailed = () => undefined, onUnreadable = () => undefined } = options;
    const settings = { secrets, clock, newId: uuidv7, onUnreadable };
    this.spaces = new SpaceLoader({ secrets, clock, directory, onDirectoryFailed });
    this.loading = { secrets, clock, spaces: this.spaces };
    this.inbox = new Inbox(db, settings, () => this.tellListeners("event"));
    const { limits, rates } = options;
    const numbersOf: NumbersOf = (personIds) => directory.numbersOf(personIds);
    this.outbox = new Outbox(db, { ...settings, limits, rates, numbersOf, onDirectoryFailed });
    this.receipts = new Receipts(db, settings, () => this.outbox.tellRoundDue());
    this.silentSends = new SilentSends(db, settings, () => this.outbox.tellRoundDue());
    this.queries = new SpaceQueries(db);
    this.grants = new StoredGrants(db, secrets, clock);
    this.attendances = new Attendances(db);
  }

  /** Calls `listener` after each commit that may have queued something. */
  onCommit(listener: (queued: Queued) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  inSpace<R>(trigger: Trigger, about: About, rule: Decide<SpaceState, Change, R>) {
    return this.decide(trigger, (tx) => this.spaces.load(tx, about), rule);
  }

  forStart<R>(trigger: Trigger, about: AboutStart, rule: Decide<StartState, Change, R>) {
    return this.decide(trigger, (tx) => loadStartState(tx, this.loading, about), rule);
  }

  withProgress<R>(trigger: Trigger, about: About, rule: Decide<ProgressState, Change, R>) {
    return this.decide(
      trigger,
      async (tx) =>
        loadProgress(tx, this.secrets, await this.spaces.load(tx, about), this.spaces.numbersOf),
      rule,
    );
  }

  forReading<R>(trigger: Trigger, about: AboutReading, rule: Decide<ReadState, Change, R>) {
    return this.decide(trigger, (tx) => loadReadState(tx, this.loading, about), rule);
  }

  forExternal<R>(trigger: Trigger, about: AboutExternal, rule: Decide<ExternalState, Change, R>) {
    return this.decide(trigger, (tx) => loadExternalState(tx, this.loading, about), rule);
  }

  forExternals<R>(
    trigger: Trigger,
    about: AboutExternals,
    rule: Decide<ExternalsState, Change, R>,
  ) {
    return this.decide(trigger, (tx) => loadExternalsState(tx, this.loading, about), rule);
  }

  forGrants<R>(trigger: Trigger, about: AboutGrants, rule: Decide<GrantsState, Change, R>) {
    return this.decide(trigger, (tx) => loadGrantsState(tx, this.loading, about), rule);
  }

  forNumber<R>(trigger: Trigger, number: string, rule: Decide<NumberState, Change, R>) {
    const now = this.options.clock.now();
    return this.decide(trigger, (tx) => lockNumber(tx, this.secrets, number, now), rule);
  }

  /** The next step of a call; see `CallState`. */
  forCall<R>(trigger: CallTrigger, rule: Decide<CallState, Change, R>) {
    return this.decide(trigger, (tx) => loadCall(tx, this.secrets, trigger), rule);
  }

  /** See `findCall`. */
  findCall(event: CallEvent): Promise<FoundCall | undefined> {
    return findCall(this.db, event);
  }

  /** What a call was last told to do. */
  findLastAction(sessionId: string): Promise<CallAction | undefined> {
    return findLastAction(this.db, this.secrets, sessionId);
  }

  anywhere<R>(trigger: Trigger, rule: Decide<undefined, Change, R>) {
    return this.decide(trigger, () => Promise.resolve(undefined), rule);
  }

  /** For opening the meeting of a running incident; see `findMeetingBasis`. */
  findMeetingBasis(
    event: { spaceId: string; incidentId: string },
    orgId: string,
  ): Promise<MeetingBasis | undefined> {
    return findMeetingBasis(this.db, this.secrets, event, orgId);
  }

  /** Running incidents for which the owners of this number were called; see `findCalledFor`. */
  findCalledFor(number: string): Promise<CalledFor[]> {
    const numbersOf: NumbersOf = (personIds) => this.directory.numbersOf(personIds);
    return findCalledFor(this.db.read, this.secrets, number, numbersOf);
  }

  /** The running incidents that have called this person; see `findInvitations`. */
  findInvitations(person: InvitedPerson): Promise<Invitation[]> {
    return findInvitations(this.db.read, this.secrets, person);
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

  /** A lease for work of unknown length, renewed; `undefined` where another process holds it. */
  holdLease(name: string, ms: number): Promise<HeldLease | undefined> {
    return holdLease(this.db, name, ms);
  }

  /** Deletes what has been kept long enough. */
  cleanUp(): Promise<void> {
    return cleanUp(this.db, this.options.clock);
  }

  async close(): Promise<void> {
    await this.directory.close();
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
    let changes: readonly Change[] = [];
    const noting: typeof rule = (state, at) => {
      const decision = rule(state, at);
      ({ changes } = decision);
      return decision;
    };
    const decided = await decide(this.db, settings, trigger, load, noting).catch(
      (error: unknown) => {
        onDecision("refused");
        throw error;
      },
    );
    onDecision(decided.isDone ? "written" : "repeated");
    if (!decided.isDone) return decided;
    // The end of an effect, which is recorded with the decision, may be the end of a round.
    const isOnlyReply = trigger.kind !== "effect" && isReply(changes);
    if (!isOnlyReply) this.outbox.forgetMarks();
    this.tellListeners(isOnlyReply ? "reply" : "decision");
    return decided;
  }

  private tellListeners(queued: Queued): void {
    for (const listener of [...this.listeners]) listener(queued);
  }
}
