import type { Clock } from "../clock";
import { RemoteError } from "../errors";
import type { AttemptRecord } from "./outbox-row";
import {
  afterAttempt,
  mayAttempt,
  outcomeOf,
  type AfterAttempt,
  type AttemptOutcome,
} from "./retry-policy";
import { destinationOf, noNumberOf, type SendContext } from "./send-context";
import { reasonOf, type Sender, type Sent } from "./senders";

/** Webex may show a message only some time after it took it. */
const LOOK_AFTER_MS = 2_000;

export interface Attempted {
  record: AttemptRecord;
  /** The provider asked everyone on this lane to wait. */
  pauseMs?: number;
  /** "duplicate" to a message that was never tried with this key: a fault of the provider. */
  isStrangeDuplicate: boolean;
}

export interface AttemptTools {
  clock: Clock;
  random: () => number;
}

/** Tries one notification once and says what to write back about it. Never throws for a provider's failure. */
export async function attempt(
  context: SendContext,
  sender: Sender | undefined,
  tools: AttemptTools,
): Promise<Attempted> {
  const to = destinationOf(context);
  const { row } = context;
  if (!sender) return ended(context, "failed", "this channel is not set up");
  if (to === undefined) return ended(context, "failed", noNumberOf(context.responder));
  if (row.unclearSince !== undefined && sender.find) return lookFirst(context, sender, to, tools);
  if (!mayAttempt(row, tools.clock.now())) return ended(context, "expired", "too late");
  return send(context, sender, to, tools);
}

function ended(context: SendContext, state: "failed" | "expired", error: string): Attempted {
  const { row } = context;
  return {
    record: {
      id: row.id,
      leaseToken: row.leaseToken,
      state,
      keyNumber: row.keyNumber,
      unclearSince: row.unclearSince ?? null,
      maybeSent: row.maybeSent,
      error,
    },
    isStrangeDuplicate: false,
  };
}

/**
 * An earlier attempt may have arrived. Found, it counts; not found, the notification is queued
 * again at once and sent under a new lease, since a look and a send may take longer than one.
 */
async function lookFirst(
  context: SendContext,
  sender: Sender,
  to: string,
  tools: AttemptTools,
): Promise<Attempted> {
  const { row } = context;
  const base = { id: row.id, leaseToken: row.leaseToken, keyNumber: row.keyNumber };
  try {
    const found = await sender.find?.(context, to);
    const record: AttemptRecord =
      found === undefined
        ? { ...base, state: "queued", unclearSince: null, maybeSent: row.maybeSent }
        : { ...base, state: "accepted", unclearSince: null, maybeSent: false, providerId: found };
    return { record, isStrangeDuplicate: false };
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    return recordOf(context, { kind: "unclear", failure: error.failure }, undefined, tools);
  }
}

async function send(
  context: SendContext,
  sender: Sender,
  to: string,
  tools: AttemptTools,
): Promise<Attempted> {
  try {
    const sent = await sender.send(context, to);
    return recordOf(
      context,
      { kind: "accepted", providerId: sent.providerId },
      { ...sent, to },
      tools,
    );
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    const isDuplicate = sender.isDuplicate?.(error.failure) ?? false;
    const outcome: AttemptOutcome = isDuplicate ? { kind: "duplicate" } : outcomeOf(error.failure);
    const attempted = recordOf(context, outcome, undefined, tools);
    return { ...attempted, record: { ...attempted.record, ...refusalOf(outcome, context, to) } };
  }
}

/** A code says what is wrong with a number only where the number was refused. */
function refusalOf(
  outcome: AttemptOutcome,
  { row }: SendContext,
  to: string,
): Pick<AttemptRecord, "refused"> {
  if (outcome.kind !== "refused" || row.channel === "webex") return {};
  const { code } = outcome.failure;
  return code === undefined ? {} : { refused: { code, to } };
}

function recordOf(
  context: SendContext,
  outcome: AttemptOutcome,
  sent: (Sent & { to: string }) | undefined,
  tools: AttemptTools,
): Attempted {
  const { row } = context;
  const now = tools.clock.now();
  const next = afterAttempt({
    row: { ...row, cancelRequested: false },
    outcome,
    now,
    random: tools.random(),
  });
  const retryAfterMs = outcome.kind === "later" ? outcome.failure.retryAfterMs : undefined;
  const isBusy = outcome.kind === "later" && outcome.failure.status === 429;
  return {
    record: toRecord(context, next, sent, tools),
    ...(isBusy ? { pauseMs: retryAfterMs ?? (next.dueAt ?? now) - now } : {}),
    isStrangeDuplicate: outcome.kind === "duplicate" && next.state !== "accepted",
  };
}

function toRecord(
  context: SendContext,
  next: AfterAttempt,
  sent: (Sent & { to: string }) | undefined,
  { clock }: AttemptTools,
): AttemptRecord {
  const { row } = context;
  const waitsForLook = next.unclearSince !== undefined && row.channel === "webex";
  return {
    id: row.id,
    leaseToken: row.leaseToken,
    state: next.state,
    keyNumber: next.keyNumber,
    unclearSince: next.unclearSince ?? null,
    maybeSent: next.maybeSent,
    ...(next.dueAt === undefined ? {} : { dueAt: next.dueAt }),
    ...(waitsForLook ? { holdUntil: clock.real() + LOOK_AFTER_MS } : {}),
    ...(next.providerId === undefined ? {} : { providerId: next.providerId }),
    ...(next.error === undefined ? {} : { error: reasonOf(next.error) }),
    ...(sent === undefined ? {} : { sent: { to: sent.to, text: sent.text } }),
  };
}
