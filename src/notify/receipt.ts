import type { SendState } from "./notification";

/**
 * What a provider says later about one text or call. submitted, offered and ringing move nothing;
 * voicemail: a machine answered; keyed: a key was pressed; ended is the end of a call, whoever hung
 * up; failed says in `code` why.
 */
export type ReceiptKind =
  | "submitted"
  | "delivered"
  | "offered"
  | "ringing"
  | "answered"
  | "voicemail"
  | "keyed"
  | "ended"
  | "failed";

export interface Receipt {
  kind: ReceiptKind;
  /** As far as the provider's words tell; the notification knows better. */
  channel: "sms" | "voice";
  /** The notification's id, where the provider gave it back. */
  notificationId?: string;
  /** The provider's own id of the send. */
  providerId?: string;
  /** The provider's code, such as 7203. */
  code?: string;
  /** By the provider's clock. */
  at: number;
}

/** What all receipts of one notification say together. */
export interface ReceiptVerdict {
  state: Extract<SendState, "delivered" | "failed">;
  /** How long a call lasted. */
  seconds?: number;
  code?: string;
}

type Said = Pick<Receipt, "kind" | "at" | "code">;

/**
 * Whether a text or call arrived, by all its receipts at once, so that their order does not count;
 * `undefined` while they leave it open. A call has arrived when a person answered it and it is over.
 */
export function verdictOf(
  channel: Receipt["channel"],
  receipts: readonly Said[],
): ReceiptVerdict | undefined {
  return channel === "sms" ? verdictOfText(receipts) : verdictOfCall(receipts);
}

function verdictOfText(receipts: readonly Said[]): ReceiptVerdict | undefined {
  if (receipts.some(({ kind }) => kind === "delivered")) return { state: "delivered" };
  return failure(receipts);
}

function verdictOfCall(receipts: readonly Said[]): ReceiptVerdict | undefined {
  const keyedAt = earliest(receipts, "keyed");
  // The provider takes somebody for a machine who is silent for long; whoever presses a key is none.
  if (keyedAt === undefined && receipts.some(({ kind }) => kind === "voicemail"))
    return { state: "failed", code: VOICEMAIL };
  const answeredAt = earliest(receipts, "answered") ?? keyedAt;
  const endedAt = earliest(receipts, "ended") ?? earliest(receipts, "failed");
  if (answeredAt !== undefined && endedAt !== undefined)
    return { state: "delivered", seconds: Math.max(0, Math.round((endedAt - answeredAt) / 1_000)) };
  if (answeredAt !== undefined) return undefined;
  const failed = failure(receipts);
  if (failed) return failed;
  return endedAt === undefined ? undefined : { state: "failed" };
}

function failure(receipts: readonly Said[]): ReceiptVerdict | undefined {
  const failed = receipts.find(({ kind }) => kind === "failed");
  if (!failed) return undefined;
  return { state: "failed", ...(failed.code === undefined ? {} : { code: failed.code }) };
}

function earliest(receipts: readonly Said[], wanted: ReceiptKind): number | undefined {
  const times = receipts.filter(({ kind }) => kind === wanted).map(({ at }) => at);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** The provider's own name of that event; it has no code. */
const VOICEMAIL = "VMDETECTED";

/** Webex Connect's reasons, in words for a moderator; section "delivery receipts" of its pages. */
const WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "7005": "the provider gave up",
    "7101": "the sender number is not accepted",
    "7102": "the number is not right",
    "7107": "the text was too long",
    "7109": "the number takes no texts from us",
    "7111": "the text was taken for spam",
    "7203": "nobody has this number",
    "7206": "the phone has no room for texts",
    "7207": "the phone is out of coverage",
    "7208": "the text expired before it arrived",
    "7281": "the sender number is not registered with the operators",
    "7282": "there is no route to this number",
    "7283": "this is a landline",
    "7302": "the sender number sends too much",
    "7401": "no answer",
    "7402": "busy",
    "7404": "could not be reached",
    "7406": "the call was declined",
    "7720": "the number takes no texts from us",
    [VOICEMAIL]: "a voicemail answered",
  }),
);

/** What a code of Webex Connect's means, where we know it. */
export function wordsForCode(code: string | undefined): string | undefined {
  return code === undefined ? undefined : WORDS.get(code);
}

/** Whether a page of Webex Connect's names it among those of what did not arrive. */
export function isFailureCode(code: string): boolean {
  return WORDS.has(code);
}

/** Why a text or call did not arrive. */
export function failureInWords(channel: Receipt["channel"], code: string | undefined): string {
  if (channel === "voice" && isBlocked(code)) return "the number takes no calls from us";
  const known = wordsForCode(code);
  if (known !== undefined) return known;
  if (channel === "voice") return code === undefined ? "no answer" : `the call failed (${code})`;
  return code === undefined ? "the text did not arrive" : `the text did not arrive (${code})`;
}

/** The number's operator or owner wants nothing from us; no further text is tried. */
export function isBlocked(code: string | undefined): boolean {
  return code !== undefined && BLOCKED.includes(code);
}

const BLOCKED = ["7109", "7720"];
const NOBODY = ["7102", "7203"];

/**
 * Another try in this incident would end the same way. That a number takes no texts is known of the
 * number itself, in every incident, until a moderator lifts it; that it takes no calls is not.
 */
export const forGoodCodes: Readonly<Record<Receipt["channel"], readonly string[]>> = {
  sms: NOBODY,
  voice: [...NOBODY, ...BLOCKED],
};

/** Why no texts go to a number, in words for a moderator. */
export const optOutWords = {
  stop: "replied STOP",
  blocked: "takes no texts from us",
} as const;
