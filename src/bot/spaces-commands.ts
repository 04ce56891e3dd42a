import { UserError } from "../errors";
import { joinSpace, type JoinSpaceResult } from "../incident/join-space";
import { cardDirectly, tellDirectly } from "./replies";
import { personOf, pressedCard, type Turn } from "./turn";
import { chooseSpace, makeBotModerator, noSpaces, notThatSpace } from "./views/sentences";
import { spaces } from "./views/spaces";
import { shown } from "./views/text";

const PER_PAGE = 10;

/** `spaces`: those that the person moderates; for an operator every one, to be joined. */
export function listSpaces(turn: Turn): Promise<void> {
  return showPage(turn, 0);
}

/** Next, Previous. */
export function turnSpacesPage(turn: Turn, page: number): Promise<void> {
  return showPage(turn, page);
}

/** From our own tables: Webex is asked about none of the spaces. */
async function showPage(turn: Turn, wanted: number): Promise<void> {
  const { actor, tools } = turn;
  const wish = { personId: actor.personId, isOperator: actor.isOperator };
  const pageOf = (page: number) =>
    tools.listSpaces(wish, { limit: PER_PAGE, offset: page * PER_PAGE });
  const asked = await pageOf(wanted);
  // Fewer than when the page before was shown: the list begins anew.
  const isBeyond = asked.found.length === 0 && wanted > 0;
  const { found, total } = isBeyond ? await pageOf(0) : asked;
  const page = isBeyond ? 0 : wanted;
  await tools.decisions.anywhere(turn.trigger, (_state, at) => ({
    changes:
      found.length === 0
        ? [tellDirectly(turn, { markdown: noSpaces(actor.isOperator) }, at)]
        : cardDirectly(
            turn,
            "spaces",
            (cardId) =>
              spaces({
                cardId,
                spaces: found,
                page,
                perPage: PER_PAGE,
                total,
                isOperator: actor.isOperator,
                at: at.now,
              }),
            at,
          ),
    result: undefined,
  }));
}

/** Join, for the space chosen on the card. What Webex says to it is told directly as well. */
export async function joinChosen(turn: Turn, spaceId: string | undefined): Promise<void> {
  if (spaceId === undefined) throw new UserError("space-missing", chooseSpace());
  const space = await turn.tools.findSpace(spaceId);
  if (!space) throw new UserError("space-unknown", notThatSpace());
  const about = { spaceId, ...pressedCard(turn) };
  await turn.tools.decisions.inSpace(turn.trigger, about, (state, at) => {
    const { changes, result } = joinSpace(state, personOf(turn.actor), at);
    const markdown = joining(result, shown(state.space.title), turn.tools.botName);
    return { changes: [...changes, tellDirectly(turn, { markdown }, at)], result: undefined };
  });
}

function joining(result: JoinSpaceResult, title: string, botName: string): string {
  switch (result) {
    case "adding":
      return `Adding you to **${title}**.`;
    case "already-there":
      return `You are in **${title}** already.`;
    case "bot-not-moderator":
      return `I am not a moderator of **${title}**, so I cannot add you. Ask a moderator of it: ${makeBotModerator(botName)}`;
  }
}
