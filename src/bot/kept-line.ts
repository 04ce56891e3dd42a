import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import { parseCommand } from "./parse";
import { replyNotice, replyText } from "./replies";
import { DO_NOW, RUN_SUGGESTION } from "./line-actions";
import { commands, type Command } from "./table";
import type { Turn } from "./turn";
import type { NoticeButton } from "./views/notice";
import { shownCommand, tooLongToAsk } from "./views/sentences";

/** The command that a line kept on a card stands for, where it was written. */
export function commandOfLine(
  line: string,
  where: Command["where"],
): { command: Command; rest: string } | undefined {
  const table = commands.filter((command) => command.where === where);
  // The bot's name is off already; should it end the line, it belongs to what was written.
  const parsed = parseCommand({ text: line, botName: "", botId: "", spaceKind: "direct" }, table);
  if (parsed.kind !== "command") return undefined;
  const command = table.find((one) => one.verb === parsed.verb);
  return command && { command, rest: parsed.rest };
}

/** A command as it was probably meant, to be carried out by a press of the one who wrote it. */
export function askWhetherMeant(turn: Turn, sentence: string, line: string, at: Moment): Change[] {
  return ask(turn, sentence, line, { title: "Yes, do it", action: RUN_SUGGESTION }, at);
}

/** A command that was read too late, to be carried out all the same if its writer wants it. */
export function askWhetherNow(turn: Turn, sentence: string, line: string, at: Moment): Change[] {
  return ask(turn, sentence, line, { title: "Do it now", action: DO_NOW }, at);
}

/** Only who can read a command to its end should be asked to press a button for it. */
function ask(
  turn: Turn,
  sentence: string,
  line: string,
  button: NoticeButton,
  at: Moment,
): Change[] {
  if (!shownCommand(line).isWhole) return [replyText(turn, `${sentence} ${tooLongToAsk()}`, at)];
  return replyNotice(turn, { sentence, buttons: [button] }, at, {
    personId: turn.actor.personId,
    payload: { line },
  });
}
