import { randomUUID } from "node:crypto";

export type IdType =
  | "APPLICATION"
  | "ATTACHMENT_ACTION"
  | "CONTENT"
  | "MEMBERSHIP"
  | "MESSAGE"
  | "ORGANIZATION"
  | "PEOPLE"
  | "ROLE"
  | "ROOM"
  | "WEBHOOK";

export interface ParsedId {
  type: string;
  uuid: string;
}

const PUBLIC_ID = /^ciscospark:\/\/[\w.:-]+\/([A-Z_]+)\/([\w:-]+)$/;

/** The id that the API shows: unpadded base64 of `ciscospark://us/<type>/<uuid>`. */
export function makeId(type: IdType, uuid: string = randomUUID()): string {
  return Buffer.from(`ciscospark://us/${type}/${uuid}`).toString("base64url");
}

export function parseId(id: string): ParsedId | undefined {
  const match = PUBLIC_ID.exec(Buffer.from(id, "base64url").toString("utf8"));
  const [, type, uuid] = match ?? [];
  return type === undefined || uuid === undefined ? undefined : { type, uuid };
}

export function uuidOf(id: string): string {
  return parseId(id)?.uuid ?? id;
}

/** Two uuids in one id, so a membership needs no table of its own ids. */
export function membershipId(personId: string, spaceId: string): string {
  return makeId("MEMBERSHIP", `${uuidOf(personId)}:${uuidOf(spaceId)}`);
}

export function splitMembershipId(id: string): { personId: string; spaceId: string } | undefined {
  const parsed = parseId(id);
  const [person, space] = parsed?.uuid.split(":") ?? [];
  if (parsed?.type !== "MEMBERSHIP" || person === undefined || space === undefined) {
    return undefined;
  }
  return { personId: makeId("PEOPLE", person), spaceId: makeId("ROOM", space) };
}
