import { z } from "zod";
import { UserError } from "../errors";
import type { Change } from "../incident/change";
import { UnknownSpaceError, type StoredCard, type Trigger } from "../incident/ports";
import type { SpaceFacts } from "../roster/change";
import type { Incoming, IncomingAction, IncomingMessage } from "./incoming";
import { parseCommand, type ParsedCommand } from "./parse";
import { reply, replyCard, replyText } from "./replies";
import { postStatus } from "./status-post";
import { cardActions, commands, DO_NOW, RUN_SUGGESTION, type Command, type Who } from "./table";
import { aboutOf, type Actor, type BotTools, type Turn } from "./turn";
import { notice } from "./views/notice";
import {
  cannotBePressed,
  formExpired,
  notHomeOrg,
  notHomeOrgSpace,
  notModerator,
  onlyInSpace,
  tooOld,
  unknownCommand,
} from "./views/sentences";
import { utcTime } from "./views/time";

/** What a message or press is handled with: what the receiver found out about it. */
export interface Arrival {
  incoming: Incoming;
  trigger: Trigger;
  now: number;
  /** Asked of Webex at this moment; `undefined` for somebody who is not in the space. */
  actorIn(spaceId: string): Promise<Actor | undefined>;
  /** The space as it is known, read first if it never was; `undefined` when the bot is not in it. */
  space(spaceId: string): Promise<KnownSpace | undefined>;
  /** The space if it is known already; reads nothing. */
  knownSpace(spaceId: string): Promise<SpaceFacts | undefined>;
  findCard(cardId: string): Promise<StoredCard | undefined>;
}

export interface KnownSpace {
  facts: SpaceFacts;
  isFreshlyRead: boolean;
}

export interface RouterOptions {
  tools: BotTools;
  botId: string;
  homeOrgId: string;
  commandMaxAgeMs: number;
  spaceTitlePrefix?: string;
}

const pressed = z.object({ action: z.string().max(64), v: z.literal(1), card: z.string().max(64) });

