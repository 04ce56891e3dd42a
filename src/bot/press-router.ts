import { UserError } from "../errors";
import type { StoredCard } from "../incident/ports";
import type { Arrival, RouterOptions } from "./arrival";
import { authorise } from "./authorise";
import type { IncomingAction } from "./incoming";
import { commandOfLine } from "./kept-line";
import { reply, replyText } from "./replies";
import { spendingCard } from "./spend-card";
import { postStatus } from "./status-post";
import { DO_NOW, RUN_SUGGESTION } from "./line-actions";
import { cardActions, type Who } from "./table";
import type { Turn } from "./turn";
import { cannotBePressed, formExpired, tooOld } from "./views/sentences";
import { utcTime } from "./views/time";

/** Carries out a press on a card of ours; refusals are thrown as `UserError`. */
export class PressRouter {
  constructor(private readonly options: Pick<RouterOptions, "commandMaxAgeMs" | "homeOrgId">) {}

  async press(
    turn: Turn,
    card: StoredCard,
    name: string,
    action: IncomingAction,
    arrival: Arrival,
  ): Promise<void> {
    if (card.personId !== undefined && card.personId !== turn.actor.personId)
      throw new UserError("not-your-card", "This card is for somebody else.");
    const isLine = name === DO_NOW || name === RUN_SUGGESTION;
    const wanted = cardActions.find((one) => one.name === name && one.on.includes(card.kind));
    const isElsewhere = wanted?.who === "responder" && turn.saidIn.kind === "group";
    if (isElsewhere || (!isLine && !wanted)) return this.stale(turn, arrival);
    await this.authorise(turn, wanted?.who ?? "anyone", arrival);
    if (wanted?.who !== "anyone" && wanted?.who !== "responder") this.refuseOld(action, arrival);
    if (wanted) await wanted.run(turn, action.inputs);
    else await this.runLine(turn, card, arrival);
  }

  /** The card is unknown, too old, or of another version: a word, and the present state. */
  async stale(turn: Turn, arrival: Arrival): Promise<void> {
    await this.authorise(turn, "anyone", arrival);
    const { botName, decisions, settings } = turn.tools;
    if (turn.saidIn.kind !== "group") {
      await decisions.anywhere(turn.trigger, (_state, at) => ({
        changes: [reply(turn, { markdown: formExpired() }, at)],
        result: undefined,
      }));
      return;
    }
    await decisions.withProgress(turn.trigger, { spaceId: turn.saidIn.spaceId }, (state, at) => ({
      changes: [
        replyText(turn, cannotBePressed(), at),
        ...postStatus(state, { botName, settings }, at),
      ],
      result: undefined,
    }));
  }

  private refuseOld({ at }: IncomingAction, { now }: Arrival): void {
    if (now - at <= this.options.commandMaxAgeMs) return;
    throw new UserError("press-too-old", tooOld("press", utcTime(at, now)));
  }

  /** The button of "Did you mean …?" or "Do it now?": the kept line, with the rights of who presses. */
  private async runLine(turn: Turn, card: StoredCard, arrival: Arrival): Promise<void> {
    const { line } = card.payload;
    const where = card.spaceId === undefined ? "direct" : "space";
    const kept = typeof line === "string" ? commandOfLine(line, where) : undefined;
    if (!kept || typeof line !== "string") return this.stale(turn, arrival);
    await this.authorise(turn, kept.command.who, arrival);
    const decisions = spendingCard(turn.tools.decisions, card.id);
    await kept.command.run({ ...turn, line, tools: { ...turn.tools, decisions } }, kept.rest);
  }

  private authorise(turn: Turn, who: Who, arrival: Arrival): Promise<void> {
    return authorise(turn, who, arrival, this.options.homeOrgId);
  }
}
