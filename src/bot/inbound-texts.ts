import type { Moment } from "../decision";
import { recordAnswer, type AnswerResult, type AnswerWord } from "../incident/answer";
import type { CalledFor } from "../incident/called-for";
import type { Change } from "../incident/change";
import { UnknownSpaceError, type Decisions, type Trigger } from "../incident/ports";
import type { NumberState, ProgressState } from "../incident/space-state";
import type { InboundText } from "../notify/inbound-text";
import type { AnswerKind } from "../notify/messages";
import { readAnswer, readKeyword, type ReplyWords, type TextAnswer } from "../notify/reply-words";
import type { AnswerFacts } from "../notify/texts";
import { heard, isLastHeard, isSilenced, mayAnswer, mayHint } from "./heard-limits";
import { say } from "./replies";
import { started, stopped } from "./stop-and-start";
import { answeredBySharedPhone, saidBySms } from "./views/text-sentences";

export interface InboundTextsOptions {
  decisions: Decisions;
  /** The running incidents for which the number's owners were called. */
  findCalledFor(number: string): Promise<CalledFor[]>;
  /** Of all languages: a phone may write in any. */
  words: readonly ReplyWords[];
  /** Absent where texts cannot be sent: then nobody is answered. */
  answerText?: (kind: AnswerKind, facts: AnswerFacts) => string;
}

const ANSWER_PATIENCE_MS = 10 * 60_000;
/** Nobody's alarm waits behind an answer to a text: whoever texts decides how many there are. */
const CONFIRMATION_PRIORITY = 2;
const OTHER_PRIORITY = 5;
/** A provider's clock may be a little behind ours. */
const BEFORE_START_MS = 60_000;
const POST_PATIENCE_MS = 30 * 60_000;
const MOST_CHOICES = 3;

type Answer = Extract<TextAnswer, { kind: AnswerWord }>;

/** What people write to our number: answers, STOP and START, and words for the space. */
export class InboundTexts {
  constructor(private readonly options: InboundTextsOptions) {}

  async take(text: InboundText, trigger: Trigger): Promise<void> {
    const keyword = readKeyword(text.text, this.options.words);
    if (keyword === "stop") return this.stop(text, trigger);
    if (keyword === "start") return this.start(text, trigger);
    return this.answerOrSay(text, trigger);
  }

  /** The provider confirms a STOP; from us it would be one text more. */
  private async stop(text: InboundText, trigger: Trigger): Promise<void> {
    await this.options.decisions.forNumber(trigger, text.from, (state, at) => ({
      changes: stopped(text, state, at),
      result: undefined,
    }));
  }

  /** A stranger hears of neither: the number may be anybody's. */
  private async start(text: InboundText, trigger: Trigger): Promise<void> {
    await this.options.decisions.forNumber(trigger, text.from, (state, at) => {
      const changes = started(text, state, at);
      const isTold = changes.length > 0 && state.optOut === "stop" && state.isKnown;
      const told = isTold ? this.texted(text.from, "back", {}, state, at) : [];
      return { changes: [...changes, ...told], result: undefined };
    });
  }

  private async answerOrSay(text: InboundText, trigger: Trigger): Promise<void> {
    const called = await this.options.findCalledFor(text.from);
    if (called.length === 0) return this.hint(text, trigger);
    const theirs = called.map(({ incident }) => incident.number);
    const said = readAnswer(text.text, this.options.words, theirs);
    const [only, ...others] = meantBy(said, called);
    if (!only || others.length > 0) return this.askWhich(text, called, trigger);
    return said.kind === "coming" || said.kind === "declined"
      ? this.answer(only, said, text, trigger)
      : this.pass(only, text, trigger);
  }

  /** It is taken down however much comes from that number; see `texted` for what is answered. */
  private async answer(
    called: CalledFor,
    { incidentNumber, kind: answer }: Answer,
    text: InboundText,
    trigger: Trigger,
  ): Promise<void> {
    const input = {
      incidentId: called.incident.id,
      responderIds: called.people.map(({ responderId }) => responderId),
      answer,
      via: "sms" as const,
      textedAt: text.at,
    };
    await this.about(called, text, trigger, (state, at) => {
      if (incidentNumber === undefined && isFromBefore(state, called, text))
        return this.askedWhich(text.from, [called], state.number, at);
      const { changes, result } = recordAnswer(state, input, at);
      return [...changes, ...this.afterAnswer(state, result, called, text, at)];
    });
  }

  private afterAnswer(
    state: ProgressState,
    result: AnswerResult,
    called: CalledFor,
    { from }: InboundText,
    at: Moment,
  ): Change[] {
    if (result.kind === "over") return this.over(state, called, from, at);
    if (result.kind === "not-there") return this.texted(from, "unknown", {}, state.number, at);
    // The same word again, or one from before the last, says nothing new; each answer costs a text.
    if (result.isRepeated) return heard(from, state.number, false, at);
    const { answer, incident, people } = result;
    const { language } = called.people[0] ?? {};
    const { conference } = incident;
    const facts = {
      incident,
      ...(language === undefined ? {} : { language }),
      ...(conference === undefined ? {} : { conference }),
    };
    const names = people.map(({ name }) => name);
    const shared =
      names.length > 1 && !isSilenced(state.number)
        ? [this.told(state, answeredBySharedPhone(names, answer), at)]
        : [];
    return [...shared, ...this.texted(from, answer, facts, state.number, at)];
  }

