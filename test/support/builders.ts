import type { Moment } from "../../src/decision";
import type { CallEvent } from "../../src/incident/call";
import type { Change } from "../../src/incident/change";
import type { ChannelOutcome, Incident, ResponderProgress } from "../../src/incident/incident";
import type { StoredCard } from "../../src/incident/ports";
import type { NotificationFact } from "../../src/incident/progress";
import type { IncidentSettings } from "../../src/incident/settings";
import type { ProgressState, SpaceState } from "../../src/incident/space-state";
import type { Grant } from "../../src/grants/grant";
import type { Conference, OpenMeeting } from "../../src/notify/notification";
import type { NewNotification } from "../../src/notify/outbox-row";
import { internalChannels, externalChannels } from "../../src/roster/new-responder";
import type { Member, Responder, RosterEntry } from "../../src/roster/responder";

export const NOW = Date.UTC(2026, 0, 5, 3, 10);
export const SPACE = "space-payments";
export const BOT = "bot";
export const HOME_ORG = "org-home";

export const ana = { personId: "ana", name: "Ana Berg" };
export const bo = { personId: "bo", name: "Bo Alm" };

/** A decision's moment whose ids are counted: "id-1", "id-2", "card-1". */
export function aMoment(now = NOW): Moment {
  let ids = 0;
  let cards = 0;
  return {
    now,
    newId: () => `id-${(ids += 1)}`,
    newCardId: () => `card-${(cards += 1)}`,
  };
}

export function aSettings(overrides: Partial<IncidentSettings> = {}): IncidentSettings {
  return {
    botId: BOT,
    voiceAfterSmsMs: 15_000,
    expiryMs: 30 * 60_000,
    isSmsReady: true,
    isVoiceReady: true,
    canReplyBySms: false,
    canAnswerCalls: false,
    renotifyMs: 5 * 60_000,
    renotifyTimes: 2,
    hasStopNotice: true,
    canOpenMeetings: false,
    ...overrides,
  };
}

/** A person in the space; say only what matters. */
export function aMember(overrides: Partial<Member> = {}): Member {
  const personId = overrides.personId ?? "bo";
  return {
    personId,
    email: `${personId}@corp.example`,
    name: personId === "bo" ? bo.name : personId,
    orgId: HOME_ORG,
    isModerator: false,
    isBot: false,
    ...overrides,
  };
}

/** The bot's own membership. */
export function theBot(overrides: Partial<Member> = {}): Member {
  return aMember({ personId: BOT, name: "Muster", isBot: true, isModerator: true, ...overrides });
}

/** A Webex person; their responder's id is "r-" and the person's id. */
export function aPerson(overrides: Partial<Responder> = {}): Responder {
  const personId = overrides.personId ?? "bo";
  return {
    id: `r-${personId}`,
    kind: "internal",
    name: personId === "bo" ? bo.name : personId,
    personId,
    email: `${personId}@corp.example`,
    version: 1,
    ...overrides,
  };
}

/** Somebody from outside with both numbers. */
export function anExternal(overrides: Partial<Responder> = {}): Responder {
  return {
    id: "r-eve",
    kind: "external",
    name: "Eve Dahl",
    mobile: "+14085550101",
    voice: "+14085550102",
    version: 1,
    ...overrides,
  };
}

/** A line of the roster with the channels that its responder starts with. */
export function anEntry(
  responder: Responder = aPerson(),
  overrides: Partial<Omit<RosterEntry, "responder">> = {},
): RosterEntry {
  const channels = responder.kind === "internal" ? internalChannels : externalChannels(responder);
  return { responder, channels, isModerator: false, ...overrides };
}

export function anIncident(overrides: Partial<Incident> = {}): Incident {
  return {
    id: "incident-1",
    number: 42,
    spaceId: SPACE,
    name: "payments down",
    state: "running",
    isDrill: false,
    startedAt: NOW - 60_000,
    startedBy: ana,
    ...overrides,
  };
}

/**
 * A moderated space in which the bot is a moderator, with Ana (moderator) and Bo, both on the
 * roster.
 */
export function aSpaceState(overrides: Partial<SpaceState> = {}): SpaceState {
  return {
    space: aSpace(),
    botIsModerator: true,
    members: [
      theBot(),
      aMember({ ...ana, email: "ana@corp.example", isModerator: true }),
      aMember(),
    ],
    roster: [
      anEntry(aPerson({ ...ana, id: "r-ana", email: "ana@corp.example" }), { isModerator: true }),
      anEntry(),
    ],
    pendingMemberships: new Set(),
    isForeignTold: false,
    recentPresses: [],
    ...overrides,
  };
}

