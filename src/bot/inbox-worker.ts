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
import { rememberPerKey } from "./remember";
import { say } from "./replies";
import type { Router, KnownSpace } from "./router";
import type { Actor } from "./turn";
import { couldNotReadLastMessage, somethingWentWrong } from "./views/sentences";
import type { StoredCard } from "../incident/ports";

/** An event that this process holds. */
export interface HeldEvent {
  id: string;
  leaseToken: string;
  kind: "message" | "action" | OwnEvent["kind"];
  spaceId?: string;
  personId?: string;
  receivedAt: number;
  attempts: number;
  body: unknown;
}

/** What the worker needs of the store. */
export interface WorkerInbox {
  claim(limit: number): Promise<HeldEvent[]>;
  retry(event: HeldEvent, dueAt: number, error: string): Promise<void>;
  nextDueAt(): Promise<number | undefined>;
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
  lookups: EventLookups;
  router: Router;
  ownWork: OwnWork;
  decisions: Decisions;
  log: Logger;
  report: (outcome: "done" | "retried" | "dead") => void;
}

const SLOTS = 40;
const MOST_ATTEMPTS = 10;
const MOST_AGE_MS = 60 * 60_000;
const TELL_PATIENCE_MS = 10 * 60_000;

/** Handles what was received: once each, again after a failure that may pass, at last with an apology. */
export class InboxWorker {
  readonly runner: LaneRunner;

  constructor(private readonly options: InboxWorkerOptions) {
    const { clock, inbox, log } = options;
    this.runner = new LaneRunner("inbox", SLOTS, clock, {
      claim: async (limit) => (await inbox.claim(limit)).map((event) => this.handle(event)),
      nextLook: async () => {
        const dueAt = await inbox.nextDueAt();
        return dueAt === undefined || dueAt <= clock.now() ? {} : { dueAt };
      },
      onError: (err) => log.error({ err }, "an event could not be handled"),
    });
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
    if (event.kind === "message" || event.kind === "action") await this.route(event, trigger);
    else await this.options.ownWork.run(event.body as OwnEvent, trigger);
  }

  private async route(event: HeldEvent, trigger: Trigger): Promise<void> {
    const { clock, lookups, router } = this.options;
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
    const { lookups } = this.options;
    const [member, isOperator] = await Promise.all([
      lookups.membership(spaceId, personId),
      lookups.isOperator(personId),
    ]);
    return member && { ...member, isOperator };
  }

  private async afterFailure(event: HeldEvent, error: unknown): Promise<void> {
    if (!(error instanceof RemoteError)) return this.giveUpOnBug(event, error);
    const { clock, inbox, log, random, report } = this.options;
    const { failure } = error;
    // The message was deleted before it could be read: there is nothing left to answer.
    if (failure.status === 404) return this.end(event, "done");
    const dueAt = this.isExhausted(event)
      ? undefined
      : nextAttempt({
          attempts: event.attempts,
          now: clock.now(),
          random: random(),
          retryAfterMs: failure.retryAfterMs,
          expiresAt: event.receivedAt + MOST_AGE_MS,
        });
    if (!failure.retryable || dueAt === undefined) {
      log.warn({ err: error, event: event.id }, "gave up on an event");
      return this.end(event, "dead", couldNotReadLastMessage());
    }
    log.info({ err: error, event: event.id }, "will try an event again");
    report("retried");
    await inbox.retry(event, dueAt, `status ${failure.status ?? "none"}`);
  }

  private isExhausted(event: HeldEvent): boolean {
    const age = this.options.clock.now() - event.receivedAt;
    return event.attempts >= MOST_ATTEMPTS || age >= MOST_AGE_MS;
  }

  private async giveUpOnBug(event: HeldEvent, error: unknown): Promise<void> {
    this.options.log.error({ err: error, event: event.id }, "an event ran into a bug");
    await this.end(event, "dead", somethingWentWrong(event.id));
  }

  private async end(event: HeldEvent, end: "done" | "dead", sentence?: string): Promise<void> {
    const { decisions, report } = this.options;
    const trigger: Trigger = { kind: "inbox", id: event.id, leaseToken: event.leaseToken, end };
    const { spaceId } = event;
    const isFromPerson = event.kind === "message" || event.kind === "action";
    await decisions.anywhere(trigger, (_state, at) => ({
      changes:
        sentence === undefined || spaceId === undefined || !isFromPerson
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

const groupEvent = z.object({ data: z.object({ roomType: z.literal("group") }) });

function isInGroup(body: unknown): boolean {
  return groupEvent.safeParse(body).success;
}
