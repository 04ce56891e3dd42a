import type { Decision, Moment } from "../decision";
import type { Channel } from "../notify/notification";
import { internalChannels, internalResponder, keptChannels } from "../roster/new-responder";
import type { Member, Responder, RosterEntry } from "../roster/responder";
import type { Change } from "./change";
import type { PersonRef } from "./incident";
import { joinExternal, nowOnWebex, tied, type Joined, type NowOnWebex } from "./join-external";
import { joinTogether, type Joining } from "./join-roster";
import type { IncidentSettings } from "./settings";
import type { ReadState } from "./space-state";

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
  const joined = joinTogether(state.known, joiningOfMember(state, responder, line, input), at);
  const isInvited = (joined.result?.people ?? 0) > 0;
  return { changes: [...changes, ...joined.changes], result: { isInvited, ...told } };
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
    entries: [entry],
    by,
    settings,
    round: {
      ...(openedBy ? { openedBy, trigger: "join" } : {}),
      ...(isOnWebexOnly ? { only: ["webex"] } : {}),
    },
  };
}