/** Understands what arrived, checks who may do it, and carries it out; a refusal is answered. */
export class Router {
  constructor(private readonly options: RouterOptions) {}

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
    await this.guarded(turn, () => this.command(turn, parsed, table, arrival));
  }

  private async command(
    turn: Turn,
    parsed: ParsedCommand,
    table: readonly Command[],
    arrival: Arrival,
  ): Promise<void> {
    if (parsed.kind === "unknown") return this.unknown(turn, parsed);
    const verb = parsed.kind === "empty" ? "help" : parsed.verb;
    const command = table.find((one) => one.verb === verb);
    if (!command) throw new Error(`No command ${verb}`);
    const line = parsed.kind === "empty" ? "help" : parsed.line;
    const said = { ...turn, line };
    const age = arrival.now - arrival.incoming.at;
    const changesSomething = command.who === "moderator";
    await this.authorise(said, command.who, arrival);
    if (changesSomething && age > this.options.commandMaxAgeMs)
      return this.askWhetherNow(said, arrival);
    await command.run(said, parsed.kind === "empty" ? "" : parsed.rest);
  }

  private async unknown(
    turn: Turn,
    parsed: Extract<ParsedCommand, { kind: "unknown" }>,
  ): Promise<void> {
    const { suggestion, word } = parsed;
    if (turn.saidIn.kind === "direct") {
      const isCommandOfSpaces = commands.some((one) => one.words.some(([first]) => first === word));
      const sentence = isCommandOfSpaces
        ? onlyInSpace(this.options.tools.botName)
        : unknownCommand(word, suggestion);
      return this.answer(turn, sentence);
    }
    await turn.tools.decisions.inSpace(turn.trigger, aboutOf(turn), (_state, at) => ({
      changes:
        suggestion === undefined
          ? [replyText(turn, unknownCommand(word), at)]
          : this.suggestionCard(turn, word, suggestion, at),
      result: undefined,
    }));
  }

  private suggestionCard(
    turn: Turn,
    word: string,
    suggestion: string,
    at: Parameters<typeof replyText>[2],
  ): Change[] {
    return replyCard(
      turn,
      "notice",
      (cardId) =>
        notice({
          cardId,
          sentence: unknownCommand(word, suggestion),
          buttons: [{ title: "Yes, do it", action: RUN_SUGGESTION }],
        }),
      at,
      { payload: { line: suggestion } },
    );
  }

  private async askWhetherNow(turn: Turn, arrival: Arrival): Promise<void> {
    const when = utcTime(arrival.incoming.at, arrival.now);
    await turn.tools.decisions.inSpace(turn.trigger, aboutOf(turn), (_state, at) => ({
      changes: replyCard(
        turn,
        "notice",
        (cardId) =>
          notice({
            cardId,
            sentence: tooOld(turn.line, when),
            buttons: [{ title: "Do it now", action: DO_NOW }],
          }),
        at,
        { payload: { line: turn.line } },
      ),
      result: undefined,
    }));
  }

  private async press(action: IncomingAction, arrival: Arrival): Promise<void> {
    const data = pressed.safeParse(action.inputs);
    const card = data.success ? await arrival.findCard(data.data.card) : undefined;
    const known = await arrival.knownSpace(action.spaceId);
    const saidIn = { spaceId: action.spaceId, kind: known?.kind ?? ("direct" as const) };
    const spaceId = card?.spaceId ?? action.spaceId;
    const opened = await this.openTurn(arrival, spaceId, saidIn);
    if (!opened) return this.ignore(arrival);
    const turn: Turn = { ...opened, via: "press", ...(card ? { card } : {}) };
    await this.guarded(turn, async () => {
      if (!data.success || !card) return this.stale(turn, arrival);
      await this.pressOn(turn, card, data.data.action, action, arrival);
    });
  }

  private async pressOn(
    turn: Turn,
    card: StoredCard,
    name: string,
    action: IncomingAction,
    arrival: Arrival,
  ): Promise<void> {
    if (card.personId !== undefined && card.personId !== turn.actor.personId)
      throw new UserError("not-your-card", "This card is for somebody else.");
    if (card.expiresAt !== undefined && card.expiresAt <= arrival.now)
      return this.stale(turn, arrival);
    if (name === DO_NOW || name === RUN_SUGGESTION) return this.runLine(turn, card, arrival);
    const wanted = cardActions.find((one) => one.name === name);
    if (!wanted) return this.stale(turn, arrival);
    await this.authorise(turn, wanted.who, arrival);
    const isOld = arrival.now - action.at > this.options.commandMaxAgeMs;
    if (isOld && wanted.who === "moderator")
      throw new UserError(
        "press-too-old",
        `You pressed that at ${utcTime(action.at, arrival.now)}, I was away. Press it again if you still want it.`,
      );
    await wanted.run(turn, action.inputs);
  }

  /** The button of "Did you mean …?" or "Do it now?": the kept line, with the rights of who presses. */
  private async runLine(turn: Turn, card: StoredCard, arrival: Arrival): Promise<void> {
    const { line } = card.payload;
    if (typeof line !== "string") return this.stale(turn, arrival);
    const table = commands.filter((command) => command.where === "space");
    const { botName } = this.options.tools;
    const parsed = parseCommand(
      { text: line, botName, botId: this.options.botId, spaceKind: "group" },
      table,
    );
    const command =
      parsed.kind === "command" ? table.find((one) => one.verb === parsed.verb) : undefined;
    if (parsed.kind !== "command" || !command) return this.stale(turn, arrival);
    await this.authorise(turn, command.who, arrival);
    await command.run({ ...turn, line }, parsed.rest);
  }

  /** The card is unknown, too old, or of another version: a word, and the present state. */
  private async stale(turn: Turn, arrival: Arrival): Promise<void> {
    await this.authorise(turn, "anyone", arrival);
    const { botName, decisions, settings } = turn.tools;
    if (turn.saidIn.kind !== "group") return this.answer(turn, formExpired());
    await decisions.withProgress(turn.trigger, { spaceId: turn.saidIn.spaceId }, (state, at) => ({
      changes: [
        replyText(turn, cannotBePressed(), at),
        ...postStatus(state, { botName, settings }, at),
      ],
      result: undefined,
    }));
  }

  private async authorise(turn: Turn, who: Who, arrival: Arrival): Promise<void> {
    if (turn.actor.orgId !== this.options.homeOrgId)
      throw new UserError("not-home-org", notHomeOrg());
    if (who === "anyone" || turn.actor.isModerator || turn.actor.isOperator) return;
    const space = await arrival.space(turn.spaceId);
    throw new UserError(
      "not-moderator",
      notModerator({
        isModerated: space?.facts.isModerated ?? false,
        botName: this.options.tools.botName,
      }),
    );
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
    const { tools, spaceTitlePrefix = "" } = this.options;
    const turn: Turn = {
      trigger: arrival.trigger,
      spaceId,
      saidIn,
      via: "command",
      actor: actor ?? strangerOf(arrival.incoming),
      tools,
      isFreshlyRead: space?.isFreshlyRead ?? false,
      line: "",
    };
    if (space && this.isForeign(space.facts)) return this.tellForeign(turn);
    if (space && !space.facts.title.startsWith(spaceTitlePrefix)) return undefined;
    return turn;
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
  private async guarded(turn: Turn, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof UserError) return this.answer(turn, error.message);
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

/** Somebody whom Webex no longer shows in the space: they may do nothing there. */
function strangerOf(incoming: Incoming): Actor {
  return {
    personId: incoming.personId,
    name: "",
    email: "",
    orgId: "",
    isModerator: false,
    isOperator: false,
  };
}
