import type { Decision, Moment } from "../decision";
import { UserError } from "../errors";
import type { Channel } from "../notify/notification";
import type { Asker, Invitee } from "../notify/outbox-row";
import {
  externalChannels,
  internalChannels,
  internalResponder,
  keptChannels,
} from "../roster/new-responder";
import type { Member, Responder, RosterEntry } from "../roster/responder";
import type { Change } from "./change";
import { planLaterRound } from "./conference-needed";
import type { PersonRef } from "./incident";
import { joinExternal, nowOnWebex, tied, type Joined, type NowOnWebex } from "./join-external";
import { usableChannels, type RoundCounts, type RoundPlan } from "./plan-round";
import type { IncidentSettings } from "./settings";
import type { ExternalState, ReadState, SpaceState } from "./space-state";
import { tieMembers } from "./tie-members";

const ADD_PATIENCE_MS = 10 * 60_000;
const ADD_PRIORITY = 1;

export interface AddInput {
  invitee: Invitee;
  by: Asker;
  isModerator?: boolean;
  /** How their channels shall be switched, if not as for anybody who comes. */
  channels?: Readonly<Record<Channel, boolean>>;
}

export type AddResult = { kind: "already-there"; name: string } | { kind: "adding"; who: string };

/** Asks Webex to take somebody into the space; what comes of it is a second decision. */
export function requestAdd(
  state: SpaceState,
  input: AddInput,
  at: Moment,
): Decision<Change, AddResult> {
  const { by, ...wanted } = input;
  const { invitee } = wanted;
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
      effect: { kind: "membership-add", spaceId: state.space.id, ...wanted, asker: by },
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
  /** How their channels were switched when they were here before. */
  channels?: Readonly<Record<Channel, boolean>>;
  settings: IncidentSettings;
}

export interface AddedResult {
  isInvited: boolean;
  /** They were on the roster as an external before. */
  nowOnWebex?: NowOnWebex;
}

/**
 * Webex took the person in: roster, record, and during an incident the invite. Who is known as an
 * external stays that one, and is not invited again where they were on Webex already; their phone is
 * used where somebody added them to this roster, and not because a number is known from elsewhere. Who let
 * themselves in is invited as anybody who comes by hand: on Webex only.
 */
export function membershipAdded(
  state: ReadState,
  input: AddedInput,
  at: Moment,
): Decision<Change, AddedResult> {
  const { spaceId, member } = input;
  const known = state.responders.get(member.personId);
  const saved: Change = { kind: "member.saved", spaceId, member };
  if (member.isBot) return { changes: [saved], result: { isInvited: false } };
  const tie = tieOf(state, member, known);
  const responder = tie?.responder ?? known ?? internalResponder(member, at.newId());
  const isNew = !tie && !known;
  const changes: Change[] = [
    saved,
    ...(isNew ? [{ kind: "responder.created" as const, responder, at: at.now }] : []),
    ...(tie ? tied({ spaceId, incidentId: state.known?.incident?.id }, tie, at) : []),
  ];
  const onWebex = tie && nowOnWebex(tie);
  const told = onWebex ? { nowOnWebex: onWebex } : {};
  const line = tie?.entry ?? state.known?.roster.find((one) => one.responder.id === responder.id);
  if (line?.channels.webex) return { changes, result: { isInvited: false, ...told } };
  const joining = joiningOfMember(state, responder, line, input);
  const joined = joinRunning(state.known, joining, changes, at);
  return { changes: joined.changes, result: { ...joined.result, ...told } };
}

function tieOf(
  { externals, known }: ReadState,
  member: Member,
  current: Responder | undefined,
): Joined | undefined {
  const sameAddress = externals?.get(member.email.toLowerCase()) ?? [];
  return joinExternal({ member, current, roster: known?.roster ?? [], externals: sameAddress });
}

function joiningOfMember(
  { known }: ReadState,
  responder: Responder,
  line: RosterEntry | undefined,
  { spaceId, member, by, settings, channels }: AddedInput,
): Joining {
  const before = line?.channels ?? (channels && keptChannels(responder, channels));
  const entry: RosterEntry = {
    responder,
    channels: before ? { ...before, webex: true } : internalChannels,
    isModerator: member.isModerator,
  };
  const isByHand = by.personId === member.personId;
  const openedBy = isByHand ? known?.incident?.startedBy : undefined;
  const isOnWebexOnly = isByHand || line !== undefined;
  return {
    spaceId,
    entry,
    by,
    settings,
    round: {
      ...(openedBy ? { openedBy, trigger: "join" } : {}),
      ...(isOnWebexOnly ? { only: ["webex"] } : {}),
    },
  };
}

interface Joining {
  spaceId: string;
  entry: RosterEntry;
  by: PersonRef;
  settings: IncidentSettings;
  /** Where the round is not simply theirs who added somebody. */
  round?: Partial<Pick<RoundPlan, "openedBy" | "only" | "trigger">>;
}

function joinRunning(
  state: SpaceState | undefined,
  { entry, ...joining }: Joining,
  before: Change[],
  at: Moment,
): Decision<Change, { isInvited: boolean }> {
  const joined = joinTogether(state, { ...joining, entries: [entry] }, at);
  return {
    changes: [...before, ...joined.changes],
    result: { isInvited: (joined.result?.people ?? 0) > 0 },
  };
}

