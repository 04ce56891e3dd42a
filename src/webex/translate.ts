import { z } from "zod";
import type { IncomingAction, IncomingMessage } from "../bot/incoming";
import type { Post } from "../notify/notification";
import { oneLine } from "../one-line";
import type { Member } from "../roster/responder";

const CARD_TYPE = "application/vnd.microsoft.card.adaptive";

const time = z
  .string()
  .transform((text) => Date.parse(text))
  .pipe(z.number());
const text = z.string().nullish();
/** Names and titles, without what PostgreSQL cannot keep and nobody can see. */
const name = z
  .string()
  .transform((all) => {
    const line = oneLine(all);
    return line === "" ? undefined : line;
  })
  .nullish();
/** Webex takes less; what takes long to understand is not read to its end. */
const MOST_CHARACTERS = 16_384;
const written = z
  .string()
  .transform((all) => all.slice(0, MOST_CHARACTERS))
  .nullish();
const email = or("", z.string().toLowerCase());
const spaceKind = z.enum(["group", "direct"]);

export const person = z
  .object({
    id: z.string(),
    emails: or<string[]>([], z.array(email)),
    displayName: name,
    orgId: or("", z.string()),
    type: text,
  })
  .transform((body) => ({
    id: body.id,
    name: body.displayName ?? body.emails[0] ?? "",
    email: body.emails[0] ?? "",
    orgId: body.orgId,
    isBot: body.type === "bot",
  }));

export const message = z
  .object({
    id: z.string(),
    roomId: z.string(),
    roomType: spaceKind,
    personId: z.string(),
    personEmail: email,
    text: written,
    html: written,
    parentId: text,
    files: or<string[]>([], z.array(z.string())),
    created: time,
  })
  .transform((body): IncomingMessage => ({
    kind: "message",
    id: body.id,
    spaceId: body.roomId,
    spaceKind: body.roomType,
    personId: body.personId,
    personEmail: body.personEmail,
    text: body.text ?? "",
    ...(body.html == null ? {} : { html: body.html }),
    ...(body.parentId == null ? {} : { parentId: body.parentId }),
    ...(body.files.length === 0 ? {} : { files: body.files }),
    at: body.created,
  }));

export const action = z
  .object({
    id: z.string(),
    roomId: z.string(),
    personId: z.string(),
    messageId: z.string(),
    inputs: or({}, z.record(z.string(), z.unknown())),
    created: time,
  })
  .transform((body): IncomingAction => ({
    kind: "action",
    id: body.id,
    spaceId: body.roomId,
    personId: body.personId,
    messageId: body.messageId,
    inputs: body.inputs,
    at: body.created,
  }));

export const membership = z
  .object({
    id: z.string(),
    personId: z.string(),
    personEmail: email,
    personDisplayName: name,
    personOrgId: or("", z.string()),
    isModerator: or(false, z.boolean()),
  })
  .transform((body) => ({ id: body.id, member: toMember(body) }));

export const space = z
  .object({
    id: z.string(),
    title: name,
    type: spaceKind,
    isLocked: or(false, z.boolean()),
    isAnnouncementOnly: or(false, z.boolean()),
    ownerId: text,
  })
  .transform((body) => ({
    id: body.id,
    title: body.title ?? "",
    kind: body.type,
    isModerated: body.isLocked,
    isAnnouncementOnly: body.isAnnouncementOnly,
    ...(body.ownerId == null ? {} : { ownerOrgId: body.ownerId }),
  }));

export const spaceListing = z
  .object({ id: z.string(), title: name, type: spaceKind, lastActivity: time.nullish() })
  .transform((body) => ({
    id: body.id,
    title: body.title ?? "",
    kind: body.type,
    lastActivity: body.lastActivity ?? 0,
  }));

export const posted = z
  .object({ id: z.string(), roomId: z.string() })
  .transform((body) => ({ messageId: body.id, spaceId: body.roomId }));

export const writtenCard = z.object({
  id: z.string(),
  personId: z.string(),
  attachments: z.array(z.unknown()).nullish(),
});

export const meetingInfo = z
  .object({ meetingLink: text, meetingNumber: text, callInTollNumber: text })
  .transform((body) => ({
    ...(body.meetingLink ? { link: body.meetingLink } : {}),
    ...(body.meetingNumber ? { number: body.meetingNumber.replace(/\D/g, "") } : {}),
    ...(body.callInTollNumber ? { phone: body.callInTollNumber } : {}),
  }));

export const webhook = z.object({
  id: z.string(),
  name: z.string(),
  targetUrl: z.string(),
  resource: z.string(),
  event: z.string(),
  status: or("active", z.string()),
  filter: text,
  secret: text,
});

export type WhoIs = { personId: string } | { email: string };
export type Destination = { spaceId: string } | WhoIs;

/** How memberships and direct messages name a person, in queries and bodies. */
export function personFields(who: WhoIs): { personId: string } | { personEmail: string } {
  return "personId" in who ? { personId: who.personId } : { personEmail: who.email };
}

/** Where a message goes; Webex wants exactly one of the three. */
export function destinationFields(to: Destination): Record<string, string> {
  if ("spaceId" in to) return { roomId: to.spaceId };
  return "personId" in to ? { toPersonId: to.personId } : { toPersonEmail: to.email };
}

/** A message's words for `POST /messages`, without where it goes. */
export function textFields(message: { parentId?: string; post: Post }): Record<string, string> {
  const { parentId, post } = message;
  return { ...(parentId === undefined ? {} : { parentId }), markdown: post.markdown };
}

/** A message's fields for `POST /messages`, without where it goes. */
export function messageFields(message: { parentId?: string; post: Post }): object {
  const { post } = message;
  return {
    ...textFields(message),
    ...(post.card === undefined
      ? {}
      : { attachments: [{ contentType: CARD_TYPE, content: post.card }] }),
  };
}

/** Bots have addresses of their own; the membership does not say otherwise who is one. */
function isBotAddress(address: string): boolean {
  return address.endsWith("@webex.bot") || address.endsWith("@sparkbot.io");
}

function toMember(body: {
  personId: string;
  personEmail: string;
  personDisplayName?: string | null | undefined;
  personOrgId: string;
  isModerator: boolean;
}): Member {
  return {
    personId: body.personId,
    email: body.personEmail,
    name: body.personDisplayName ?? body.personEmail,
    orgId: body.personOrgId,
    isModerator: body.isModerator,
    isBot: isBotAddress(body.personEmail),
  };
}

/** On one line, cut where it is too long, but not through a character of two halves. */
export function shortLine(text: string | null | undefined, most: number): string {
  return oneLine((text ?? "").slice(0, most).replace(/[\uD800-\uDBFF]$/, ""));
}

/** A field that Webex may leave out or answer as null. */
function or<T>(fallback: T, schema: z.ZodType<T>): z.ZodType<T> {
  return schema.nullish().transform((value) => value ?? fallback);
}
