import { conditionOf } from "../directory/condition";
import { UserError } from "../errors";
import type { Change } from "../incident/change";
import type { GrantsState } from "../incident/space-state";
import { cardDirectly, replyText } from "./replies";
import { pressedCard, type Turn } from "./turn";
import { directory } from "./views/directory";
import {
  directoryUsage,
  grantIsDead,
  noDirectoryGrant,
  noIntegration,
} from "./views/grant-sentences";
import { readingAlready, readingBegins } from "./views/sync-sentences";

/** `directory`: how it is, with what can be done about it. */
export async function showDirectory(turn: Turn, rest: string): Promise<void> {
  if (rest !== "") throw new UserError("directory-usage", directoryUsage());
  const { decisions, grants } = turn.tools;
  await decisions.forGrants(turn.trigger, aboutGrants(turn), (state, at) => {
    const grant = directoryGrantIn(state, turn);
    const { status } = state;
    const hasIntegration = grants.integration !== undefined;
    const view = (cardId: string) =>
      directory({ cardId, grant, status, now: at.now, hasIntegration });
    const payload = { kind: "directory" };
    return { changes: cardDirectly(turn, "directory", view, at, { payload }), result: undefined };
  });
}

/** `directory refresh`: read anew as soon as it can be; who asks is told how it goes. */
export async function refreshDirectory(turn: Turn, rest = ""): Promise<void> {
  if (rest !== "") throw new UserError("directory-usage", directoryUsage());
  const { decisions, grants } = turn.tools;
  const hasIntegration = grants.integration !== undefined;
  await decisions.forGrants(turn.trigger, aboutGrants(turn), (state, at) => {
    const grant = directoryGrantIn(state, turn);
    const condition = conditionOf({ grant, status: state.status, hasIntegration }, at.now);
    if (condition === "dead") throw new UserError("grant-dead", grantIsDead());
    if (condition === "cut-off") throw new UserError("no-integration", noIntegration());
    if (condition === "reading")
      return { changes: [replyText(turn, readingAlready(), at)], result: undefined };
    const askedBy = turn.actor.personId;
    const wanted: Change = { kind: "directory.wanted", at: at.now, askedBy };
    return { changes: [wanted, replyText(turn, readingBegins(), at)], result: undefined };
  });
}

/** What a decision about the grants of the person of the turn is about. */
export function aboutGrants(turn: Turn): { personId: string; cardId?: string } {
  return { personId: turn.actor.personId, ...pressedCard(turn) };
}

/** Throws a `UserError` that says how the directory is connected where it is not. */
export function directoryGrantIn(state: GrantsState, { tools }: Turn) {
  if (state.directory) return state.directory;
  const hasIntegration = tools.grants.integration !== undefined;
  throw new UserError("no-directory-grant", noDirectoryGrant(hasIntegration));
}
