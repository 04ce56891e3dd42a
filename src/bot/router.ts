import { z } from "zod";
import type { Moment } from "../decision";
import { UserError } from "../errors";
import { UnknownSpaceError, type StoredCard, type Trigger } from "../incident/ports";
import type { SpaceFacts } from "../roster/change";
import { strangerOf, type Arrival, type RouterOptions } from "./arrival";
import { authorise } from "./authorise";
import type { IncomingAction, IncomingMessage } from "./incoming";
import { askWhetherMeant, askWhetherNow, commandOfLine } from "./kept-line";
import { notingPress } from "./note-press";
import { knownAs, parseCommand, type ParsedCommand } from "./parse";
import { PressRouter } from "./press-router";
import { reply, replyText } from "./replies";
import { cardActions, commands, type Command, type Who } from "./table";
import { aboutOf, type Turn } from "./turn";
import {
  notHomeOrgSpace,
  onlyDirectly,
  onlyInSpace,
  tooOld,
  unknownCommand,
} from "./views/sentences";
import { utcTime } from "./views/time";

const pressed = z.object({
  action: z.string().max(64),
  v: z.literal(1),
  card: z.string().regex(/^[\w-]{1,64}$/),
});

/** Understands what arrived, checks who may do it, and carries it out; a refusal is answered. */
export class Router {
  private readonly presses: PressRouter;

  constructor(private readonly options: RouterOptions) {
    this.presses = new PressRouter(options);
  }

  async handle(arrival: Arrival): Promise<void> {
    const { incoming } = arrival;
    if (incoming.personId === this.options.botId) return this.ignore(arrival);
    if (incoming.kind === "message") return this.message(incoming, arrival);
    return this.press(incoming, arrival);
  }

  private async message(message: IncomingMessage, arrival: Arrival): Promise<void> {
    const turn = await this.openTurn(arrival, message.spaceId, {
      spaceId: message.spaceId,
      kind: message.spaceKind,
    });
    if (!turn) return this.ignore(arrival);
    const where = message.spaceKind === "group" ? "space" : "direct";
    const table = commands.filter((command) => command.where === where);
    const parsed = parseCommand(
      { ...message, botName: this.options.tools.botName, botId: this.options.botId },
      table,
    );
    const said: Turn = { ...turn, ...(message.files ? { files: message.files } : {}) };
    await this.guarded(said, () => this.command(said, parsed, table, arrival));
  }

  private async command(
    turn: Turn,
    parsed: ParsedCommand,
    table: readonly Command[],
    arrival: Arrival,
  ): Promise<void> {
    if (parsed.kind === "unknown") {
      await this.authorise(turn, "anyone", arrival);
      return this.unknown(turn, parsed, arrival);
    }
    const verb = parsed.kind === "empty" ? "help" : parsed.verb;
    const command = table.find((one) => one.verb === verb);
    if (!command) throw new Error(`No command ${verb}`);
    const line = parsed.kind === "empty" ? "help" : parsed.line;
    const said = { ...turn, line };
    const age = arrival.now - arrival.incoming.at;
    await this.authorise(said, command.who, arrival);
    if (command.changes && age > this.options.commandMaxAgeMs)
      return this.askWhetherNow(said, arrival);
    await command.run(said, parsed.kind === "empty" ? "" : parsed.rest);
  }

  private async unknown(
    turn: Turn,
    { line, suggestion, word }: Extract<ParsedCommand, { kind: "unknown" }>,
    arrival: Arrival,
  ): Promise<void> {
    if (turn.saidIn.kind === "direct") {
      const isCommandOfSpaces = commands.some((one) => one.words.some(([first]) => first === word));
      const sentence = isCommandOfSpaces
        ? onlyInSpace(this.options.tools.botName)
        : unknownCommand(word, suggestion);
      return this.answer(turn, sentence);
    }
    if (isDirectOnly(word)) return this.answer(turn, onlyDirectly());
    const meant = suggestion === undefined ? undefined : commandOfLine(suggestion, "space");
    if (suggestion === undefined || !meant) return this.answer(turn, unknownCommand(word));
    const said = { ...turn, line };
    const sentence = unknownCommand(word, suggestion);
    const refusal = await this.refusalOf(said, meant.command.who, arrival);
    if (refusal !== undefined) return this.answer(said, `${sentence} ${refusal}`);
    await turn.tools.decisions.inSpace(turn.trigger, aboutOf(turn), (_state, at) => ({
      changes: askWhetherMeant(said, sentence, suggestion, at),
      result: undefined,
    }));
  }

  private async askWhetherNow(turn: Turn, arrival: Arrival): Promise<void> {
    const { files = [], line, saidIn, tools, trigger } = turn;
    // Of a message nothing is kept but its line.
    const hasButton = files.length === 0;
    const sentence = tooOld({ line, hasButton }, utcTime(arrival.incoming.at, arrival.now));
    if (!hasButton) throw new UserError("command-too-old", sentence);
    const rule = (_state: unknown, at: Moment) => ({
      changes: askWhetherNow(turn, sentence, line, at),
      result: undefined,
    });
    if (saidIn.kind === "direct") await tools.decisions.anywhere(trigger, rule);
    else await tools.decisions.inSpace(trigger, aboutOf(turn), rule);
  }

