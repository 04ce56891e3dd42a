import type { Fault } from "./sandbox-state";

export interface UsualFault {
  label: string;
  meaning: string;
  fault: Fault;
}

export const usualFaults: readonly UsualFault[] = [
  {
    label: "429: too many requests",
    meaning: "Webex asks the bot to wait two seconds",
    fault: { service: "webex", kind: "status", status: 429, retryAfter: "2" },
  },
  {
    label: "500: server error",
    meaning: "Webex fails at every request",
    fault: { service: "webex", kind: "status", status: 500 },
  },
  {
    label: "Slow answers",
    meaning: "Webex takes three seconds to answer",
    fault: { service: "webex", kind: "slow", delayMs: 3000 },
  },
  {
    label: "Lost answers",
    meaning: "Webex posts the message, its answer does not arrive",
    fault: { service: "webex", kind: "lost", route: "POST /messages" },
  },
  {
    label: "Duplicate webhooks",
    meaning: "Webex tells the bot everything twice",
    fault: { service: "webhooks", kind: "duplicate" },
  },
  {
    label: "Missing webhooks",
    meaning: "Webex does not tell the bot what was said",
    fault: { service: "webhooks", kind: "missing" },
  },
  {
    label: "Connect is down",
    meaning: "No text and no call can be sent",
    fault: { service: "connect", kind: "reset" },
  },
];

export function isSameFault(one: Fault, other: Fault): boolean {
  return (
    one.service === other.service &&
    one.kind === other.kind &&
    one.status === other.status &&
    one.route === other.route
  );
}
