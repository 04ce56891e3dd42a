import { RemoteError, UserError } from "../errors";
import { oauthRefusalOf } from "../grants/oauth-refusal";
import { GrantDeadError } from "../grants/ports";
import type { Arrival } from "./arrival";
import type { Who } from "./table";
import type { Turn } from "./turn";
import {
  cannotCheckAdmin,
  integrationRefused,
  noDirectoryGrant,
  notAdmin,
} from "./views/grant-sentences";
import { notHomeOrg, notInSpace, notKeeper, notModerator, notOperator } from "./views/sentences";

/** Throws a `UserError` unless the person of the turn may do what `who` may. */
export async function authorise(
  turn: Turn,
  who: Who,
  arrival: Pick<Arrival, "space">,
  homeOrgId: string,
): Promise<void> {
  const { actor } = turn;
  // Of whatever organisation, in the space or not: by what they are called, the rule finds out.
  if (who === "responder") return;
  if (actor.orgId === "") throw new UserError("not-a-member", notInSpace());
  if (actor.orgId !== homeOrgId) throw new UserError("not-home-org", notHomeOrg());
  if (who === "anyone") return;
  if (who === "operator") {
    if (actor.isOperator) return;
    throw new UserError("not-operator", notOperator());
  }
  if (who === "admin") return authoriseAdmin(turn);
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

/** Throws what Webex fails with where that may pass. */
async function authoriseAdmin({ actor, tools }: Turn): Promise<void> {
  const { integration } = tools.grants;
  const grant = await tools.grants.directoryGrant();
  if (!grant)
    throw new UserError("no-directory-grant", noDirectoryGrant(integration !== undefined));
  if (grant.personId === actor.personId) return;
  const isAdmin = async (personId: string): Promise<boolean> =>
    grant.diedAt === undefined && integration
      ? ((await unlessDead(integration.isAdmin(grant.id, personId))) ?? false)
      : false;
  if (await isAdmin(actor.personId)) return;
  // Webex shows nobody's roles to who is no administrator any more.
  if (await isAdmin(grant.personId)) throw new UserError("not-admin", notAdmin(grant.personName));
  throw new UserError("admin-unknown", cannotCheckAdmin(grant.personName));
}

/** `undefined` where the grant opens nothing any more. */
async function unlessDead(asked: Promise<boolean>): Promise<boolean | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof GrantDeadError) return undefined;
    if (oauthRefusalOf(error) === "client")
      throw new UserError("integration-refused", integrationRefused());
    if (error instanceof RemoteError && !error.failure.retryable) return undefined;
    throw error;
  }
}
