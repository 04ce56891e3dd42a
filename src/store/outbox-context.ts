import type { Secrets } from "../secrets";
import type { Channel, NotificationKind } from "../notify/notification";
import type { SendContext } from "../notify/send-context";
import { toClaimedRow, type OutboxRow } from "./outbox-columns";
import { openEach, type Opened } from "./readable";
import {
  openJson,
  toIncident,
  toResponder,
  type IncidentRow,
  type ResponderRow,
  type SpaceRow,
  type Tx,
} from "./rows";

interface RoundRow {
  id: string;
  opened_by: string;
  opened_by_name: string;
  text: string | null;
}

interface ChannelsRow {
  space_id: string;
  responder_id: string;
  webex: number;
  sms: number;
  voice: number;
}

type NotificationRow = OutboxRow & { kind: NotificationKind; channel: Channel };

/** Each row of a round is a notification, with its channel. */
function isNotification(row: OutboxRow): row is NotificationRow {
  return row.round_id !== null;
}

/** What the claimed notifications are about, a handful of queries for all of them. */
export async function loadSendContexts(
  tx: Tx,
  secrets: Secrets,
  claimed: readonly OutboxRow[],
): Promise<Opened<OutboxRow, SendContext>> {
  const rows = claimed.filter(isNotification);
  if (rows.length === 0) return { values: [], unreadable: [] };
  const incidents = await byId<IncidentRow>(tx, "incidents", idsOf(rows, "incident_id"));
  const responders = await byId<ResponderRow>(tx, "responders", idsOf(rows, "responder_id"));
  const rounds = await byId<RoundRow>(tx, "rounds", idsOf(rows, "round_id"));
  const spaces = await byId<SpaceRow>(tx, "spaces", idsOf(rows, "space_id"));
  const roster = await tx<ChannelsRow>("roster")
    .whereIn("space_id", idsOf(rows, "space_id"))
    .whereIn("responder_id", idsOf(rows, "responder_id"));
  const channels = new Map(roster.map((row) => [`${row.space_id} ${row.responder_id}`, row]));
  return openEach(rows, (row) => {
    const incident = must(incidents, row.incident_id);
    const space = must(spaces, row.space_id);
    const on = channels.get(`${row.space_id ?? ""} ${row.responder_id ?? ""}`);
    return {
      row: { ...toClaimedRow(secrets, row), kind: row.kind, channel: row.channel },
      incident: incidentFacts(secrets, incident),
      space: { id: space.id, title: space.title, isGone: space.gone_at !== null },
      responder: toResponder(secrets, must(responders, row.responder_id)),
      ...(on
        ? { channelsOn: { webex: on.webex === 1, sms: on.sms === 1, voice: on.voice === 1 } }
        : {}),
      ...roundFacts(secrets, must(rounds, row.round_id)),
    };
  });
}

function incidentFacts(secrets: Secrets, row: IncidentRow): SendContext["incident"] {
  const incident = toIncident(secrets, row);
  return {
    id: incident.id,
    number: incident.number,
    name: incident.name,
    isDrill: incident.isDrill,
    isRunning: incident.state === "running",
    ...(incident.conference ? { conference: incident.conference } : {}),
  };
}

function roundFacts(secrets: Secrets, round: RoundRow): Pick<SendContext, "openedBy" | "text"> {
  return {
    openedBy: { personId: round.opened_by, name: round.opened_by_name },
    ...(round.text === null
      ? {}
      : { text: openJson(secrets, round.text, "rounds", round.id) as string }),
  };
}

function idsOf(
  rows: readonly OutboxRow[],
  column: "incident_id" | "responder_id" | "round_id" | "space_id",
): string[] {
  return [...new Set(rows.map((row) => row[column]).filter((id) => id !== null))];
}

async function byId<Row extends { id: string }>(
  tx: Tx,
  table: string,
  ids: string[],
): Promise<Map<string, Row>> {
  const rows = (await tx(table).whereIn("id", ids)) as Row[];
  return new Map(rows.map((row) => [row.id, row]));
}

/** Foreign keys guarantee these rows. */
function must<Row>(rows: Map<string, Row>, id: string | null): Row {
  const row = id === null ? undefined : rows.get(id);
  if (!row) throw new Error("A notification refers to a row that does not exist.");
  return row;
}
