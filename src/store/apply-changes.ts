import type { Clock } from "../clock";
import type { DirectoryChange } from "../directory/change";
import type { GrantChange } from "../grants/change";
import type { Change } from "../incident/change";
import type { Secrets } from "../secrets";
import { applyDirectoryChange, applyGrantChange } from "./apply-grants";
import { applyIncidentChange } from "./apply-incident";
import { afterCancels, applyNotifyChange, insertNotifications } from "./apply-notify";
import { insertCards } from "./cards";
import { applyRosterChange, insertResponders, saveMembers, setRosters } from "./apply-roster";
import type { OutboxRow } from "./outbox-columns";
import type { Tx } from "./rows";
import { markTouched } from "./status-cards";

export interface ApplyContext {
  secrets: Secrets;
  clock: Clock;
  newId: () => string;
}

/** What a decision's cancels leave to do until its numbers are locked. */
export interface Cancelled {
  /** Ended without being tried again, though an attempt may have arrived. */
  unclear: OutboxRow[];
  roundIds: string[];
}

/** The changes of one decision are being applied. */
export interface Applying extends ApplyContext {
  cancelled: Cancelled;
}

type Kind = Change["kind"];

/**
 * Rows that others refer to come first, and what is no longer needed is cancelled before anything
 * new is queued; inside a kind the order of the decision holds. Rows of the outbox, numbers, rounds
 * and status cards come in the order in which everybody locks them; see `inTransaction`.
 */
const ORDER: readonly Kind[] = [
  "space.saved",
  "member.saved",
  "member.gone",
  "responder.created",
  "responder.renamed",
  "responder.edited",
  "responder.joined",
  "roster.removed",
  "responder.deleted",
  "roster.set",
  "bridge.set",
  "space.foreign-told",
  "space.gone",
  "incident.started",
  "incident.renamed",
  "incident.conference",
  "incident.stopped",
  "answer.recorded",
  "answer.repeated",
  "attendance.changed",
  "attendance.due",
  "call.taken",
  "meeting-info.ended",
  "team.kept",
  "notifications.cancelled",
  "number.opted-out",
  "number.opted-in",
  "number.hinted",
  "number.heard",
  "lobby.emptied",
  "round.opened",
  "renotify.due",
  "card.used",
  "press.noted",
  "card.written",
  "notification.queued",
  "round.released",
  "round.closed",
  "status-card.pressed",
  "status-line.dropped",
  "effect.queued",
  "status-card.looked",
  "own-event.queued",
  "oauth-state.written",
  "grant.revoked",
  "grant.saved",
  "grant.renewed",
  "grant.died",
  "grant.noted",
  "directory.wanted",
  "directory.synced",
  "directory.failed",
  "directory.unwanted",
  "timeline.added",
];

const LAST_OF_NUMBERS: Kind = "number.heard";

/** Writes everything that a decision changes, inside its transaction. */
export async function applyChanges(
  tx: Tx,
  context: ApplyContext,
  changes: readonly Change[],
): Promise<void> {
  const rank = new Map(ORDER.map((kind, index) => [kind, index]));
  const rankOf = (kind: Kind): number => rank.get(kind) ?? 0;
  const ordered = [...changes].sort((a, b) => rankOf(a.kind) - rankOf(b.kind));
  const isEarly = ({ kind }: Change): boolean => rankOf(kind) <= rankOf(LAST_OF_NUMBERS);
  const applying = { ...context, cancelled: { unclear: [], roundIds: [] } };
  for (const alike of groupedByKind(ordered.filter(isEarly))) await applyAlike(tx, applying, alike);
  await afterCancels(tx, context, applying.cancelled);
  for (const alike of groupedByKind(ordered.filter((change) => !isEarly(change))))
    await applyAlike(tx, applying, alike);
  await markTouched(tx, changes, context.clock.now());
}

function groupedByKind(ordered: readonly Change[]): Change[][] {
  const groups = new Map<Kind, Change[]>();
  for (const change of ordered) {
    const alike = groups.get(change.kind) ?? [];
    alike.push(change);
    groups.set(change.kind, alike);
  }
  return [...groups.values()];
}

/** A start writes hundreds of cards and notifications: such rows go in with a few statements. */
const MANY_AT_ONCE: {
  [K in Kind]?: (
    tx: Tx,
    context: ApplyContext,
    alike: readonly Extract<Change, { kind: K }>[],
  ) => Promise<void>;
} = {
  "member.saved": saveMembers,
  "responder.created": insertResponders,
  "roster.set": setRosters,
  "card.written": insertCards,
  "notification.queued": insertNotifications,
};

async function applyAlike(tx: Tx, context: Applying, alike: readonly Change[]): Promise<void> {
  const kind = alike[0]?.kind;
  const applyAll = kind && (MANY_AT_ONCE[kind] as ApplyAll | undefined);
  if (applyAll) return applyAll(tx, context, alike);
  for (const change of alike) await applyChange(tx, context, change);
}

/** The changes given to it are all of the kind that it stands for. */
type ApplyAll = (tx: Tx, context: ApplyContext, alike: readonly Change[]) => Promise<void>;

async function applyChange(tx: Tx, context: Applying, change: Change): Promise<void> {
  if (isRosterChange(change)) return applyRosterChange(tx, context, change);
  if (isNotifyChange(change)) return applyNotifyChange(tx, context, change);
  if (isGrantChange(change)) return applyGrantChange(tx, context, change);
  if (isDirectoryChange(change)) return applyDirectoryChange(tx, change);
  return applyIncidentChange(tx, context, change);
}

type RosterPart = Parameters<typeof applyRosterChange>[2];
type NotifyPart = Parameters<typeof applyNotifyChange>[2];

const ROSTER_KINDS: ReadonlySet<string> = new Set<RosterPart["kind"]>([
  "space.saved",
  "space.gone",
  "space.foreign-told",
  "member.saved",
  "member.gone",
  "responder.created",
  "responder.renamed",
  "responder.edited",
  "responder.joined",
  "responder.deleted",
  "roster.set",
  "roster.removed",
  "bridge.set",
]);

const NOTIFY_KINDS: ReadonlySet<string> = new Set<NotifyPart["kind"]>([
  "round.opened",
  "round.closed",
  "round.released",
  "notification.queued",
  "notifications.cancelled",
  "effect.queued",
  "card.written",
  "card.used",
  "number.opted-out",
  "number.opted-in",
  "number.hinted",
  "number.heard",
  "press.noted",
  "status-card.pressed",
  "status-card.looked",
  "status-line.dropped",
]);

const GRANT_KINDS: ReadonlySet<string> = new Set<GrantChange["kind"]>([
  "oauth-state.written",
  "grant.saved",
  "grant.renewed",
  "grant.died",
  "grant.noted",
  "grant.revoked",
]);

const DIRECTORY_KINDS: ReadonlySet<string> = new Set<DirectoryChange["kind"]>([
  "directory.wanted",
  "directory.synced",
  "directory.failed",
  "directory.unwanted",
]);

function isRosterChange(change: Change): change is RosterPart {
  return ROSTER_KINDS.has(change.kind);
}

function isNotifyChange(change: Change): change is NotifyPart {
  return NOTIFY_KINDS.has(change.kind);
}

function isGrantChange(change: Change): change is GrantChange {
  return GRANT_KINDS.has(change.kind);
}

function isDirectoryChange(change: Change): change is DirectoryChange {
  return DIRECTORY_KINDS.has(change.kind);
}
