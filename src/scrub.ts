import { remembering } from "./remembering";

/**
 * Takes out of what is about to be logged everything that may not be in a log: credentials, phone
 * numbers, e-mail addresses and what people wrote. By the name of a field where names tell, and by
 * the look of the text everywhere else, since error messages quote whatever a library saw.
 */

const HIDDEN = "[redacted]";
const MAX_DEPTH = 8;
const NAMES_KEPT = 200;
/** Keeps a stray body out of the log, and the time that the patterns take bounded. */
const MAX_CHARACTERS = 20_000;

const privateNames =
  /(authorization|token|secret|password|cookie|credential|apikey|servicekey|encryptionkey|phone|phones|phonenumbers?|mobile|msisdn|destination|e?mails?)s?$/;

const writtenByPeople = new Set([
  "text",
  "markdown",
  "html",
  "body",
  "rawbody",
  "inputs",
  "attachments",
]);

const privateTexts: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${HIDDEN}`],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "[token]"],
  [/[\w+/=-]{16,200}_[A-Za-z0-9]{2,8}_[0-9a-f]{8}-[0-9a-f-]{27}/g, "[token]"],
  [/(\/webhooks\/connect\/)[^\s/?#"']+/g, "$1:secret"],
  [/:\/\/[^\s/@]+@/g, `://${HIDDEN}@`],
  [
    /((?:access_token|refresh_token|client_secret|code_verifier|password|secret|token|authorization)["']?\s*[:=]\s*["']?)[^\s"'&,}]+/gi,
    `$1${HIDDEN}`,
  ],
  [/[^\s@"'<>(),;:=[\]]{1,64}(?:@|%40)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/giu, "[email]"],
  [/(?:\+|%2B)\(?\d(?:[\s().-]{0,2}\d){6,14}/gi, "[number]"],
  // Webex Connect writes numbers without "+"; ids and timestamps are part of longer words.
  [/(?<![\w.:-])\d{10,15}(?![\w-]|\.\d)/g, "[number]"],
];

/** Replaces the parts of a text that look private. `exact` are values to hide wherever they occur. */
export function scrubText(text: string, exact: readonly string[] = []): string {
  let clean = text;
  for (const value of exact) clean = clean.replaceAll(value, HIDDEN);
  if (clean.length > MAX_CHARACTERS) clean = `${clean.slice(0, MAX_CHARACTERS)}…`;
  for (const [pattern, replacement] of privateTexts) clean = clean.replace(pattern, replacement);
  return clean;
}

/**
 * A copy of `fields` that may be logged: plain JSON values, errors as objects with name, message,
 * code, failure and stack, private fields hidden. Survives cycles.
 */
export function scrubFields(
  fields: object,
  exact: readonly string[] = [],
): Record<string, unknown> {
  const scrubber = new Scrubber(exact);
  if (fields instanceof Error) return { err: scrubber.value(fields) };
  return scrubber.members(fields);
}

class Scrubber {
  private readonly path: object[] = [];

  constructor(private readonly exact: readonly string[]) {}

  value(value: unknown): unknown {
    if (typeof value === "string") return scrubText(value, this.exact);
    if (typeof value === "bigint") return value.toString();
    if (typeof value === "function" || typeof value === "symbol") return `[${typeof value}]`;
    if (typeof value !== "object" || value === null) return value;
    return this.object(value);
  }

  members(value: object): Record<string, unknown> {
    const entries = value instanceof Map ? [...value] : Object.entries(value);
    return Object.fromEntries(
      entries.map(([name, member]): [string, unknown] => [
        scrubName(String(name), this.exact),
        isPrivate(String(name)) && member !== undefined ? HIDDEN : this.value(member),
      ]),
    );
  }

  private object(value: object): unknown {
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (value instanceof URL) return scrubText(value.href, this.exact);
    if (this.path.includes(value)) return "[circular]";
    if (this.path.length >= MAX_DEPTH) return "[deep]";
    this.path.push(value);
    try {
      return this.nested(value);
    } finally {
      this.path.pop();
    }
  }

  private nested(value: object): unknown {
    if (value instanceof Error) return this.error(value);
    if (Array.isArray(value) || value instanceof Set) {
      return [...(value as Iterable<unknown>)].map((item) => this.value(item));
    }
    return this.members(value);
  }

  private error(error: Error & { code?: unknown; failure?: unknown }): Record<string, unknown> {
    return {
      name: error.name,
      message: this.value(error.message),
      ...(error.code !== undefined && { code: this.value(error.code) }),
      ...(error.failure !== undefined && { failure: this.value(error.failure) }),
      ...(error.stack !== undefined && { stack: this.value(error.stack) }),
      ...(error.cause !== undefined && { cause: this.value(error.cause) }),
      ...(error instanceof AggregateError && { errors: this.value(error.errors) }),
    };
  }
}

/** Fields have few names, and most of them come with every line. */
const scrubName = remembering(NAMES_KEPT, scrubText);

function isPrivate(name: string): boolean {
  const word = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  return writtenByPeople.has(word) || privateNames.test(word);
}
