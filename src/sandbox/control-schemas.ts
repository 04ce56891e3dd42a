import { z } from "zod";

const name = z.string().min(1);

/** A bot that waited longer for an answer would have given it up long ago. */
const LONGEST_DELAY_MS = 600_000;
const LONGEST_ADVANCE_MS = 366 * 24 * 60 * 60_000;

export const personSchema = z.strictObject({
  name,
  /** Empty: none. */
  email: z.union([z.email(), z.literal("")]).exactOptional(),
  type: z.enum(["person", "bot", "appuser"]).exactOptional(),
  orgId: name.exactOptional(),
  isAdmin: z.boolean().exactOptional(),
  isPending: z.boolean().exactOptional(),
  isLoginEnabled: z.boolean().exactOptional(),
  token: name.exactOptional(),
  phoneNumbers: z.array(z.strictObject({ type: name, value: name })).exactOptional(),
});

export const spaceSchema = z.strictObject({
  title: name,
  isLocked: z.boolean().exactOptional(),
  isAnnouncementOnly: z.boolean().exactOptional(),
  orgId: name.exactOptional(),
});

/** `space`: id or title; `person`: id, e-mail or name. */
export const memberSchema = z.strictObject({
  space: name,
  person: name,
  moderator: z.boolean().exactOptional(),
  in: z.boolean().exactOptional(),
  actor: name.exactOptional(),
});

/** The bytes as base64. */
const file = z
  .strictObject({ name, type: name.default("application/octet-stream"), content: z.base64() })
  .transform(({ content, ...about }) => ({ ...about, content: Buffer.from(content, "base64") }));

/** Without a space: the direct conversation with `to`, or with the bot. */
export const saySchema = z
  .strictObject({
    person: name,
    space: name.exactOptional(),
    to: name.exactOptional(),
    text: z.string().default(""),
    files: z.array(file).exactOptional(),
  })
  .refine(({ text, files = [] }) => text !== "" || files.length > 0, {
    path: ["text"],
    error: "say something, or send a file",
  });

/** `person`: id, e-mail or name. */
export const consentSchema = z.strictObject({
  link: z.url(),
  person: name,
  decision: z.enum(["accept", "deny"]).default("accept"),
});

export const adminSchema = z.strictObject({ person: name, isAdmin: z.boolean() });

export const directorySchema = z.strictObject({ size: z.int().min(0).max(5_000_000) });

/** Into the meeting of a space or its lobby, or the end of that meeting. */
export const meetingSchema = z.union([
  z.strictObject({ space: name, end: z.literal(true) }),
  z.strictObject({
    space: name,
    person: name.exactOptional(),
    phone: name.exactOptional(),
    name: name.exactOptional(),
    state: z.enum(["lobby", "joined"]).exactOptional(),
  }),
]);

export const pressSchema = z.strictObject({
  person: name,
  messageId: name,
  inputs: z.record(z.string(), z.unknown()).default({}),
});

export const phoneSchema = z.union(
  [
    z.strictObject({ text: name }),
    z.strictObject({ answer: z.literal(true) }),
    z.strictObject({ digit: z.string().regex(/^[0-9*#]+$/) }),
    z.strictObject({ hangup: z.literal(true) }),
    z.strictObject({ voicemail: z.literal(true) }),
  ],
  {
    error:
      'one of {"text": "…"}, {"digit": "1"}, {"answer": true}, {"hangup": true}, {"voicemail": true}',
  },
);

export const faultSchema = z.strictObject({
  service: z.enum(["webex", "connect", "webhooks", "callbacks"]),
  route: name.exactOptional(),
  page: z.int().min(1).exactOptional(),
  kind: z.enum(["status", "slow", "reset", "lost", "duplicate", "missing", "late", "out-of-order"]),
  status: z.int().min(100).max(599).exactOptional(),
  retryAfter: z.string().exactOptional(),
  body: z.string().exactOptional(),
  contentType: z.string().exactOptional(),
  delayMs: z.number().min(0).max(LONGEST_DELAY_MS).exactOptional(),
  times: z.int().min(1).exactOptional(),
  share: z.number().min(0).max(1).exactOptional(),
});

export const clockSchema = z.strictObject({ advanceMs: z.int().min(0).max(LONGEST_ADVANCE_MS) });

export const botSchema = z.strictObject({ action: z.enum(["start", "stop", "kill"]) });
