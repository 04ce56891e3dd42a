import type { Decision, Moment } from "../decision";
import type { SpaceFacts } from "../roster/change";
import { internalChannels, internalResponder } from "../roster/new-responder";
import type { Member, Responder, RosterEntry } from "../roster/responder";
import type { Change } from "./change";
import { planLaterRound } from "./conference-needed";
import {
  isMember,
  joinExternal,
  nowOnWebex,
  tied,
  type Joined,
  type NowOnWebex,
} from "./join-external";
import { leaveRoster } from "./leave-roster";
import type { IncidentSettings } from "./settings";
import type { ReadState, SpaceState } from "./space-state";

export interface ReadInput {
  space: SpaceFacts;
  members: readonly Member[];
  settings: IncidentSettings;
}

export interface ReadResult {
  joined: string[];
  left: string[];
  /** Those who were on the roster as externals before. */
  nowOnWebex: NowOnWebex[];
  isFirst: boolean;
}

/**
 * Makes members and roster what Webex says they are. Who came during an incident is invited on
 * Webex; who left gets nothing more. An external whose e-mail address is a member's is that person
 * from now on, and leaves the roster with them like anybody; their numbers stay in their record, and
 * are used on the rosters that somebody added the external to. A person with an unfinished
 * membership change is left alone.
 */
export function reconcileSpace(
  state: ReadState,
  input: ReadInput,
  at: Moment,
): Decision<Change, ReadResult> {
  const { space, members, settings } = input;
  const known = state.known;
  const people = members.filter((member) => !isPending(known, member));
  const ties = tiesOf(state, people);
  const joined = people.filter(
    ({ isBot, personId }) =>
      !isBot && !isOnRoster(known, personId) && ties.get(personId)?.entry === undefined,
  );
  const left = goneEntries(known, members);
  const responders = new Map(state.responders);
  for (const [personId, { responder }] of ties) responders.set(personId, responder);
  const place = { spaceId: space.id, incidentId: known?.incident?.id };
  const changes: Change[] = [
    { kind: "space.saved", space, botIsModerator: isBotModerator(members, settings), at: at.now },
    ...changedMembers(known, people).map((member): Change => ({
      kind: "member.saved",
      spaceId: space.id,
      member,
    })),
    ...goneMembers(known, members).map((personId): Change => ({
      kind: "member.gone",
      spaceId: space.id,
      personId,
    })),
    ...[...ties.values()].flatMap((tie) => tied(place, tie, at)),
    ...joined.flatMap((member) => joinRoster(space.id, member, responders, at)),
    ...renamed(people, responders),
    ...left.flatMap(({ responder }) =>
      leaveRoster({ spaceId: space.id, responderId: responder.id }, "no longer in the space"),
    ),
    ...inviteJoined(known, [...joined, ...newOnWebex(known, people, ties)], responders, input, at),
    ...onTimeline(known, joined, left, at),
  ];
  return {
    changes,
    result: {
      joined: joined.map((member) => member.name),
      left: left.map((entry) => entry.responder.name),
      nowOnWebex: [...ties.values()].flatMap((tie) => nowOnWebex(tie) ?? []),
      isFirst: known === undefined,
    },
  };
}

/** The externals who turned out to be members, by person id. */
function tiesOf({ externals, known, responders }: ReadState, people: readonly Member[]) {
  const ties = new Map<string, Joined>();
  for (const member of people) {
    const tie = joinExternal({
      member,
      current: responders.get(member.personId),
      roster: known?.roster ?? [],
      externals: externals?.get(member.email.toLowerCase()) ?? [],
    });
    if (tie) ties.set(member.personId, tie);
  }
  return ties;
}

/** Those of them who were on the roster, but were not written to on Webex up to now. */
function newOnWebex(
  known: SpaceState | undefined,
  people: readonly Member[],
  ties: ReadonlyMap<string, Joined>,
): Member[] {
  return people.filter(
    ({ personId }) =>
      ties.get(personId)?.entry?.channels.webex === false && !isOnRoster(known, personId),
  );
}

