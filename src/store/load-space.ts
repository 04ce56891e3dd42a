import type { Secrets } from "../secrets";
import type { LastTeam, SpaceState } from "../incident/space-state";
import type { RecentPress } from "../notify/change";
import type { Incident } from "../incident/incident";
import type { RosterEntry } from "../roster/responder";
import {
  openJson,
  toBridge,
  toIncident,
  toMember,
  toRosterEntry,
  toSpace,
  type IncidentRow,
  type MemberRow,
  type RosterRow,
  type SpaceRow,
  type Tx,
} from "./rows";
import { loadStatusCard } from "./status-cards";

/**
 * Reads all that a decision about a space may look at. On PostgreSQL it locks the space's row, so
 * that decisions about one space come one after the other; SQLite has one writer anyway.
 * `undefined` for a space that Muster has not read yet.
 */
export async function loadSpace(
  tx: Tx,
  secrets: Secrets,
  spaceId: string,
  readAt?: number,
): Promise<SpaceState | undefined> {
  const row = await tx<SpaceRow>("spaces").where({ id: spaceId }).forUpdate().first();
  if (row?.gone_at !== null) return undefined;
  const members = await tx<MemberRow>("members").where({ space_id: spaceId });
  const bridge = await tx<{ space_id: string; details: string }>("bridges")
    .where({ space_id: spaceId })
    .first();
  const incident = await loadIncident(tx, secrets, spaceId, "running");
  const statusCard = await loadStatusCard(tx, spaceId);
  return {
    space: toSpace(row),
    botIsModerator: row.bot_is_moderator === 1,
    members: members.map(toMember),
    roster: await loadRoster(tx, secrets, spaceId),
    pendingMemberships: await loadPendingMemberships(tx, secrets, spaceId, readAt),
    isForeignTold: row.foreign_told_at !== null,
    recentPresses:
      row.recent_presses === null ? [] : (JSON.parse(row.recent_presses) as RecentPress[]),
    ...(bridge ? { bridge: toBridge(secrets, bridge.details, spaceId) } : {}),
    ...(incident ? { incident } : {}),
    ...(statusCard ? { statusCard } : {}),
    ...(row.meeting_info_ended_at === null
      ? {}
      : { meetingInfoEndedAt: row.meeting_info_ended_at }),
  };
}

/** The space's running incident, its newest stopped one, or its newest one whatever its state. */
export async function loadIncident(
  tx: Tx,
  secrets: Secrets,
  spaceId: string,
  which: "running" | "stopped" | "newest",
): Promise<Incident | undefined> {
  const query = tx<IncidentRow>("incidents")
    .where({ space_id: spaceId })
    .orderBy([
      { column: "started_at", order: "desc" },
      { column: "number", order: "desc" },
    ]);
  if (which !== "newest") query.andWhere({ state: which });
  const row = await query.first();
  return row && toIncident(secrets, row);
}

export async function loadRoster(
  tx: Tx,
  secrets: Secrets,
  spaceId: string,
): Promise<RosterEntry[]> {
  const rows = await tx("roster")
    .join("responders", "responders.id", "roster.responder_id")
    .leftJoin("members", (on) =>
      on
        .on("members.space_id", "roster.space_id")
        .andOn("members.person_id", "responders.person_id"),
    )
    .where({ "roster.space_id": spaceId })
    // Who is added to a roster at the moment of their deletion stays deleted.
    .whereNull("responders.deleted_at")
    .orderBy([{ column: "roster.added_at" }, { column: "responders.id" }])
    .select<RosterRow[]>(...rosterColumns("roster"), "members.is_moderator as is_moderator");
  return rows.map((row) => toRosterEntry(secrets, row));
}

/** The roster as an incident found it, kept from before its stop. */
export async function loadTeam(
  tx: Tx,
  secrets: Secrets,
  incidentId: string,
): Promise<RosterEntry[]> {
  const rows = await tx("teams")
    .join("responders", "responders.id", "teams.responder_id")
    .where({ "teams.incident_id": incidentId })
    .orderBy("responders.id")
    .select<RosterRow[]>(rosterColumns("teams"));
  return rows.map((row) => toRosterEntry(secrets, { ...row, is_moderator: null }));
}

/** The team of the space's newest stopped incident, those included who were deleted since. */
export async function loadLastTeam(
  tx: Tx,
  secrets: Secrets,
  spaceId: string,
): Promise<LastTeam | undefined> {
  const incident = await loadIncident(tx, secrets, spaceId, "stopped");
  if (!incident) return undefined;
  const rows = await tx("teams")
    .join("responders", "responders.id", "teams.responder_id")
    .where({ "teams.incident_id": incident.id })
    .orderBy("responders.id")
    .select<(RosterRow & { deleted_at: number | null })[]>(
      ...rosterColumns("teams"),
      "responders.deleted_at as deleted_at",
    );
  const members = rows.map((row) => {
    const { channels, responder } = toRosterEntry(secrets, { ...row, is_moderator: null });
    return { channels, responder, isDeleted: row.deleted_at !== null };
  });
  return { incident, members };
}

function rosterColumns(table: "roster" | "teams"): string[] {
  return [
    "responders.id as id",
    "responders.kind as kind",
    "responders.person_id as person_id",
    "responders.name as name",
    "responders.contact as contact",
    "responders.language as language",
    "responders.version as version",
    `${table}.webex as webex_on`,
    `${table}.sms as sms_on`,
    `${table}.voice as voice_on`,
  ];
}

/** Only somebody who is added by e-mail has no id yet. */
interface AddByEmail {
  invitee: { email: string };
}

/** Unfinished membership changes, and those that ended after `readAt`. */
async function loadPendingMemberships(
  tx: Tx,
  secrets: Secrets,
  spaceId: string,
  readAt?: number,
): Promise<Set<string>> {
  const rows = await tx("outbox")
    .where({ space_id: spaceId })
    .whereIn("kind", ["membership-add", "membership-remove"])
    .where((where) => {
      where.whereIn("state", ["queued", "sending"]);
      // Only where it is asked for: with it a busy space's whole past is looked through.
      if (readAt !== undefined) where.orWhere("changed_at", ">=", readAt);
    })
    .select<{ id: string; person_id: string | null; payload: string }[]>(
      "id",
      "person_id",
      "payload",
    );
  const pending = new Set<string>();
  for (const { id, payload, person_id } of rows) {
    if (person_id !== null) pending.add(person_id);
    else pending.add((openJson(secrets, payload, "outbox", id) as AddByEmail).invitee.email);
  }
  return pending;
}

/** The counter's row stays locked until the start is committed: no number is given twice. */
export async function nextIncidentNumber(tx: Tx): Promise<number> {
  const row = await tx<{ name: string; value: number }>("counters")
    .where({ name: "incident" })
    .forUpdate()
    .first();
  return (row?.value ?? 0) + 1;
}
