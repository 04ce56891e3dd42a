import type { Clock } from "../clock";
import type { Decide, Moment } from "../decision";
import type { Change } from "../incident/change";
import type { Decided, Trigger } from "../incident/ports";
import type { Secrets } from "../secrets";
import { applyChanges } from "./apply-changes";
import { isNewInCall } from "./calls";
import type { Database } from "./database";
import { finishInbox } from "./inbox-finish";
import { recordAttempts } from "./outbox-record";
import type { Tx } from "./rows";
import { inTransaction } from "./transaction";

export interface DecideSettings {
  secrets: Secrets;
  clock: Clock;
  newId: () => string;
  newCardId: () => string;
}

/**
 * Opens the one transaction of a decision: finishes the trigger, loads, applies the rule, writes
 * all its changes. If the rule throws, nothing of it is written and the trigger stays open.
 */
export function decide<State, Result>(
  db: Database,
  settings: DecideSettings,
  trigger: Trigger,
  load: (tx: Tx) => Promise<State>,
  rule: Decide<State, Change, Result>,
): Promise<Decided<Result>> {
  return inTransaction(db, async (tx) => {
    if (!(await finishTrigger(tx, settings, trigger))) return { isDone: false };
    const state = await load(tx);
    const { changes, result } = rule(state, momentOf(settings));
    await applyChanges(tx, settings, changes);
    return { isDone: true, result };
  });
}

function momentOf(settings: DecideSettings): Moment {
  return {
    now: settings.clock.now(),
    newId: settings.newId,
    newCardId: settings.newCardId,
  };
}

async function finishTrigger(tx: Tx, settings: DecideSettings, trigger: Trigger): Promise<boolean> {
  switch (trigger.kind) {
    case "inbox":
      return finishInbox(tx, settings.clock, trigger, trigger.end);
    case "effect":
      return (await recordAttempts(tx, settings, [trigger.record])).every((isHeard) => isHeard);
    case "due":
      return finishDue(tx, trigger);
    case "oauth":
      return finishState(tx, settings, trigger.stateId);
    case "call":
      return isNewInCall(tx, trigger);
    case "reading":
      return true;
  }
}

async function finishDue(tx: Tx, trigger: Extract<Trigger, { kind: "due" }>): Promise<boolean> {
  const { dueAt, id, table } = trigger;
  // As every other decision about a space does: its row first, so that no two wait for each other.
  if (table === "status_cards") await tx("spaces").where({ id }).forUpdate().first("id");
  if (table === "rounds") await lockSpaceOfRound(tx, id);
  if (table === "incidents") return finishRenotify(tx, id, dueAt);
  if (table === "attendances") return finishReading(tx, id, dueAt);
  const key = table === "status_cards" ? { space_id: id } : { id };
  const taken = await tx(table)
    .where({ ...key, due_at: dueAt })
    .update({ due_at: null });
  return taken > 0;
}

async function finishRenotify(tx: Tx, id: string, dueAt: number): Promise<boolean> {
  await lockSpaceOf(tx, id);
  const taken = await tx("incidents")
    .where({ id, renotify_due_at: dueAt })
    .update({ renotify_due_at: null });
  return taken > 0;
}

async function finishReading(tx: Tx, id: string, dueAt: number): Promise<boolean> {
  await lockSpaceOf(tx, id);
  const taken = await tx("attendances")
    .where({ incident_id: id, due_at: dueAt })
    .update({ due_at: null });
  return taken > 0;
}

async function lockSpaceOf(tx: Tx, incidentId: string): Promise<void> {
  const spaces = tx("incidents").where({ id: incidentId }).select("space_id");
  await tx("spaces").whereIn("id", spaces).forUpdate().first("id");
}

async function lockSpaceOfRound(tx: Tx, roundId: string): Promise<void> {
  const round = await tx<{ id: string; incident_id: string }>("rounds")
    .where({ id: roundId })
    .first("incident_id");
  if (round) await lockSpaceOf(tx, round.incident_id);
}

async function finishState(tx: Tx, { clock }: DecideSettings, id: string): Promise<boolean> {
  const taken = await tx("oauth_states")
    .where({ id })
    .whereNull("settled_at")
    .update({ settled_at: clock.now() });
  return taken > 0;
}
