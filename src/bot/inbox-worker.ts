import { z } from "zod";
import type { Clock } from "../clock";
import { RemoteError } from "../errors";
import type { Logger } from "../log";
import type { OwnEvent } from "../incident/change";
import type { Decisions, Trigger } from "../incident/ports";
import { LaneRunner } from "../notify/lane-runner";
import { nextAttempt } from "../notify/retry-policy";
import type { SpaceFacts } from "../roster/change";
import type { Member } from "../roster/responder";
import type { Incoming } from "./incoming";
import type { OwnWork } from "./own-work";
import type { PhoneEvents } from "./phone-events";
import { rememberPerKey } from "./remember";
import { say } from "./replies";
import type { KnownSpace } from "./arrival";
import type { Router } from "./router";
import type { Actor } from "./turn";
import { couldNotReadLastMessage, somethingWentWrong } from "./views/sentences";
import type { StoredCard } from "../incident/ports";

/** An event that this process holds. */
export interface HeldEvent {
  id: string;
  leaseToken: string;
  kind: "message" | "action" | "receipt" | "text" | OwnEvent["kind"];
  spaceId?: string;
  personId?: string;
  receivedAt: number;
  attempts: number;
  body: unknown;
}

/** What the worker needs of the store. */
export interface WorkerInbox {
  /** Of these kinds only, or of all. */
  claim(limit: number, kinds?: readonly HeldEvent["kind"][]): Promise<HeldEvent[]>;
  retry(event: HeldEvent, dueAt: number, error: string): Promise<void>;
  nextDueAt(kinds?: readonly HeldEvent["kind"][]): Promise<number | undefined>;
}

/** What the worker needs to find out about a message or press. */
export interface EventLookups {
  /** The message or press itself. */
  receive(body: unknown): Promise<Incoming>;
  membership(spaceId: string, personId: string): Promise<Member | undefined>;
  isOperator(personId: string): Promise<boolean>;
  space(spaceId: string): Promise<KnownSpace | undefined>;
  knownSpace(spaceId: string): Promise<SpaceFacts | undefined>;
  findCard(cardId: string): Promise<StoredCard | undefined>;
}

export interface InboxWorkerOptions {
  clock: Clock;
  random: () => number;
  inbox: WorkerInbox;
  phoneEvents: PhoneEvents;
  decisions: Decisions;
  log: Logger;
  /** Whether what the database refused may work another time. */
  isTransient: (error: unknown) => boolean;
  report: (outcome: "done" | "retried" | "dead") => void;
}

/** What handles all but what phones tell; there once the bot knows who it is. */
export interface Conversation {
  lookups: EventLookups;
  router: Router;
  ownWork: OwnWork;
}

/** A STOP, an answer or a receipt needs nothing of Webex. */
const FROM_PHONES: readonly HeldEvent["kind"][] = ["receipt", "text"];
const SLOTS = 40;
const MOST_ATTEMPTS = 10;
/** A bug may be one of the moment. */
const MOST_ATTEMPTS_AFTER_BUG = 3;
/** So long Webex may take to show a message that it has announced. */
const MOST_ATTEMPTS_UNSEEN = 5;
const UNSEEN_MS = 60_000;
const MOST_AGE_MS = 60 * 60_000;
const TELL_PATIENCE_MS = 10 * 60_000;

/** Handles what was received: once each, again after a failure that may pass, at last with an apology. */
export class InboxWorker {
  readonly runner: LaneRunner;
  private conversation: Conversation | undefined;

  constructor(private readonly options: InboxWorkerOptions) {
    const { clock, inbox, log } = options;
    this.runner = new LaneRunner("inbox", SLOTS, clock, {
      claim: async (limit) =>
        (await inbox.claim(limit, this.kinds)).map((event) => this.handle(event)),
      nextLook: async () => {
        const dueAt = await inbox.nextDueAt(this.kinds);
        return dueAt === undefined ? {} : { dueAt };
      },
      onError: (err) => log.error({ err }, "an event could not be handled"),
    });
  }

  /** Until then everything but what phones tell waits. */
  converse(conversation: Conversation): void {
    this.conversation = conversation;
    this.runner.wake();
  }

  private get kinds(): readonly HeldEvent["kind"][] | undefined {
    return this.conversation ? undefined : FROM_PHONES;
  }

  private get conversing(): Conversation {
    if (!this.conversation) throw new Error("Nobody converses yet.");
    return this.conversation;
  }

  private async handle(event: HeldEvent): Promise<void> {
    try {
      await this.carryOut(event);
      this.options.report("done");
    } catch (error) {
      await this.afterFailure(event, error);
    }
  }

  private async carryOut(event: HeldEvent): Promise<void> {
    const trigger: Trigger = { kind: "inbox", id: event.id, leaseToken: event.leaseToken };
    if (isFromPerson(event)) await this.route(event, trigger);
    else if (event.kind === "receipt" || event.kind === "text")
      await this.options.phoneEvents.run(event);
    else await this.conversing.ownWork.run(event.body as OwnEvent, trigger, event.receivedAt);
  }

