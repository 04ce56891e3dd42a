import { UserError } from "../errors";
import type { Arrival } from "./arrival";
import type { Who } from "./table";
import type { Turn } from "./turn";
import { notHomeOrg, notInSpace, notKeeper, notModerator, notOperator } from "./views/sentences";

/** Throws a `UserError` unless the person of the turn may do what `who` may. */
export async function authorise(
  turn: Turn,
  who: Who,
  arrival: Pick<Arrival, "space">,
  homeOrgId: string,
): Promise<void> {
  const { actor } = turn;
  if (actor.orgId === "") throw new UserError("not-a-member", notInSpace());
  if (actor.orgId !== homeOrgId) throw new UserError("not-home-org", notHomeOrg());
  if (who === "anyone") return;
  if (who === "operator") {
    if (actor.isOperator) return;
    throw new UserError("not-operator", notOperator());
  }
  // A card that was asked for in a space is for the moderators of that space.
  if (who === "keeper" && turn.card?.spaceId === undefined) return authoriseKeeper(turn);
  if (actor.isModerator) return;
  const space = await arrival.space(turn.spaceId);
  const isModerated = space?.facts.isModerated ?? false;
  // Without moderators nobody acts in a space, operators no more than others.
  if (actor.isOperator && isModerated) return;
  throw new UserError("not-moderator", notModerator({ isModerated, botName: turn.tools.botName }));
}

async function authoriseKeeper({ actor, tools }: Turn): Promise<void> {
  const isKeeper = tools.hasOperators ? actor.isOperator : await tools.moderatesAny(actor.personId);
  if (!isKeeper) throw new UserError("not-keeper", notKeeper({ hasOperators: tools.hasOperators }));
}