export function aSpace(overrides: Partial<SpaceState["space"]> = {}): SpaceState["space"] {
  return {
    id: SPACE,
    title: "Payments",
    kind: "group",
    isModerated: true,
    isAnnouncementOnly: false,
    ownerOrgId: HOME_ORG,
    ...overrides,
  };
}

/** A meeting that was opened in Ana's name, a moment ago. */
export function aMeeting(
  meeting: Partial<OpenMeeting> = {},
  details: Partial<Conference> = {},
): Conference & { meeting: OpenMeeting } {
  return {
    link: "https://meet.example/adhoc",
    number: "2655",
    phone: "+14085256800",
    password: "1234",
    ...details,
    source: "meeting",
    meeting: {
      id: "meeting-1",
      grantId: "grant-1",
      hostName: ana.name,
      heardAt: NOW,
      ...meeting,
    },
  };
}

/** What Ana gave: she lets the bot open meetings, for her own incidents only. */
export function aMeetingsGrant(overrides: Partial<Grant> = {}): Grant {
  return {
    id: "grant-1",
    kind: "meetings",
    personId: ana.personId,
    personName: ana.name,
    orgId: HOME_ORG,
    scopes: ["spark:all"],
    isLent: false,
    grantedAt: NOW - 60_000,
    accessExpiresAt: NOW + 60_000,
    ...overrides,
  };
}

/** A space in which an incident runs; nothing has been sent to anybody. */
export function aProgressState(overrides: Partial<ProgressState> = {}): ProgressState {
  const incident = overrides.incident ?? anIncident();
  return {
    ...aSpaceState(),
    incident,
    latest: incident,
    progress: [],
    openRounds: new Set(),
    ...overrides,
  };
}

/** Bo was sent the invite on Webex. */
export function aFact(overrides: Partial<NotificationFact> = {}): NotificationFact {
  return {
    responderId: "r-bo",
    roundId: "round-1",
    channel: "webex",
    kind: "invite",
    state: "accepted",
    isUnclear: false,
    createdAt: NOW,
    changedAt: NOW,
    ...overrides,
  };
}

export function anOutcome(overrides: Partial<ChannelOutcome> = {}): ChannelOutcome {
  return {
    channel: "webex",
    kind: "invite",
    state: "accepted",
    maybeSent: false,
    at: NOW,
    roundId: "round-1",
    ...overrides,
  };
}

/** What became of one line of the roster. */
export function aProgressOf(
  entry: RosterEntry,
  overrides: Partial<ResponderProgress> = {},
): ResponderProgress {
  return {
    responder: entry.responder,
    channels: ["webex"],
    outcomes: [],
    group: "waiting",
    isStarter: false,
    isInvited: false,
    isReached: false,
    toldOn: [],
    ...overrides,
  };
}

export function aCard(overrides: Partial<StoredCard> = {}): StoredCard {
  return { id: "card-a", kind: "notice", spaceId: SPACE, payload: {}, ...overrides };
}

/** The call about notification n-1 was answered. */
export function aCallEvent(overrides: Partial<CallEvent> = {}): CallEvent {
  return {
    sessionId: "s-1",
    notificationId: "n-1",
    step: "answered",
    isFailure: false,
    digits: "",
    at: NOW,
    ...overrides,
  };
}

/** Own work: what tells how to join the incident is looked for. */
export const conferenceLookUp = {
  kind: "find-conference",
  spaceId: SPACE,
  incidentId: "incident-1",
  roundId: "round-1",
} as const;

/** The changes of one kind, in order. */
export function ofKind<Kind extends Change["kind"]>(
  changes: readonly Change[],
  kind: Kind,
): Extract<Change, { kind: Kind }>[] {
  return changes.filter(
    (change): change is Extract<Change, { kind: Kind }> => change.kind === kind,
  );
}

/** The notifications among the changes, each as "who channel". */
export function sends(changes: readonly Change[]): string[] {
  return notifications(changes).map((one) => `${one.responderId} ${one.channel}`);
}

export function notifications(changes: readonly Change[]): NewNotification[] {
  return ofKind(changes, "notification.queued").map((change) => change.notification);
}

/** The kinds of the timeline entries among the changes. */
export function timelineKinds(changes: readonly Change[]): string[] {
  return ofKind(changes, "timeline.added").map((change) => change.entry.kind);
}
