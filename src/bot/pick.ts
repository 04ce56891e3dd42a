import { UserError } from "../errors";
import { addFound } from "./add-found";
import { answerForChosen } from "./answer-for";
import { askedPick } from "./ask-which";
import { remindChosen } from "./remind-commands";
import { removeChosen, switchChosen } from "./roster-commands";
import { spendingCard } from "./spend-card";
import { textChosen } from "./tell-commands";
import type { Turn } from "./turn";
import { choosePerson, formExpired } from "./views/sentences";

/**
 * Does what was asked for with those who were chosen on the card, which is used up by it. Throws a
 * `UserError` where somebody was chosen who is not on the card.
 */
export async function pickChosen(turn: Turn, ids: readonly string[]): Promise<void> {
  const asked = askedPick.safeParse(turn.card?.payload);
  if (!asked.success || !turn.card) throw new UserError("card-unknown", formExpired());
  if (ids.length === 0) throw new UserError("who-missing", choosePerson());
  const { doing, ids: offered, personIds: persons } = asked.data;
  if (ids.some((id) => !offered.includes(id) && !persons.includes(id)))
    throw new UserError("pick-forged", formExpired());
  const decisions = spendingCard(turn.tools.decisions, turn.card.id);
  const once = { ...turn, tools: { ...turn.tools, decisions } };
  switch (doing.verb) {
    case "add":
      return addFound(once, {
        ids: ids.filter((id) => offered.includes(id)),
        personIds: ids.filter((id) => persons.includes(id)),
      });
    case "remind":
      return remindChosen(once, ids);
    case "remove":
      return removeChosen(once, ids);
    case "text":
      return textChosen(once, ids, doing.words);
    case "answer":
      return answerForChosen(once, doing.answer, ids, doing.incidentId);
    case "switch":
      return switchChosen(once, { ids, channel: doing.channel, on: doing.on });
  }
}