interface JoiningTogether extends Omit<Joining, "entry"> {
  entries: readonly RosterEntry[];
}

export interface ExternalsJoined {
  /** Those who are members of the space as the person that they are. */
  entries: RosterEntry[];
  /** Who is told now, where an incident runs and somebody is to be told. */
  invited: RoundCounts | undefined;
}

/**
 * Externals onto the roster, and during an incident into it. Who is a member of the space is one
 * person with one line from now on, and is invited only on the channels that are new to them.
 */
export function joinExternals(
  state: SpaceState,
  input: JoiningTogether,
  at: Moment,
): Decision<Change, ExternalsJoined> {
  const { changes, entries, toldOnWebex } = tieMembers(state, input.entries, at);
  const joined = joinTogether(state, { ...input, entries }, at, toldOnWebex);
  return { changes: [...changes, ...joined.changes], result: { entries, invited: joined.result } };
}

/** Onto the roster, and during an incident into it: all of them are invited in one round. */
function joinTogether(
  state: SpaceState | undefined,
  input: JoiningTogether,
  at: Moment,
  toldOnWebex: ReadonlySet<string> = new Set(),
): Decision<Change, RoundCounts | undefined> {
  const { by, entries, settings, spaceId } = input;
  const onRoster = entries.map((entry): Change => ({
    kind: "roster.set",
    spaceId,
    responderId: entry.responder.id,
    channels: entry.channels,
    at: at.now,
  }));
  const incident = state?.incident;
  if (!incident || entries.length === 0) return { changes: onRoster, result: undefined };
  const onTimeline = entries.map((entry): Change => ({
    kind: "timeline.added",
    incidentId: incident.id,
    entry: {
      kind: "added",
      at: at.now,
      actor: by.personId,
      payload: { name: entry.responder.name, by: by.name },
    },
  }));
  const untold = untoldOf(entries, toldOnWebex, settings);
  if (untold.entries.length === 0)
    return { changes: [...onRoster, ...onTimeline], result: undefined };
  const round = planLaterRound(
    incident,
    {
      spaceId,
      kind: "invite",
      trigger: "command",
      openedBy: by,
      ...untold,
      ...input.round,
    },
    settings,
    at,
  );
  return { changes: [...onRoster, ...onTimeline, ...round.changes], result: round.counts };
}

const NOT_ON_WEBEX: readonly Channel[] = ["sms", "voice"];
const ALL: readonly Channel[] = ["webex", ...NOT_ON_WEBEX];

/** Who is told on Webex already is told on the other channels, if there are any. */
function untoldOf(
  entries: readonly RosterEntry[],
  toldOnWebex: ReadonlySet<string>,
  settings: IncidentSettings,
): Pick<RoundPlan, "entries" | "only"> {
  if (toldOnWebex.size === 0) return { entries };
  const isTold = (entry: RosterEntry) => toldOnWebex.has(entry.responder.id);
  const untold = entries.filter(
    (entry) => !isTold(entry) || usableChannels(entry, settings).some((one) => one !== "webex"),
  );
  const only = new Map(
    untold.map((entry) => [entry.responder.id, isTold(entry) ? NOT_ON_WEBEX : ALL]),
  );
  return { entries: untold, only };
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
  const joined = joinExternals(state, joiningOf(state, [responder], input), at);
  const [entry] = joined.result.entries;
  return {
    changes: [...created, ...joined.changes],
    result: {
      kind: "saved",
      responder: entry?.responder ?? responder,
      isAdded: true,
      isInvited: (joined.result.invited?.people ?? 0) > 0,
    },
  };
}

/** Takes an external that exists already onto this space's roster. */
export function addKnownExternal(
  state: SpaceState,
  responder: Responder,
  input: Pick<ExternalInput, "by" | "settings">,
  at: Moment,
): Decision<Change, { isInvited: boolean }> {
  const { changes, result } = addKnownExternals(state, [responder], input, at);
  return { changes, result: { isInvited: (result.invited?.people ?? 0) > 0 } };
}

export interface KnownAdded {
  added: Responder[];
  /** Who was on the roster before. */
  already: Responder[];
  /** Who is told now, where an incident runs. */
  invited: RoundCounts | undefined;
}

/** Takes externals that exist already onto this space's roster; one round tells all of them. */
export function addKnownExternals(
  state: SpaceState,
  responders: readonly Responder[],
  input: Pick<ExternalInput, "by" | "settings">,
  at: Moment,
): Decision<Change, KnownAdded> {
  const there = new Set(state.roster.map((entry) => entry.responder.id));
  const coming = responders.filter(({ id }) => !there.has(id));
  const { changes, result } = joinExternals(state, joiningOf(state, coming, input), at);
  const added = result.entries.map(({ responder }) => responder);
  const already = responders.filter(({ id }) => there.has(id));
  return { changes, result: { added, already, invited: result.invited } };
}

function joiningOf(
  state: SpaceState,
  responders: readonly Responder[],
  input: Pick<ExternalInput, "by" | "settings">,
): JoiningTogether {
  const entries = responders.map((responder): RosterEntry => {
    return { responder, channels: externalChannels(responder), isModerator: false };
  });
  return {
    spaceId: state.space.id,
    entries,
    by: input.by,
    settings: input.settings,
  };
}
