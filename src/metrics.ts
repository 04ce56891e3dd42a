import {
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  Registry,
  type MetricConfiguration,
} from "prom-client";

/** Up to the ten seconds after which every remote call ends. */
const CALL_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * The registry that /metrics shows, and what is counted in it. Labels hold words of the program
 * only: never a name, a number, an id or a text of a person.
 */
export function createMetrics() {
  const registry = new Registry();
  const counter = maker(Counter, registry);
  const gauge = maker(Gauge, registry);
  return {
    registry,
    /** outcome: stored, duplicate, dropped, bad-signature */
    eventsReceived: counter("events_received_total", "Events received.", ["resource", "outcome"]),
    /** outcome: done, retried, dead */
    inboxHandled: counter("inbox_handled_total", "Attempts to handle an event.", ["outcome"]),
    inboxAge: gauge("inbox_age_seconds", "Age of the oldest event not yet handled."),
    notifications: counter("notifications_total", "States that notifications came to.", [
      "channel",
      "state",
    ]),
    notificationAge: gauge("notification_age_seconds", "Age of the oldest one that is due."),
    notificationsOpen: gauge("notifications_open", "Notifications queued or being sent."),
    impossibleMoves: counter("impossible_moves_total", "Moves of a notification ignored.", [
      "from",
      "to",
    ]),
    /** outcome: matched, unmatched, lost */
    receipts: counter("receipts_total", "Receipts for texts and calls.", ["outcome"]),
    /** outcome: ok, refused, failed, unclear */
    remoteCalls: counter("remote_calls_total", "Calls to a provider.", ["service", "outcome"]),
    remoteCallSeconds: new Histogram({
      name: "muster_remote_call_seconds",
      help: "How long calls to a provider took.",
      labelNames: ["service"],
      buckets: CALL_SECONDS,
      registers: [registry],
    }),
    frameworkErrors: counter("framework_errors_total", "Rejections inside the bot framework."),
    /** action: created, reactivated, deleted, failed */
    webhookActions: counter("webhook_actions_total", "What the registrar did.", ["action"]),
    /** outcome: granted, used, unknown, not-ready, or why it was refused */
    grantReturns: counter("grant_returns_total", "Returns from Webex's page of consent.", [
      "outcome",
    ]),
    /** outcome: renewed, failed, client, died */
    grantRenewals: counter("grant_renewals_total", "Attempts to renew a grant.", ["outcome"]),
    /** outcome: read, busy, refused, no-grant */
    attendanceReadings: counter("attendance_readings_total", "Readings of who is in a meeting.", [
      "outcome",
    ]),
    directoryPeople: gauge("directory_people", "People in the copy of the directory."),
    directoryAge: gauge("directory_age_seconds", "Time since the directory was read last."),
    /** outcome: written, repeated, refused */
    decisions: counter("decisions_total", "Decisions on incidents.", ["outcome"]),
  };
}

/** Adds memory, CPU and event loop of this process; once in a process. */
export function collectProcessMetrics({ registry }: Metrics): void {
  collectDefaultMetrics({ register: registry });
}

function maker<M>(
  Metric: new (settings: MetricConfiguration<string>) => M,
  registry: Registry,
): (name: string, help: string, labelNames?: string[]) => M {
  return (name, help, labelNames = []) =>
    new Metric({ name: `muster_${name}`, help, labelNames, registers: [registry] });
}