function isBotModerator(members: readonly Member[], settings: IncidentSettings): boolean {
  return members.some((member) => member.personId === settings.botId && member.isModerator);
}

function isPending(known: SpaceState | undefined, member: Member): boolean {
  const { personId } = member;
  const email = member.email.toLowerCase();
  const pending = [...(known?.pendingMemberships ?? [])];
  return pending.some((one) => one === personId || one.toLowerCase() === email);
}

function isOnRoster(known: SpaceState | undefined, personId: string): boolean {
  return known?.roster.some((entry) => entry.responder.personId === personId) ?? false;
}

function changedMembers(known: SpaceState | undefined, members: readonly Member[]): Member[] {
  const before = new Map(known?.members.map((member) => [member.personId, member]));
  return members.filter((member) => {
    const old = before.get(member.personId);
    return (
      old?.name !== member.name ||
      old.email !== member.email ||
      old.isModerator !== member.isModerator ||
      old.isBot !== member.isBot
    );
  });
}

function goneMembers(known: SpaceState | undefined, members: readonly Member[]): string[] {
  const there = new Set(members.map((member) => member.personId));
  return (known?.members ?? [])
    .map((member) => member.personId)
    .filter((personId) => !there.has(personId) && !known?.pendingMemberships.has(personId));
}

function goneEntries(known: SpaceState | undefined, members: readonly Member[]): RosterEntry[] {
  const there = new Set(members.map((member) => member.personId));
  return (known?.roster ?? []).filter(({ responder }) => {
    const { personId } = responder;
    if (personId === undefined || there.has(personId)) return false;
    // An external who is no member here is on the roster for their phone, and has not left.
    if (responder.kind === "external" && !isMember(known?.members ?? [], responder)) return false;
    return !known?.pendingMemberships.has(personId);
  });
}

function joinRoster(
  spaceId: string,
  member: Member,
  responders: Map<string, Responder>,
  at: Moment,
): Change[] {
  const known = responders.get(member.personId);
  const responder = known ?? internalResponder(member, at.newId());
  responders.set(member.personId, responder);
  const created: Change[] = known ? [] : [{ kind: "responder.created", responder, at: at.now }];
  return [
    ...created,
    {
      kind: "roster.set",
      spaceId,
      responderId: responder.id,
      // Whoever comes by themselves starts as any member, also where a number is known from elsewhere.
      channels: internalChannels,
      at: at.now,
    },
  ];
}

function renamed(members: readonly Member[], responders: ReadonlyMap<string, Responder>): Change[] {
  return members.flatMap((member): Change[] => {
    const known = responders.get(member.personId);
    return known && known.name !== member.name
      ? [{ kind: "responder.renamed", responderId: known.id, name: member.name }]
      : [];
  });
}

function onTimeline(
  known: SpaceState | undefined,
  joined: readonly Member[],
  left: readonly RosterEntry[],
  at: Moment,
): Change[] {
  const incident = known?.incident;
  if (!incident) return [];
  const row = (kind: "added" | "removed", actor: string, name: string): Change => ({
    kind: "timeline.added",
    incidentId: incident.id,
    entry: { kind, at: at.now, actor, payload: { name, by: "themselves or a moderator" } },
  });
  return [
    ...joined.map((member) => row("added", member.personId, member.name)),
    ...left.map(({ responder }) => row("removed", responder.personId ?? "", responder.name)),
  ];
}

const onWebex = { webex: true, sms: false, voice: false };

function inviteJoined(
  known: SpaceState | undefined,
  joined: readonly Member[],
  responders: ReadonlyMap<string, Responder>,
  input: ReadInput,
  at: Moment,
): Change[] {
  const incident = known?.incident;
  const entries = joined.flatMap((member) => {
    const responder = responders.get(member.personId);
    return responder ? [{ responder, channels: onWebex, isModerator: member.isModerator }] : [];
  });
  if (!incident || entries.length === 0) return [];
  return planLaterRound(
    incident,
    {
      spaceId: input.space.id,
      kind: "invite",
      trigger: "join",
      openedBy: incident.startedBy,
      entries,
      only: ["webex"],
    },
    input.settings,
    at,
  ).changes;
}