  private async route(event: HeldEvent, trigger: Trigger): Promise<void> {
    const { clock } = this.options;
    const { lookups, router } = this.conversing;
    const space = rememberPerKey((id) => lookups.space(id));
    const personIn = rememberPerKey((id) => this.findActor(id, event.personId ?? ""));
    this.askAhead(event, space, personIn);
    const incoming = await lookups.receive(event.body);
    await router.handle({
      incoming,
      trigger,
      now: clock.now(),
      // The event is signed, but what Webex holds is what counts.
      actorIn: (id) =>
        incoming.personId === event.personId ? personIn(id) : this.findActor(id, incoming.personId),
      space,
      knownSpace: (id) => lookups.knownSpace(id),
      findCard: (id) => lookups.findCard(id),
    });
  }

  /**
   * Who wrote, and in which space, is in the event: it is asked for beside the message itself. A
   * failure comes up again when the answer is needed.
   */
  private askAhead(
    { body, kind, spaceId }: HeldEvent,
    space: (id: string) => Promise<unknown>,
    person: (id: string) => Promise<unknown>,
  ): void {
    if (spaceId === undefined) return;
    const ignoreForNow = (): void => undefined;
    person(spaceId).catch(ignoreForNow);
    if (kind === "message" && isInGroup(body)) space(spaceId).catch(ignoreForNow);
  }

  private async findActor(spaceId: string, personId: string): Promise<Actor | undefined> {
    const { lookups } = this.conversing;
    const [member, isOperator] = await Promise.all([
      lookups.membership(spaceId, personId),
      lookups.isOperator(personId),
    ]);
    return member && { ...member, isOperator };
  }

  private async afterFailure(event: HeldEvent, error: unknown): Promise<void> {
    const { log } = this.options;
    const verdict = this.judge(event, error);
    if (verdict === "deleted") return this.end(event, "done");
    const dueAt = verdict === "again" ? this.nextAttempt(event, error) : undefined;
    if (dueAt !== undefined) return this.tryAgain(event, error, dueAt);
    if (verdict === "bug") {
      log.error({ err: error, event: event.id }, "an event ran into a bug");
      return this.end(event, "dead", somethingWentWrong(event.id));
    }
    log.warn({ err: error, event: event.id }, "gave up on an event");
    return this.end(event, "dead", couldNotReadLastMessage());
  }

  private judge(event: HeldEvent, error: unknown): "again" | "deleted" | "given up" | "bug" {
    if (!(error instanceof RemoteError)) {
      if (this.options.isTransient(error)) return "again";
      return event.attempts < MOST_ATTEMPTS_AFTER_BUG ? "again" : "bug";
    }
    const { retryable, status } = error.failure;
    if (status !== 404) return retryable ? "again" : "given up";
    const isStillNew = event.attempts < MOST_ATTEMPTS_UNSEEN && this.ageOf(event) < UNSEEN_MS;
    // Deleted before it could be read: there is nothing left to answer.
    return isStillNew ? "again" : "deleted";
  }

  private nextAttempt(event: HeldEvent, error: unknown): number | undefined {
    const { clock, random } = this.options;
    // Its own work waits for no answer, and an outage of minutes must not end it.
    const isExhausted = isFromPerson(event) && event.attempts >= MOST_ATTEMPTS;
    if (isExhausted) return undefined;
    return nextAttempt({
      attempts: event.attempts,
      now: clock.now(),
      random: random(),
      retryAfterMs: error instanceof RemoteError ? error.failure.retryAfterMs : undefined,
      expiresAt: event.receivedAt + MOST_AGE_MS,
    });
  }

  private async tryAgain(event: HeldEvent, error: unknown, dueAt: number): Promise<void> {
    const { inbox, log, report } = this.options;
    const isRemote = error instanceof RemoteError;
    // Webex is often busy; anything else is worth an administrator's look even if it passes.
    log[isRemote ? "info" : "warn"]({ err: error, event: event.id }, "will try an event again");
    report("retried");
    const why = isRemote ? `status ${error.failure.status ?? "none"}` : nameOf(error);
    await inbox.retry(event, dueAt, why);
  }

  private ageOf({ receivedAt }: HeldEvent): number {
    return this.options.clock.now() - receivedAt;
  }

  private async end(event: HeldEvent, end: "done" | "dead", sentence?: string): Promise<void> {
    const { decisions, report } = this.options;
    const trigger: Trigger = { kind: "inbox", id: event.id, leaseToken: event.leaseToken, end };
    const { spaceId } = event;
    await decisions.anywhere(trigger, (_state, at) => ({
      changes:
        sentence === undefined || spaceId === undefined || !isFromPerson(event)
          ? []
          : [
              say({ kind: "space", spaceId }, { markdown: sentence }, at, {
                patienceMs: TELL_PATIENCE_MS,
              }),
            ],
      result: undefined,
    }));
    report(end);
  }
}

function isFromPerson({ kind }: HeldEvent): boolean {
  return kind === "message" || kind === "action";
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "no error";
}

const groupEvent = z.object({ data: z.object({ roomType: z.literal("group") }) });

function isInGroup(body: unknown): boolean {
  return groupEvent.safeParse(body).success;
}
