import type { OwnEvent } from "../incident/change";
import type { ApplyContext } from "./apply-changes";
import { sealJson, type Tx } from "./rows";

/** The row under which Muster's own work is kept; the same work asked for twice is one row. */
export function ownEventKey(event: OwnEvent): string {
  switch (event.kind) {
    case "reread-space":
      return `reread-space:${event.spaceId}`;
    case "find-conference":
      return `find-conference:${event.roundId}`;
    case "clear-directory":
      return event.kind;
  }
}

/**
 * Queues work for Muster itself. A space that waits to be re-read is re-read once; one that is
 * being re-read right now is re-read once more after that.
 */
export async function queueOwnEvent(
  tx: Tx,
  context: Pick<ApplyContext, "secrets" | "newId">,
  { event, at }: { event: OwnEvent; at: number },
): Promise<void> {
  const key = ownEventKey(event);
  const known = await tx<{ id: string; state: string; unique_key: string }>("inbox")
    .where({ unique_key: key })
    .forUpdate()
    .first("id", "state");
  if (!known) return insertOwnEvent(tx, context, event, at);
  if (known.state === "handling") await tx("inbox").where({ id: known.id }).update({ again: 1 });
  else if (known.state !== "waiting")
    await tx("inbox")
      .where({ id: known.id })
      .update({ state: "waiting", attempts: 0, due_at: at, received_at: at, finished_at: null });
}

async function insertOwnEvent(
  tx: Tx,
  context: Pick<ApplyContext, "secrets" | "newId">,
  event: OwnEvent,
  at: number,
): Promise<void> {
  const id = context.newId();
  await tx("inbox")
    .insert({
      id,
      kind: event.kind,
      unique_key: ownEventKey(event),
      space_id: "spaceId" in event ? event.spaceId : null,
      occurred_at: at,
      received_at: at,
      body: sealJson(context.secrets, event, "inbox", id),
      state: "waiting",
      attempts: 0,
      due_at: at,
      again: 0,
    })
    .onConflict("unique_key")
    .ignore();
}
