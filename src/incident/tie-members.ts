import type { Moment } from "../decision";
import type { Responder, RosterEntry } from "../roster/responder";
import type { Change } from "./change";
import { joinExternal, tied } from "./join-external";
import type { SpaceState } from "./space-state";

export interface TiedMembers {
  changes: Change[];
  /** All that were given; those who are members of the space as the person that they are. */
  entries: RosterEntry[];
  /** Ids of those who were told on Webex already, where an incident runs. */
  toldOnWebex: ReadonlySet<string>;
}

/**
 * Looks whether externals who come onto a roster are members of the space: their e-mail address is
 * a member's. They get that member's line, with the channels that they come with and Webex on. A
 * person with an unfinished membership change is left alone. A member who is not on the roster may
 * have a record that this decision does not know: the space is read anew.
 */
export function tieMembers(
  state: SpaceState,
  entries: readonly RosterEntry[],
  at: Moment,
): TiedMembers {
  const changes: Change[] = [];
  const taken = new Set<string>();
  const toldOnWebex = new Set<string>();
  const tiedEntries = entries.map((entry) => {
    const member = memberOf(state, entry.responder);
    if (!member || taken.has(member.personId)) return entry;
    const line = state.roster.find(({ responder }) => responder.personId === member.personId);
    if (!line) {
      changes.push(rereadSpace(state.space.id, at));
      return entry;
    }
    const externals = [entry.responder];
    const tie = joinExternal({ member, current: line.responder, roster: [], externals });
    if (!tie) return entry;
    taken.add(member.personId);
    changes.push(...tied({ spaceId: state.space.id, incidentId: state.incident?.id }, tie, at));
    if (line.channels.webex) toldOnWebex.add(tie.responder.id);
    const channels = { ...entry.channels, webex: true };
    return { responder: tie.responder, channels, isModerator: line.isModerator };
  });
  return { changes, entries: tiedEntries, toldOnWebex };
}

function memberOf(state: SpaceState, { email, kind, personId }: Responder) {
  const address = email?.toLowerCase();
  if (kind !== "external" || address === undefined || personId !== undefined) return undefined;
  const pending = [...state.pendingMemberships].map((one) => one.toLowerCase());
  return state.members.find(
    (member) =>
      !member.isBot &&
      member.email.toLowerCase() === address &&
      !pending.includes(address) &&
      !state.pendingMemberships.has(member.personId),
  );
}

/** Asks for a space to be read anew: that ties whoever is a member of it. */
export function rereadSpace(spaceId: string, at: Moment): Change {
  return { kind: "own-event.queued", event: { kind: "reread-space", spaceId }, at: at.now };
}