  /** To the people of the space, in the sender's name; whenever it was sent, it is news to them. */
  private async pass(called: CalledFor, text: InboundText, trigger: Trigger): Promise<void> {
    const names = called.people.map(({ name }) => name);
    await this.about(called, text, trigger, (state, at) => {
      if (isSilenced(state.number)) return [];
      if (state.incident?.id !== called.incident.id) return this.over(state, called, text.from, at);
      const isLast = isLastHeard(state.number);
      return [
        this.told(state, saidBySms(names, text.text, isLast), at),
        ...heard(text.from, state.number, false, at),
        {
          kind: "timeline.added",
          incidentId: called.incident.id,
          entry: {
            kind: "texted",
            at: at.now,
            actor: "responder",
            payload: {
              responderIds: called.people.map(({ responderId }) => responderId),
              text: text.text,
            },
          },
        },
      ];
    });
  }

  private async askWhich(
    { from }: InboundText,
    called: readonly CalledFor[],
    trigger: Trigger,
  ): Promise<void> {
    await this.options.decisions.forNumber(trigger, from, (state, at) => ({
      changes: this.askedWhich(from, called, state, at),
      result: undefined,
    }));
  }

  private askedWhich(
    from: string,
    called: readonly CalledFor[],
    state: NumberState | undefined,
    at: Moment,
  ): Change[] {
    const choices = called.slice(0, MOST_CHOICES).map(({ incident }) => incident);
    const { language } = called[0]?.people[0] ?? {};
    const facts = { choices, ...(language === undefined ? {} : { language }) };
    return this.texted(from, "which", facts, state, at);
  }

  private async hint({ from }: InboundText, trigger: Trigger): Promise<void> {
    await this.options.decisions.forNumber(trigger, from, (state, at) => ({
      changes: mayHint(state, at)
        ? [
            { kind: "number.hinted", number: from, at: at.now },
            ...this.texted(from, "unknown", {}, state, at),
          ]
        : [],
      result: undefined,
    }));
  }

  private over(state: ProgressState, called: CalledFor, number: string, at: Moment): Change[] {
    const { incident, people } = called;
    const { language } = people[0] ?? {};
    const facts = {
      incident: { ...incident, isDrill: false },
      ...(language === undefined ? {} : { language }),
    };
    return this.texted(number, "over", facts, state.number, at);
  }

  private async about(
    { space }: CalledFor,
    text: InboundText,
    trigger: Trigger,
    rule: (state: ProgressState, at: Moment) => Change[],
  ): Promise<void> {
    const { decisions } = this.options;
    try {
      const about = { spaceId: space.id, number: text.from };
      await decisions.withProgress(trigger, about, (state, at) => ({
        changes: rule(state, at),
        result: undefined,
      }));
    } catch (error) {
      if (!(error instanceof UnknownSpaceError)) throw error;
      // The space was lost in this very moment.
      await this.hint(text, trigger);
    }
  }

  private told({ incident, space }: ProgressState, markdown: string, at: Moment): Change {
    const { startedBy, threadMessageId: parentId } = incident ?? {};
    return say(
      {
        kind: "space",
        spaceId: space.id,
        ...(parentId === undefined ? {} : { parentId }),
        ...(startedBy === undefined ? {} : { fallbackPersonId: startedBy.personId }),
      },
      { markdown },
      at,
      { isFollowing: true, patienceMs: POST_PATIENCE_MS, spaceId: space.id },
    );
  }

  private texted(
    to: string,
    kind: AnswerKind,
    facts: AnswerFacts,
    state: NumberState | undefined,
    at: Moment,
  ): Change[] {
    const { answerText } = this.options;
    if (isSilenced(state)) return [];
    if (!answerText || !mayAnswer(state)) return heard(to, state, false, at);
    const isConfirmation = kind === "coming" || kind === "declined";
    return [
      ...heard(to, state, true, at),
      {
        kind: "effect.queued",
        effect: {
          id: at.newId(),
          effect: { kind: "text", to, text: answerText(kind, facts) },
          dueAt: at.now,
          expiresAt: at.now + ANSWER_PATIENCE_MS,
          priority: isConfirmation ? CONFIRMATION_PRIORITY : OTHER_PRIORITY,
        },
      },
    ];
  }
}

/** For which of the incidents a text is, as far as it says. */
function meantBy(said: TextAnswer, called: readonly CalledFor[]): readonly CalledFor[] {
  if (said.kind === "unclear") return [];
  const number = said.kind === "words" ? undefined : said.incidentNumber;
  return number === undefined
    ? called
    : called.filter(({ incident }) => incident.number === number);
}

/**
 * By the provider's clock it was sent before the incident began, and may have been about something
 * else; but that clock may be wrong.
 */
function isFromBefore({ latest }: ProgressState, called: CalledFor, { at }: InboundText): boolean {
  if (latest?.id !== called.incident.id || latest.state !== "running") return false;
  return at < latest.startedAt - BEFORE_START_MS;
}
