import type { AcceptedSend } from "./connect/accepted-send";
import type { PhoneCall } from "./connect/live-call";
import type { Sandbox } from "./start-sandbox";

/**
 * What became of direct messages, texts and calls since the sandbox was started, over all runs of
 * the bot. Of texts and calls the stand-in for Webex Connect knows it itself, the bot's answers to
 * texts included; the rest is what the bot counts in its metrics.
 */
export interface NotificationCounts {
  /** Queued or being sent when the bot was last asked. */
  queued: number;
  /** Taken by Webex or by Webex Connect, whatever became of them. */
  accepted: number;
  /** Of these the texts on a phone and the calls that somebody, or a voicemail, took. */
  delivered: number;
  /** Refused for good, not delivered, or not answered. */
  failed: number;
  /** Given up by the bot, because it was too late for another attempt. */
  expired: number;
  /** No longer needed when their turn came; what a decision took back before that is not counted. */
  cancelled: number;
}

/** How often notifications came to each state, by channel and state, in one run of the bot. */
export interface MetricCounts {
  /** When that run began, in seconds: another one counts from zero. */
  run: string;
  /** Keyed `<channel> <state>`. */
  states: ReadonlyMap<string, number>;
  /** Queued or being sent. */
  open: number;
}

const CHANNELS = ["webex", "sms", "voice"];
const SAMPLE = /^muster_notifications_total\{channel="(\w+)",state="(\w+)"\} (\d+)$/gm;

/** Reads what the bot tells at `/metrics`. */
export function readMetrics(text: string): MetricCounts {
  const [, run = ""] = /^process_start_time_seconds (\S+)$/m.exec(text) ?? [];
  const states = new Map<string, number>();
  for (const [, channel = "", state = "", count] of text.matchAll(SAMPLE))
    states.set(`${channel} ${state}`, Number(count));
  const [, open = "0"] = /^muster_notifications_open (\d+)$/m.exec(text) ?? [];
  return { run, states, open: Number(open) };
}

/** Of all runs together: the last thing that each of them said. Replies are no notifications. */
function sumOfState(runs: Iterable<MetricCounts>, wanted: string, channels = CHANNELS): number {
  let sum = 0;
  for (const { states } of runs)
    for (const channel of channels) sum += states.get(`${channel} ${wanted}`) ?? 0;
  return sum;
}

/** `queued`: see there. */
export function countNotifications(
  { connect, phones }: Pick<Sandbox, "connect" | "phones">,
  runs: readonly MetricCounts[],
  queued: number,
): NotificationCounts {
  const texts = connect.accepted.filter(({ kind }) => kind === "sms");
  const calls = phones.all().flatMap((phone) => phone.calls);
  return {
    queued,
    accepted: sumOfState(runs, "accepted", ["webex"]) + connect.accepted.length,
    delivered: texts.filter(isDelivered).length + calls.filter(isTaken).length,
    failed:
      sumOfState(runs, "failed") + texts.filter(isFailed).length + calls.filter(isMissed).length,
    expired: sumOfState(runs, "expired"),
    cancelled: sumOfState(runs, "cancelled"),
  };
}

function isDelivered({ status }: AcceptedSend): boolean {
  return status === "DELIVERED";
}

function isFailed({ status }: AcceptedSend): boolean {
  return status === "FAILED" || status === "REJECTED";
}

function isTaken({ answeredAt }: Readonly<PhoneCall>): boolean {
  return answeredAt !== undefined;
}

function isMissed({ answeredAt, state }: Readonly<PhoneCall>): boolean {
  return answeredAt === undefined && state === "ended";
}
