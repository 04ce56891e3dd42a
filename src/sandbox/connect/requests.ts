import { z } from "zod";
import { Refusal } from "./refusal";
import type { ConnectSettings } from "./settings";

// Only documented fields are taken: the real service would ignore a misspelt one in silence, and
// the mistake would show months later as a receipt that never comes.

const filled = z.string().min(1);
const url = z.url({ protocol: /^https?$/ });
const tracking = {
  correlationId: z.string().optional(),
  callbackUrl: url.optional(),
};

const CONTENT_TYPES = ["TEXT", "TEMPLATE", "UNICODE", "FLASH", "BINARY"] as const;

const smsSchema = z.strictObject({
  from: filled,
  to: filled,
  content: filled,
  contentType: upperCase(z.enum(CONTENT_TYPES)).default("TEXT"),
  substitutions: z.record(z.string(), z.string()).default({}),
  dltTemplateId: z.string().optional(),
  shortenUrls: z.boolean().optional(),
  shortUrlDomain: z.string().optional(),
  trackShortUrlClicks: z.boolean().optional(),
  callbackUrlAuthId: z.string().optional(),
  callbackData: z.string().optional(),
  expireAt: z.iso.datetime({ offset: true }).optional(),
  ...tracking,
});

const ttsSchema = z.strictObject({
  type: z.literal("TTS"),
  text: filled,
  textFormat: upperCase(z.enum(["TEXT", "SSML"])).default("TEXT"),
  style: z.string().optional(),
  voice: z.string().optional(),
  engine: z.string().optional(),
  language: z.string().optional(),
  gender: upperCase(z.enum(["MALE", "FEMALE"])).optional(),
});

export const audioSchema = z.discriminatedUnion("type", [
  ttsSchema,
  z.strictObject({ type: z.literal("URL"), location: url }),
  z.strictObject({ type: z.literal("MEDIA"), mediaId: filled }),
]);

const voiceSchema = z.strictObject({
  callerId: filled,
  dialedNumber: filled,
  audio: audioSchema,
  ...tracking,
});

const callSchema = z.strictObject({
  callerId: filled,
  dialedNumber: filled,
  callbackUrl: url,
  correlationId: z.string().optional(),
  recordCallSeconds: z.int().min(0).optional(),
  detectVoiceMail: z.boolean().default(false),
});

export type SmsRequest = z.infer<typeof smsSchema>;
export type VoiceRequest = z.infer<typeof voiceSchema>;
export type CallRequest = z.infer<typeof callSchema>;
export type Audio = z.infer<typeof audioSchema>;

export function readSms(body: unknown, settings: Readonly<ConnectSettings>): SmsRequest {
  const request = read(smsSchema, body);
  requireLength("content", request.content, settings.contentLimit);
  requireVerified("to", request.to, settings);
  return request;
}

export function readVoice(body: unknown, settings: Readonly<ConnectSettings>): VoiceRequest {
  const request = read(voiceSchema, body);
  requireLength("audio.text", spokenText(request.audio), settings.speechLimit);
  requireVerified("dialedNumber", request.dialedNumber, settings);
  return request;
}

export function readCall(body: unknown, settings: Readonly<ConnectSettings>): CallRequest {
  const request = read(callSchema, body);
  requireVerified("dialedNumber", request.dialedNumber, settings);
  return request;
}

/** What a person hears of this audio; a recording is named in brackets. */
export function spokenText(audio: Audio): string {
  if (audio.type === "URL") return `[recording ${audio.location}]`;
  return audio.type === "MEDIA" ? `[recording ${audio.mediaId}]` : audio.text;
}

/** The samples of the documents and of real users differ in case, and both are accepted. */
function upperCase<T extends z.ZodType>(schema: T): z.ZodPreprocess<T> {
  return z.preprocess((value) => (typeof value === "string" ? value.toUpperCase() : value), schema);
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => ({
    path: issue.path.join("."),
    isMissing: isMissing(body, issue.path),
    message: issue.message,
  }));
  const missing = problems.find((problem) => problem.isMissing);
  if (missing !== undefined) throw new Refusal(400, "7003", `Missing parameter: ${missing.path}`);
  const [first] = problems;
  throw new Refusal(400, "7004", `Invalid value: ${first?.path ?? ""} ${first?.message ?? ""}`);
}

function isMissing(body: unknown, path: readonly PropertyKey[]): boolean {
  let value = body;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return false;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return path.length > 0 && (value === undefined || value === null || value === "");
}

function requireLength(name: string, text: string, limit: number): void {
  if (text.length <= limit) return;
  throw new Refusal(400, "7004", `Invalid value: ${name} is longer than ${limit} characters`);
}

function requireVerified(name: string, to: string, settings: Readonly<ConnectSettings>): void {
  if (settings.verifiedNumbers === undefined || settings.verifiedNumbers.has(to)) return;
  throw new Refusal(400, "7004", `Invalid value: ${name} is not a verified number`);
}
