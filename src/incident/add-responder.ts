import type { Decision, Moment } from "../decision";
import { UserError } from "../errors";
import type { Invitee } from "../notify/outbox-row";
import { externalChannels, internalChannels, internalResponder } from "../roster/new-responder";
import type { Member, Responder, RosterEntry } from "../roster/responder";
import type { Change } from "./change";
import type { PersonRef } from "./incident";
import { planRound } from "./plan-round";
import type { IncidentSettings } from "./settings";
import type { ExternalState, ReadState, SpaceState } from "./space-state";

const ADD_PATIENCE_MS = 10 * 60_000;
const ADD_PRIORITY = 1;

export interface AddInput {
  invitee: Invitee;
  by: PersonRef;
}

export type AddResult = { kind: "already-there"; name: string } | { kind: "adding"; who: string };

/** Asks Webex to take somebody into the space; what comes of it is a second decision. */
export function requestAdd(
  state: SpaceState,
  input: AddInput,
  at: Moment,
): Decision<Change, AddResult> {
  const { invitee, by } = input;
  const there = state.members.find((member) =>
    invitee.by === "email"
      ? member.email.toLowerCase() === invitee.email.toLowerCase()
      : member.personId === invitee.personId,
  );
  if (there) return { changes: [], result: { kind: "already-there", name: there.name } };
  refuseWhereBotMayNot(state);
  const effect: Change = {
    kind: "effect.queued",
    effect: {
      id: at.newId(),
      effect: { kind: "membership-add", spaceId: state.space.id, invitee, asker: by },
      spaceId: state.space.id,
      dueAt: at.now,
      expiresAt: at.now + ADD_PATIENCE_MS,
      priority: ADD_PRIORITY,
    },
  };
  const who = invitee.by === "email" ? invitee.email : invitee.name;
  return { changes: [effect], result: { kind: "adding", who } };
}

/** Throws a `UserError` where Webex would not let the bot add or remove people. */
export function refuseWhereBotMayNot(state: SpaceState): void {
  if (state.space.isModerated && !state.botIsModerator)
    throw new UserError(
      "bot-not-moderator",
      "I may not add or remove people here, because this space is moderated and I am not one of its moderators. Open People, find me in the list, choose Make moderator from the menu beside my name, and try again.",
    );
}

export interface AddedInput {
  spaceId: string;
  member: Member;
  by: PersonRef;
  settings: IncidentSettings;
}

/** Webex took the person in: roster, record, and during an incident the invite. */
export function membershipAdded(
  state: ReadState,
  input: AddedInput,
  at: Moment,
): Decision<Change, { isInvited: boolean }> {
  const { spaceId, member, by, settings } = input;
  const known = state.responders.get(member.personId);
  const responder = known ?? internalResponder(member, at.newId());
  const entry: RosterEntry = {
    responder,
    channels: internalChannels,
    isModerator: member.isModerator,
  };
  const wasThere = state.known?.roster.some((one) => one.responder.id === responder.id) ?? false;
  const changes: Change[] = [{ kind: "member.saved", spaceId, member }];
  if (member.isBot) return { changes, result: { isInvited: false } };
  if (!known) changes.push({ kind: "responder.created", responder, at: at.now });
  if (wasThere) return { changes, result: { isInvited: false } };
  return joinRunning(state.known, { spaceId, entry, by, settings }, changes, at);
}

interface Joining {
  spaceId: string;
  entry: RosterEntry;
  by: PersonRef;
  settings: IncidentSettings;
}

function joinRunning(
  state: SpaceState | undefined,
  { spaceId, entry, by, settings }: Joining,
  before: Change[],
  at: Moment,
): Decision<Change, { isInvited: boolean }> {
  const onRoster: Change = {
    kind: "roster.set",
    spaceId,
    responderId: entry.responder.id,
    channels: entry.channels,
    at: at.now,
  };
  const incident = state?.incident;
  if (!incident) return { changes: [...before, onRoster], result: { isInvited: false } };
  const round = planRound(
    {
      incidentId: incident.id,
      spaceId,
      kind: "invite",
      trigger: "command",
      openedBy: by,
      entries: [entry],
    },
    settings,
    at,
  );
  const onTimeline: Change = {
    kind: "timeline.added",
    incidentId: incident.id,
    entry: {
      kind: "added",
      at: at.now,
      actor: by.personId,
      payload: { name: entry.responder.name, by: by.name },
    },
  };
  return {
    changes: [...before, onRoster, onTimeline, ...round.changes],
    result: { isInvited: round.counts.people > 0 },
  };
}

export interface ExternalInput {
  external: {
    name: string;
    mobile?: string;
    voice?: string;
    email?: string;
    language?: string;
  };
  addsHere: boolean;
  by: PersonRef;
  settings: IncidentSettings;
}

export type ExternalResult =
  | { kind: "number-known"; existing: Responder; isOnRoster: boolean }
  | { kind: "saved"; responder: Responder; isAdded: boolean; isInvited: boolean };

/**
 * Keeps somebody who has only a phone, and adds them to this space's roster if wanted. A number
 * that is known already is not kept twice: the existing responder is offered instead.
 */
export function createExternal(
  state: ExternalState,
  input: ExternalInput,
  at: Moment,
): Decision<Change, ExternalResult> {
  if (state.existing) {
    const existing = state.existing;
    const isOnRoster = state.roster.some((entry) => entry.responder.id === existing.id);
    return { changes: [], result: { kind: "number-known", existing, isOnRoster } };
  }
  const responder: Responder = {
    id: at.newId(),
    kind: "external",
    version: 1,
    ...input.external,
  };
  const created: Change[] = [{ kind: "responder.created", responder, at: at.now }];
  if (!input.addsHere)
    return {
      changes: created,
      result: { kind: "saved", responder, isAdded: false, isInvited: false },
    };
  const joined = joinRunning(state, joiningOf(state, responder, input), created, at);
  return {
    changes: joined.changes,
    result: { kind: "saved", responder, isAdded: true, isInvited: joined.result.isInvited },
  };
}

/** Takes an external that exists already onto this space's roster. */
export function addKnownExternal(
  state: SpaceState,
  responder: Responder,
  input: Pick<ExternalInput, "by" | "settings">,
  at: Moment,
): Decision<Change, { isInvited: boolean }> {
  if (state.roster.some((entry) => entry.responder.id === responder.id))
    return { changes: [], result: { isInvited: false } };
  return joinRunning(state, joiningOf(state, responder, input), [], at);
}

function joiningOf(
  state: SpaceState,
  responder: Responder,
  input: Pick<ExternalInput, "by" | "settings">,
): Joining {
  return {
    spaceId: state.space.id,
    entry: { responder, channels: externalChannels(responder), isModerator: false },
    by: input.by,
    settings: input.settings,
  };
}
