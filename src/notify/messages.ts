import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { ConfigProblem } from "../errors";
import { ConfigError } from "../errors";
import { expand } from "./template";

/** A text, or a text with the condition under which it is said. */
const sentence = z
  .union([z.string().min(1), z.strictObject({ $when: z.string(), text: z.string().min(1) })])
  .refine(canBeExpanded, "holds a ${…} that cannot be read");
const passage = z.array(sentence).min(1);

const channelShape = {
  /** In every language a rehearsal is known by the same word. */
  drill: z.string().startsWith("DRILL"),
  /** How to join; stands where a text says ${join}. */
  join: passage,
  invite: passage,
  reminder: passage,
  update: passage,
  stop: passage,
  message: passage,
};

const messagesSchema = z.strictObject({
  language: z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/),
  /** The voice that Webex Connect speaks this language with. */
  speech: z.strictObject({
    language: z.string().min(2),
    voice: z.string().min(1),
    gender: z.enum(["MALE", "FEMALE"]),
  }),
  /** What somebody may reply by SMS, besides the words that are understood in every language. */
  words: z.strictObject({
    coming: z.array(z.string().min(1)).min(1),
    declined: z.array(z.string().min(1)).min(1),
    stop: z.array(z.string().min(1)).min(1),
    start: z.array(z.string().min(1)).min(1),
  }),
  webex: z.strictObject(channelShape),
  sms: z.strictObject({
    ...channelShape,
    /** How to answer; ends invites and reminders where replies are heard. */
    reply: passage,
    /** What is said to somebody who has written. */
    answers: z.strictObject({
      coming: passage,
      declined: passage,
      over: passage,
      which: passage,
      unknown: passage,
      back: passage,
    }),
  }),
  voice: z.strictObject({
    ...channelShape,
    /** How "+" is spoken before a number. */
    plus: z.string().min(1),
    /** Said before everything is said a second time. */
    again: z.string().min(1),
    /** What a call says that takes keys. */
    keypad: z.strictObject({
      menu: passage,
      wrongKey: passage,
      coming: passage,
      declined: passage,
      notNeeded: passage,
      goodbye: passage,
    }),
  }),
});

export type Sentence = z.infer<typeof sentence>;
export type ChannelMessages = z.infer<typeof messagesSchema>["webex"];
export type SmsMessages = z.infer<typeof messagesSchema>["sms"];
export type AnswerKind = keyof z.infer<typeof messagesSchema>["sms"]["answers"];
/** All texts in one language; what may stand in `${…}` is described in `texts.ts`. */
export type Messages = z.infer<typeof messagesSchema>;

/**
 * Reads `<language>.json` of every language in the folder. Throws a ConfigError with every problem
 * of every file.
 */
export function loadMessages(folder: string): Record<string, Messages> {
  const problems: ConfigProblem[] = [];
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  const loaded = files.map((file) => readMessages(path.join(folder, file), problems));
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.fromEntries(
    loaded.filter((one) => one !== undefined).map((one) => [one.language, one]),
  );
}

function readMessages(file: string, problems: ConfigProblem[]): Messages | undefined {
  const result = messagesSchema.safeParse(parseJson(readFileSync(file, "utf8")));
  if (!result.success) {
    const rules = result.error.issues.map(({ path: at, message }) => `${at.join(".")}: ${message}`);
    problems.push(...rules.map((rule) => ({ variable: file, rule })));
    return undefined;
  }
  if (path.basename(file) !== `${result.data.language}.json`) {
    problems.push({ variable: file, rule: `must be called ${result.data.language}.json` });
  }
  return result.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema then says about the file that it holds no object.
    return undefined;
  }
}

/** An expression that cannot be evaluated is either thrown about or left standing. */
function canBeExpanded(candidate: string | { $when: string; text: string }): boolean {
  const templates = typeof candidate === "string" ? [candidate] : Object.values(candidate);
  try {
    return templates.every((template) => !expand(template, {}).includes("${"));
  } catch {
    return false;
  }
}
