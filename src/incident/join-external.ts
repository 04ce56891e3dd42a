import type { Moment } from "../decision";
import type { Member, Responder, RosterEntry } from "../roster/responder";
import type { Change } from "./change";

export interface JoinFacts {
  /** Whom Webex shows in the space. */
  member: Member;
  /** The record that stands for this person until now. */
  current?: Responder | undefined;
  /** The roster of the space. */
  roster: readonly RosterEntry[];
  /** People outside Webex who have the member's e-mail address. */
  externals: readonly Responder[];
}

export interface Joined {
  /** The external, who is this person from now on, under the name that Webex gives. */
  responder: Responder;
  /** The external's name until now. */
  knownAs: string;
  /** The person's record until now, whose rosters and notifications become the external's. */
  replaces?: Responder;
  /** The line of this space's roster on which they stood, whichever of the two records it named. */
  entry?: RosterEntry;
}

/**
 * Whether a member is somebody who was kept as a person outside Webex: their e-mail address is the
 * same. They stay one record, the external's, with the numbers and the language that were given for
 * it, and are still looked up and edited like any external. The name is the one that Webex gives, as
 * for every member: an address may have been given wrongly, and nobody appears under somebody
 * else's name. A record that the person has from another space gives way to it, since it knows
 * nothing that Webex would not tell again, while nobody could tell the numbers again. Whoever was
 * joined once stays so.
 */
export function joinExternal(facts: JoinFacts): Joined | undefined {
  const { member, current, externals, roster } = facts;
  if (member.isBot || current?.kind === "external") return undefined;
  const entryOf = (responder: Responder) =>
    roster.find((entry) => entry.responder.id === responder.id);
  const external = externals.find((one) => entryOf(one) !== undefined) ?? externals[0];
  if (!external) return undefined;
  const entry = entryOf(external) ?? (current && entryOf(current));
  return {
    responder: { ...external, name: member.name, personId: member.personId },
    knownAs: external.name,
    ...(current ? { replaces: current } : {}),
    ...(entry ? { entry } : {}),
  };
}

/**
 * An external is a person from now on. Where one of the two records was on the roster its line
 * stays, with Webex on; an incident that runs records it where that was the external's.
 */
export function tied(
  { incidentId, spaceId }: { spaceId: string; incidentId: string | undefined },
  tie: Joined,
  at: Moment,
): Change[] {
  const { entry, knownAs, replaces, responder } = tie;
  const { id: responderId, name, personId = "" } = responder;
  const joined: Change = {
    kind: "responder.joined",
    responderId,
    personId,
    ...(replaces ? { replacesId: replaces.id } : {}),
    at: at.now,
  };
  const renamed: Change = { kind: "responder.renamed", responderId, name };
  const changes: Change[] = knownAs === name ? [joined] : [joined, renamed];
  if (!entry) return changes;
  const channels = { ...entry.channels, webex: true };
  changes.push({ kind: "roster.set", spaceId, responderId, channels, at: at.now });
  const now = nowOnWebex(tie);
  if (incidentId !== undefined && now)
    changes.push({
      kind: "timeline.added",
      incidentId,
      entry: { kind: "joined", at: at.now, actor: personId, payload: { ...now } },
    });
  return changes;
}

/** Somebody who was on this roster as an external, and is in the space as a Webex person now. */
export interface NowOnWebex {
  name: string;
  /** The name that they were on the roster with. */
  knownAs: string;
}

/** What is told of it; nothing where nobody had added the external to this roster. */
export function nowOnWebex({ entry, knownAs, responder }: Joined): NowOnWebex | undefined {
  return entry?.responder.id === responder.id ? { name: responder.name, knownAs } : undefined;
}

/**
 * Whether a responder is in the space as a Webex person. An external who turned out to be one is a
 * member in some spaces, and in others is reached by phone as before.
 */
export function isMember(members: readonly Member[], { personId }: Responder): boolean {
  return personId !== undefined && members.some((member) => member.personId === personId);
}
