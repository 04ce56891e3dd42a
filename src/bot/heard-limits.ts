import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import type { NumberState } from "../incident/space-state";

/** One polite word a day to a number whose text fits nothing, then silence. */
const HINT_EVERY_MS = 24 * 60 * 60_000;
/** From one number in an hour: texts that are taken, and such that are answered. */
const MOST_HEARD = 20;
const MOST_ANSWERED = 5;

/** Counted until there are too many: what comes then keeps nobody silent for longer. */
export function heard(
  number: string,
  state: NumberState | undefined,
  isAnswered: boolean,
  at: Moment,
): Change[] {
  return isSilenced(state) ? [] : [{ kind: "number.heard", number, isAnswered, at: at.now }];
}

/**
 * What comes from whoever writes so much is neither shown nor answered for a while. A Y, an N, STOP
 * and START always count: with a forged number nobody can be kept from answering.
 */
export function isSilenced(state: NumberState | undefined): boolean {
  return state !== undefined && state.heard.length >= MOST_HEARD;
}

/** After this text the number is silenced. */
export function isLastHeard(state: NumberState | undefined): boolean {
  return state?.heard.length === MOST_HEARD - 1;
}

/** Each answer costs a text. */
export function mayAnswer(state: NumberState | undefined): boolean {
  return state === undefined || state.answered.length < MOST_ANSWERED;
}

/** A stranger gets no answer: their number may be anybody's, and a text to it costs money. */
export function mayHint(state: NumberState, { now }: Moment): boolean {
  const { isKnown, lastHintAt, optOut } = state;
  const isDue = lastHintAt === undefined || now - lastHintAt >= HINT_EVERY_MS;
  return isKnown && optOut === undefined && isDue && !isSilenced(state);
}
