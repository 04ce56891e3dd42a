import type { CardKind } from "../notify/change";
import type { Turn } from "./turn";

/**
 * Who may do it. anyone: people of the organisation who are in the space. moderator: its moderators,
 * and operators. keeper: who looks after all externals, in a direct message; an operator where there
 * are operators, else who moderates a space of the organisation; on a card that was asked for in a
 * space, the moderators of that space. operator: members of the operators' space. admin: whoever
 * gave the directory's grant, and whom Webex shows, asked with that grant, as an administrator.
 * responder: whom an incident has called, of whatever organisation; only for answering it.
 */
export type Who = "anyone" | "moderator" | "keeper" | "operator" | "admin" | "responder";

export interface Command {
  verb: string;
  /** The ways to write it; aliases of first words are known to the parser. */
  words: readonly (readonly string[])[];
  where: "space" | "direct";
  who: Who;
  /** Read too late, it is asked about first. An answer is not: it has no age. */
  changes: boolean;
  run(turn: Turn, rest: string): Promise<void>;
}

export interface CardAction {
  /** `<feature>.<verb>` */
  name: string;
  who: Who;
  /** The cards that have such a button; on any other it is forged. */
  on: readonly CardKind[];
  /** A press without a row is never carried out; this one needs no card that is still open. */
  run(turn: Turn, inputs: unknown): Promise<void>;
}

/** The one table: what can be written, and what can be pressed. */
export { commands } from "./commands";
export { cardActions } from "./card-actions";