  private async press(action: IncomingAction, arrival: Arrival): Promise<void> {
    const data = pressed.safeParse(action.inputs);
    const found = data.success ? await arrival.findCard(data.data.card) : undefined;
    const known = await arrival.knownSpace(action.spaceId);
    // A card of one space cannot stand in another: whoever claims that has forged it.
    const isForged = known?.kind === "group" && found?.spaceId !== action.spaceId;
    const card = isForged ? undefined : found;
    const saidIn = { spaceId: action.spaceId, kind: known?.kind ?? ("direct" as const) };
    const spaceId = card?.spaceId ?? action.spaceId;
    // Who was called may answer wherever they are, and whatever became of the space.
    const opened = isAnswer(action, card, saidIn)
      ? this.turnOf(arrival, spaceId, saidIn)
      : await this.openTurn(arrival, spaceId, saidIn);
    if (!opened) return this.ignore(arrival);
    const pressing: Turn = { ...opened, via: "press", ...(card ? { card } : {}) };
    const turn = notingPress(pressing, card, action, true);
    const refused = notingPress(pressing, card, action, false);
    const isKnown = card && (card.expiresAt === undefined || card.expiresAt > arrival.now);
    const work = async (): Promise<void> => {
      if (!data.success || !isKnown) return this.stalePress(refused, arrival);
      await this.presses.press(turn, card, data.data.action, action, arrival);
    };
    await this.guarded(turn, work, refused);
  }

  private async stalePress(turn: Turn, arrival: Arrival): Promise<void> {
    this.options.onRefused("card-unknown", "press");
    await this.presses.stale(turn, arrival);
  }

  private authorise(turn: Turn, who: Who, arrival: Arrival): Promise<void> {
    return authorise(turn, who, arrival, this.options.homeOrgId);
  }

  /** Why the person may not do it, in a sentence; `undefined` where they may. */
  private async refusalOf(turn: Turn, who: Who, arrival: Arrival): Promise<string | undefined> {
    try {
      await this.authorise(turn, who, arrival);
      return undefined;
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    }
  }

  /** `undefined` where the bot says nothing: it is gone, the space is not its business, or told so. */
  private async openTurn(
    arrival: Arrival,
    spaceId: string,
    saidIn: Turn["saidIn"],
  ): Promise<Turn | undefined> {
    const space =
      saidIn.kind === "direct" && saidIn.spaceId === spaceId
        ? undefined
        : await arrival.space(spaceId);
    if (!space && (saidIn.kind === "group" || saidIn.spaceId !== spaceId)) return undefined;
    const actor = await arrival.actorIn(spaceId);
    const { spaceTitlePrefix = "" } = this.options;
    const isFreshlyRead = space?.isFreshlyRead ?? false;
    const turn = { ...this.turnOf(arrival, spaceId, saidIn, actor), isFreshlyRead };
    if (space && this.isForeign(space.facts)) return this.tellForeign(turn);
    if (space && !space.facts.title.startsWith(spaceTitlePrefix)) return undefined;
    return turn;
  }

  private turnOf(
    { incoming, trigger }: Arrival,
    spaceId: string,
    saidIn: Turn["saidIn"],
    actor = strangerOf(incoming),
  ): Turn {
    const { tools } = this.options;
    const common = { via: "command" as const, isFreshlyRead: false, line: "" };
    return { ...common, trigger, spaceId, saidIn, actor, tools };
  }

  private isForeign(space: SpaceFacts): boolean {
    return space.ownerOrgId !== undefined && space.ownerOrgId !== this.options.homeOrgId;
  }

  /** In a space that another organisation owns the bot says so once and does nothing. */
  private async tellForeign(turn: Turn): Promise<undefined> {
    await turn.tools.decisions.inSpace(turn.trigger, { spaceId: turn.spaceId }, (state, at) => ({
      changes: state.isForeignTold
        ? []
        : [
            { kind: "space.foreign-told", spaceId: turn.spaceId, at: at.now },
            replyText(turn, notHomeOrgSpace(), at),
          ],
      result: undefined,
    }));
    return undefined;
  }

  /** The error boundary: a refusal is told to who asked; anything else is somebody else's to handle. */
  private async guarded(turn: Turn, work: () => Promise<void>, refused = turn): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof UserError) {
        this.options.onRefused(error.code, turn.via);
        return this.answer(refused, error.message);
      }
      if (error instanceof UnknownSpaceError) return this.ignore({ trigger: turn.trigger });
      throw error;
    }
  }

  private async answer(turn: Turn, sentence: string): Promise<void> {
    await turn.tools.decisions.anywhere(turn.trigger, (_state, at) => ({
      changes: [reply(turn, { markdown: sentence }, at)],
      result: undefined,
    }));
  }

  private async ignore({ trigger }: { trigger: Trigger }): Promise<void> {
    await this.options.tools.decisions.anywhere(trigger, () => ({
      changes: [],
      result: undefined,
    }));
  }
}

/** A press that answers an incident, on a card that has such a button, in a direct conversation. */
function isAnswer(
  { inputs }: IncomingAction,
  card: StoredCard | undefined,
  { kind }: Turn["saidIn"],
): boolean {
  if (!card || kind === "group") return false;
  const wanted = cardActions.find(({ name }) => name === inputs.action);
  return wanted?.who === "responder" && wanted.on.includes(card.kind);
}

/** Commands that hold numbers, or are about no space. */
function isDirectOnly(word: string): boolean {
  const heard = knownAs(word);
  return commands.some(
    ({ where, words }) => where === "direct" && words.some(([first]) => first === heard),
  );
}
