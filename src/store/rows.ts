import type { Knex } from "knex";
import type { Secrets } from "../secrets";
import type { Incident } from "../incident/incident";
import type { Conference } from "../notify/notification";
import type { Bridge, SpaceFacts } from "../roster/change";
import type { Member, Responder, RosterEntry } from "../roster/responder";
import { fold } from "../fold";

export interface SpaceRow {
  id: string;
  title: string;
  kind: "group" | "direct";
  is_moderated: number;
  is_announcement_only: number;
  owner_org_id: string | null;
  bot_is_moderator: number;
  read_at: number;
  last_event_at: number | null;
  foreign_told_at: number | null;
  meeting_info_ended_at: number | null;
  gone_at: number | null;
  recent_presses: string | null;
}

export interface MemberRow {
  space_id: string;
  person_id: string;
  name: string;
  email: string;
  org_id: string;
  is_moderator: number;
  is_bot: number;
}

export interface ResponderRow {
  id: string;
  kind: "internal" | "external";
  person_id: string | null;
  name: string;
  contact: string | null;
  language: string | null;
  version: number;
}

/** What `responders.contact` holds. */
type Contact = Pick<Responder, "email" | "mobile" | "voice">;

export interface RosterRow extends ResponderRow {
  webex_on: number;
  sms_on: number;
  voice_on: number;
  is_moderator: number | null;
}

export interface IncidentRow {
  id: string;
  number: number;
  space_id: string;
  name: string;
  state: "running" | "stopped";
  is_drill: number;
  started_at: number;
  started_by: string;
  started_by_name: string;
  stopped_at: number | null;
  stopped_by: string | null;
  stopped_by_name: string | null;
  stop_reason: string | null;
  conference: string | null;
  thread_message_id: string | null;
}

export function toSpace(row: SpaceRow): SpaceFacts {
  return {
    id: row.id,
    title: row.title,
    kind: row.kind,
    isModerated: row.is_moderated === 1,
    isAnnouncementOnly: row.is_announcement_only === 1,
    ...(row.owner_org_id === null ? {} : { ownerOrgId: row.owner_org_id }),
  };
}

export function toMember(row: MemberRow): Member {
  return {
    personId: row.person_id,
    email: row.email,
    name: row.name,
    orgId: row.org_id,
    isModerator: row.is_moderator === 1,
    isBot: row.is_bot === 1,
  };
}

export function toResponder(secrets: Secrets, row: ResponderRow): Responder {
  const responder: Responder = {
    id: row.id,
    kind: row.kind,
    name: row.name,
    version: row.version,
  };
  if (row.person_id !== null) responder.personId = row.person_id;
  if (row.language !== null) responder.language = row.language;
  if (row.contact === null) return responder;
  const contact = openJson(secrets, row.contact, "responders.contact", row.id) as Contact;
  return { ...responder, ...contact };
}

/**
 * The columns that a responder is stored in, numbers and address encrypted and with their look-ups.
 * A Webex person's numbers are the directory's and stay there.
 */
export function fromResponder(
  secrets: Secrets,
  responder: Responder,
): Record<string, string | number | null> {
  const { email } = responder;
  const { mobile, voice } = responder.kind === "external" ? responder : {};
  const hasContact = email !== undefined || mobile !== undefined || voice !== undefined;
  return {
    id: responder.id,
    kind: responder.kind,
    person_id: responder.personId ?? null,
    name: responder.name,
    name_folded: fold(responder.name),
    contact: hasContact
      ? sealJson(secrets, { email, mobile, voice }, "responders.contact", responder.id)
      : null,
    email_hash: email === undefined ? null : lookupOf(secrets, "email", email),
    mobile_hash: mobile === undefined ? null : lookupOf(secrets, "mobile", mobile),
    voice_hash: voice === undefined ? null : lookupOf(secrets, "voice", voice),
    mobile_last4_hash: lastFour(secrets, mobile),
    voice_last4_hash: lastFour(secrets, voice),
    language: responder.language ?? null,
    version: responder.version,
  };
}

/** The keyed hash under which a number or an address is found again. */
export function lookupOf(
  secrets: Secrets,
  field: "email" | "mobile" | "voice" | "number",
  plain: string,
): string {
  return field === "email"
    ? secrets.lookup("email", plain.trim().toLowerCase())
    : secrets.lookup("number", plain);
}

function lastFour(secrets: Secrets, number: string | undefined): string | null {
  return number === undefined ? null : secrets.lookup("number.last4", number.slice(-4));
}

export function toRosterEntry(secrets: Secrets, row: RosterRow): RosterEntry {
  return {
    responder: toResponder(secrets, row),
    channels: { webex: row.webex_on === 1, sms: row.sms_on === 1, voice: row.voice_on === 1 },
    isModerator: row.is_moderator === 1,
  };
}

export function toIncident(secrets: Secrets, row: IncidentRow): Incident {
  const incident: Incident = {
    id: row.id,
    number: row.number,
    spaceId: row.space_id,
    name: row.name,
    state: row.state,
    isDrill: row.is_drill === 1,
    startedAt: row.started_at,
    startedBy: { personId: row.started_by, name: row.started_by_name },
  };
  if (row.stopped_at !== null) incident.stoppedAt = row.stopped_at;
  if (row.stopped_by !== null && row.stopped_by_name !== null)
    incident.stoppedBy = { personId: row.stopped_by, name: row.stopped_by_name };
  if (row.conference !== null)
    incident.conference = openJson(secrets, row.conference, "conference", row.id) as Conference;
  if (row.thread_message_id !== null) incident.threadMessageId = row.thread_message_id;
  return incident;
}

export type SealedName =
  | "bridges"
  | "calls"
  | "cards"
  | "conference"
  | "grants.tokens"
  | "inbox"
  | "oauth_states.verifier"
  | "outbox"
  | "receipts"
  | "responders.contact"
  | "rounds";

/** Encrypts a JSON value for one row. Read back with `openJson` and the same name and id. */
export function sealJson(secrets: Secrets, value: unknown, name: SealedName, id: string): string {
  return secrets.encrypt(JSON.stringify(value), name, id);
}

/** What `sealJson` stored. Its shape is the one that this program wrote. */
export function openJson(secrets: Secrets, sealed: string, name: SealedName, id: string): unknown {
  return JSON.parse(secrets.decrypt(sealed, name, id));
}

export function toBridge(secrets: Secrets, sealed: string, spaceId: string): Bridge {
  return openJson(secrets, sealed, "bridges", spaceId) as Bridge;
}

/** Databases take only so many values in one statement. */
const ROWS_PER_INSERT = 100;

/** Many rows at once, without the savepoint that knex puts around such. */
export async function insertRows(tx: Tx, table: string, rows: readonly object[]): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT)
    await tx(table).insert(rows.slice(start, start + ROWS_PER_INSERT));
}

/** Everything that stores or loads inside one transaction. */
export type Tx = Knex.Transaction;
