import type { ResponderProgress } from "../../src/incident/incident";
import type { Conference } from "../../src/notify/notification";
import type { ReadyInput } from "../../src/bot/views/ready";
import type { StatusInput } from "../../src/bot/views/status";
import { statusPeople } from "../../src/bot/views/status-rows";

export const cardId = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
export const startedAt = Date.UTC(2026, 0, 5, 3, 10);

/** What people could write anywhere. Each must show as it was written, and do nothing. */
export const hostileTexts: readonly string[] = [
  "**x** _y_",
  "[a](http://b)",
  "${1+1} ${cardId}",
  "<@all> <@personEmail:ana@corp.example|Ana>",
  "$(x)",
  "🚒🔥",
  "\u202eevil\u202c",
  "{{DATE(2026-01-05T03:10:00Z)}}",
  'quote " back \\ slash',
  "🔥".repeat(200),
];

export const conference: Conference = {
  link: "https://acme.webex.com/meet/payments",
  phone: "+14085550100",
  number: "25512345678",
  source: "bridge",
};

/** A responder of an incident; say only what matters. */
export function aProgress(overrides: Partial<ResponderProgress> = {}): ResponderProgress {
  return {
    responder: { id: "0195-bo", kind: "external", name: "Bo Alm", version: 1 },
    channels: ["sms", "voice"],
    outcomes: [],
    group: "waiting",
    isStarter: false,
    isInvited: false,
    isReached: false,
    toldOn: [],
    ...overrides,
  };
}

/** A status card's input; say only what matters. */
export function aStatus(overrides: Partial<StatusInput> = {}): StatusInput {
  return {
    cardId,
    botName: "Muster",
    spaceTitle: "Payments",
    at: startedAt + 120_000,
    incident: {
      name: "payments down",
      number: 42,
      state: "running",
      isDrill: false,
      startedAt,
      startedBy: { personId: "ana", name: "Ana Berg" },
    },
    isWaitingForConference: false,
    phone: { sms: true, voice: true },
    ...statusPeople([]),
    ...overrides,
  };
}

/** A readiness card's input with everything well; say only what matters. */
export function aReady(overrides: Partial<ReadyInput> = {}): ReadyInput {
  return {
    cardId,
    botName: "Muster",
    spaceTitle: "Payments",
    isModerated: true,
    botIsModerator: true,
    isAnnouncementOnly: false,
    isHomeOrg: true,
    conference: "bridge",
    facts: { hasIntegration: true, directory: {}, meetings: [] },
    now: startedAt,
    sms: { isReady: true },
    voice: { isReady: true },
    counts: { people: 18, webex: 15, sms: 9, voice: 4 },
    unreachable: [],
    ...overrides,
  };
}

const groups = ["coming", "waiting", "not-reached", "declined", "coming"] as const;

/** People of all groups, with an outcome on every channel. */
export function team(size: number): ResponderProgress[] {
  return Array.from({ length: size }, (_, index) => {
    const group = groups[index % groups.length]!;
    const hasFailed = group === "not-reached";
    const id = `01956a3e-7c1d-7b4e-9f00-${String(index).padStart(12, "0")}`;
    return aProgress({
      responder: { id, kind: "external", name: `Bo Alm ${index + 1}`, version: 1 },
      channels: ["webex", "sms", "voice"],
      group,
      isInvited: !hasFailed,
      isReached: group === "coming",
      outcomes: [
        {
          channel: "webex",
          kind: "invite",
          state: hasFailed ? "failed" : "accepted",
          maybeSent: false,
          at: startedAt,
          roundId: "round-1",
          ...(hasFailed && { reason: "no Webex account" }),
        },
        {
          channel: "sms",
          kind: "invite",
          state: hasFailed ? "failed" : "delivered",
          maybeSent: false,
          at: startedAt,
          roundId: "round-1",
          ...(hasFailed && { reason: "number unknown to the operator" }),
        },
      ],
    });
  });
}
