import type { Decision, Moment } from "../decision";
import { externalChannels } from "../roster/new-responder";
import type { Responder, RosterEntry } from "../roster/responder";
import type { Change } from "./change";
import { joinExternals, type Joining } from "./join-roster";
import type { RoundCounts } from "./plan-round";
import type { SpaceState } from "./space-state";

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
  input: Pick<Joining, "by" | "settings">,
  at: Moment,
): Decision<Change, KnownAdded> {
  const there = new Set(state.roster.map((entry) => entry.responder.id));
  const coming = responders.filter(({ id }) => !there.has(id));
  const { changes, result } = joinExternals(state, comingOnto(state, coming, input), at);
  const added = result.entries.map(({ responder }) => responder);
  const already = responders.filter(({ id }) => there.has(id));
  return { changes, result: { added, already, invited: result.invited } };
}

/** Externals as they come onto a roster: each channel on for which they have a number or address. */
export function comingOnto(
  state: SpaceState,
  responders: readonly Responder[],
  input: Pick<Joining, "by" | "settings">,
): Joining {
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
