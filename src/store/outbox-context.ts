import type { Secrets } from "../secrets";
import type { Channel, NotificationKind } from "../notify/notification";
import type { SendContext } from "../notify/send-context";
import { numbered, type Numbers, type NumbersOf } from "./internal-numbers";
import { toClaimedRow, type OutboxRow } from "./outbox-columns";
import { openEach, type Opened } from "./readable";
import {
  openJson,
  toIncident,
  toResponder,
  type IncidentRow,
  type ResponderRow,
  type Tx,
} from "./rows";

type NotificationRow = OutboxRow & { kind: NotificationKind; channel: Channel };

/** Each row of a round is a notification, with its channel. */
function isNotification(row: OutboxRow): row is NotificationRow {
  return row.round_id !== null;
}

export interface SendContexts extends Opened<OutboxRow, SendContext> {
  /** Texts and calls to Webex people whose numbers the directory could not tell at this moment. */
  unnumbered: OutboxRow[];
}

export interface ContextTools {
  secrets: Secrets;
  numbersOf: NumbersOf;
  onDirectoryFailed: (error: unknown) => void;
}

/**
 * What the claimed notifications are about: two queries for all of them. The number of a Webex
 * person is the one that the directory has now; it costs a third query where one is texted or called.
 */
export async function loadSendContexts(
  tx: Tx,
  { secrets, ...directory }: ContextTools,
  claimed: readonly OutboxRow[],
): Promise<SendContexts> {
  const rows = claimed.filter(isNotification);
  if (rows.length === 0) return { values: [], unreadable: [], unnumbered: [] };
  const rounds = await loadRounds(tx, idsOf(rows, "round_id"));
  const people = await loadPeople(tx, idsOf(rows, "responder_id"), idsOf(rows, "space_id"));
  const { numbers = new Map(), unnumbered } = await numbersFor(rows, people, directory);
  const factsOfRound = new Map<string, RoundFacts>();
  const opened = openEach(without(rows, unnumbered), (row) => {
    const round = must(rounds, row.round_id);
    const facts = factsOfRound.get(round.round_id) ?? roundFacts(secrets, round);
    factsOfRound.set(round.round_id, facts);
    const person = must(people.responders, row.responder_id);
    const channelsOn = people.channels.get(`${row.space_id ?? ""} ${person.id}`);
    return {
      row: { ...toClaimedRow(secrets, row), kind: row.kind, channel: row.channel },
      responder: numbered(toResponder(secrets, person), numbers),
      ...(channelsOn ? { channelsOn } : {}),
      ...facts,
    };
  });
  return { ...opened, unnumbered };
}

/** Of those Webex people who are texted or called. */
async function numbersFor(
  rows: readonly NotificationRow[],
  { responders }: People,
  { numbersOf, onDirectoryFailed }: Omit<ContextTools, "secrets">,
): Promise<{ numbers?: Numbers; unnumbered: NotificationRow[] }> {
  const toPhones = rows.filter((row) => row.channel !== "webex");
  const personIds = new Map<NotificationRow, string>();
  for (const row of toPhones) {
    const { kind, person_id: personId } = must(responders, row.responder_id);
    if (kind === "internal" && personId !== null) personIds.set(row, personId);
  }
  if (personIds.size === 0) return { unnumbered: [] };
  try {
    return { numbers: await numbersOf([...new Set(personIds.values())]), unnumbered: [] };
  } catch (error) {
    onDirectoryFailed(error);
    return { unnumbered: [...personIds.keys()] };
  }
}

function without<Row>(rows: readonly Row[], others: readonly Row[]): readonly Row[] {
  return others.length === 0 ? rows : rows.filter((row) => !others.includes(row));
}

/** A round with its incident and its space. */
interface RoundRow extends IncidentRow {
  round_id: string;
  opened_by: string;
  opened_by_name: string;
  text: string | null;
  space_title: string;
  space_gone_at: number | null;
}

async function loadRounds(tx: Tx, ids: readonly string[]): Promise<Map<string, RoundRow>> {
  const rows = await tx("rounds")
    .join("incidents", "incidents.id", "rounds.incident_id")
    .join("spaces", "spaces.id", "incidents.space_id")
    .whereIn("rounds.id", ids)
    .select<RoundRow[]>(
      "incidents.*",
      "rounds.id as round_id",
      "rounds.opened_by",
      "rounds.opened_by_name",
      "rounds.text",
      "spaces.title as space_title",
      "spaces.gone_at as space_gone_at",
    );
  return new Map(rows.map((row) => [row.round_id, row]));
}

/** A responder, once for each of the spaces on whose roster they are. */
interface PersonRow extends ResponderRow {
  space_id: string | null;
  deleted_at: number | null;
  webex_on: number;
  sms_on: number;
  voice_on: number;
}

interface People {
  responders: Map<string, ResponderRow>;
  /** By space and responder. */
  channels: Map<string, Readonly<Record<Channel, boolean>>>;
}

async function loadPeople(
  tx: Tx,
  ids: readonly string[],
  spaceIds: readonly string[],
): Promise<People> {
  const rows = await tx("responders")
    .leftJoin("roster", (on) =>
      on.on("roster.responder_id", "responders.id").andOnIn("roster.space_id", spaceIds),
    )
    .whereIn("responders.id", ids)
    .select<PersonRow[]>(
      "responders.*",
      "roster.space_id",
      "roster.webex as webex_on",
      "roster.sms as sms_on",
      "roster.voice as voice_on",
    );
  const people: People = { responders: new Map(), channels: new Map() };
  for (const row of rows) {
    people.responders.set(row.id, row);
    if (row.space_id !== null && row.deleted_at === null)
      people.channels.set(`${row.space_id} ${row.id}`, {
        webex: row.webex_on === 1,
        sms: row.sms_on === 1,
        voice: row.voice_on === 1,
      });
  }
  return people;
}

type RoundFacts = Pick<SendContext, "incident" | "space" | "openedBy" | "text">;

function roundFacts(secrets: Secrets, row: RoundRow): RoundFacts {
  const incident = toIncident(secrets, row);
  return {
    incident: {
      id: incident.id,
      number: incident.number,
      name: incident.name,
      isDrill: incident.isDrill,
      isRunning: incident.state === "running",
      ...(incident.conference ? { conference: incident.conference } : {}),
    },
    space: { id: row.space_id, title: row.space_title, isGone: row.space_gone_at !== null },
    openedBy: { personId: row.opened_by, name: row.opened_by_name },
    ...(row.text === null
      ? {}
      : { text: openJson(secrets, row.text, "rounds", row.round_id) as string }),
  };
}

function idsOf(
  rows: readonly OutboxRow[],
  column: "responder_id" | "round_id" | "space_id",
): string[] {
  return [...new Set(rows.map((row) => row[column]).filter((id) => id !== null))];
}

/** Foreign keys guarantee these rows. */
function must<Row>(rows: Map<string, Row>, id: string | null): Row {
  const row = id === null ? undefined : rows.get(id);
  if (!row) throw new Error("A notification refers to a row that does not exist.");
  return row;
}
