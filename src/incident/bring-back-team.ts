import type { Decision, Moment } from "../decision";
import { keptChannels } from "../roster/new-responder";
import type { RosterEntry } from "../roster/responder";
import { joinExternals } from "./join-roster";
import { requestAdd } from "./add-responder";
import type { Change } from "./change";
import type { PersonRef } from "./incident";
import type { IncidentSettings } from "./settings";
import type { LastTeam, StartState, TeamMember } from "./space-state";

export interface TeamInput {
  by: PersonRef;
  trigger: "command" | "press";
  settings: IncidentSettings;
}

export interface TeamResult {
  /** The incident whose team it is; absent where the space never had one that is over. */
  incident?: LastTeam["incident"];
  /** On the roster again. */
  back: RosterEntry[];
  /** Names of Webex people who are being taken into the space. */
  adding: string[];
  /** Names of Webex people whom the bot may not take in. */
  notAllowed: string[];
  /** Names of externals who do not exist any more. */
  deleted: string[];
  isInvited: boolean;
}

/** Those of the team who are not here, by what can be done about it. */
export interface MissingTeam {
  outside: TeamMember[];
  /** Webex people who left the space. */
  people: TeamMember[];
  deleted: TeamMember[];
}

/**
 * Who of the last team is missing. An external counts as one of the outside even where Webex knows
 * them: they are reached at once, and nobody from outside is let into a space without being asked
 * for by name.
 */
export function missingTeam({ lastTeam, members, roster }: StartState): MissingTeam {
  const here = new Set([
    ...roster.map(({ responder }) => responder.id),
    ...roster.map(({ responder }) => responder.personId),
    ...members.map(({ personId }) => personId),
  ]);
  const missing = (lastTeam?.members ?? []).filter(({ responder }) => !here.has(responder.id));
  const alive = missing.filter(({ isDeleted }) => !isDeleted);
  return {
    outside: alive.filter(({ responder }) => responder.kind === "external"),
    people: alive.filter(
      ({ responder }) => responder.kind === "internal" && !here.has(responder.personId),
    ),
    deleted: missing.filter(({ isDeleted }) => isDeleted),
  };
}

/**
 * Brings back the roster of the last incident: externals at once, with the channels that they had
 * there as far as they still have the number; Webex people by asking Webex to take them in, after
 * which they get their channels back as well. During an incident they are invited as soon as they
 * are back. Whoever is here already stays as they are.
 */
export function bringBackTeam(
  state: StartState,
  input: TeamInput,
  at: Moment,
): Decision<Change, TeamResult> {
  const { outside, people, deleted } = missingTeam(state);
  const mayAdd = !state.space.isModerated || state.botIsModerator;
  const joined = joinExternals(
    state,
    {
      spaceId: state.space.id,
      entries: outside.map(toEntry),
      by: input.by,
      settings: input.settings,
      round: { trigger: input.trigger },
    },
    at,
  );
  const asked = mayAdd ? people.flatMap((member) => askBack(state, member, input, at)) : [];
  return {
    changes: [...joined.changes, ...asked],
    result: {
      ...(state.lastTeam ? { incident: state.lastTeam.incident } : {}),
      back: joined.result.entries,
      adding: mayAdd ? namesOf(people) : [],
      notAllowed: mayAdd ? [] : namesOf(people),
      deleted: namesOf(deleted),
      isInvited: (joined.result.invited?.people ?? 0) > 0,
    },
  };
}

function toEntry({ channels, responder }: TeamMember): RosterEntry {
  return { responder, channels: keptChannels(responder, channels), isModerator: false };
}

function askBack(
  state: StartState,
  { channels, responder: { name, personId } }: TeamMember,
  { by }: TeamInput,
  at: Moment,
): readonly Change[] {
  // Who is being taken in already needs no second request.
  if (personId === undefined || state.pendingMemberships.has(personId)) return [];
  const invitee = { by: "person" as const, personId, name };
  return requestAdd(state, { invitee, channels, by: { ...by, isTeam: true } }, at).changes;
}

function namesOf(members: readonly TeamMember[]): string[] {
  return members.map(({ responder }) => responder.name);
}
