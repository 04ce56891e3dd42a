import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import type { SpaceState } from "../incident/space-state";
import type { Found, RosterEntry } from "../roster/responder";
import { z } from "zod";
import { entriesByIds, findEntries } from "./find-entry";
import { replyCard } from "./replies";
import type { Candidate } from "./search-people";
import type { Turn } from "./turn";
import { MOST_PICKS, pick } from "./views/pick";
import { severalFit } from "./views/sentences";

/** Whom a command or a press means. */
export type Whom = { name: string } | { ids: readonly string[] };

/** What is done with people, and waits while they are being chosen. */
const verb = z.discriminatedUnion("verb", [
  z.object({ verb: z.literal("add") }),
  z.object({ verb: z.literal("remind") }),
  z.object({ verb: z.literal("remove") }),
  z.object({ verb: z.literal("switch"), channel: z.enum(["sms", "voice"]), on: z.boolean() }),
]);
export type Verb = z.infer<typeof verb>;

/** What the row of a card keeps that asks which people are meant. */
export const askedPick = z.object({ doing: verb, ids: z.array(z.string()) });

/** Does it with those who are meant; where a name fits several people, asks which. */
export function forThoseMeant(
  turn: Turn,
  state: SpaceState,
  { whom, doing }: { whom: Whom; doing: Verb },
  at: Moment,
  carryOut: (entries: readonly RosterEntry[]) => Change[],
): Change[] {
  if ("ids" in whom) return carryOut(entriesByIds(state, whom.ids));
  const entries = findEntries(state, whom.name);
  if (entries.length === 1) return carryOut(entries);
  const found = entries
    .map(({ responder }) => ({ responder, isOnRoster: true }))
    .sort((one, other) => one.responder.name.localeCompare(other.responder.name, "en"));
  return askWhich(turn, doing, whom.name, { found, total: found.length }, at);
}

/** A card with those whom a term fits; only who asked may press it, and it works once. */
export function askWhich(
  turn: Turn,
  doing: Verb,
  term: string,
  { found, total }: Found<Candidate>,
  at: Moment,
): Change[] {
  const ids = found.slice(0, MOST_PICKS).map(({ responder }) => responder.id);
  const { button, question } = wordsOf(doing);
  const isForAdding = doing.verb === "add";
  return replyCard(
    turn,
    "pick",
    (cardId) =>
      pick({
        cardId,
        sentence: severalFit(term, question, total),
        button,
        candidates: found,
        total,
        isForAdding,
      }),
    at,
    {
      personId: turn.actor.personId,
      payload: { doing, ids, ...(isForAdding ? { who: term } : {}) },
    },
  );
}

function wordsOf(doing: Verb): { button: string; question: string } {
  switch (doing.verb) {
    case "add":
      return { button: "Add", question: "Whom shall I add?" };
    case "remind":
      return { button: "Remind", question: "Whom shall I remind?" };
    case "remove":
      return { button: "Remove", question: "Whom shall I remove?" };
    case "switch": {
      const what = doing.channel === "sms" ? "SMS" : "Calls";
      const state = doing.on ? "on" : "off";
      return {
        button: `${what} ${state}`,
        question: `For whom shall I switch ${what === "SMS" ? "texts" : "calls"} ${state}?`,
      };
    }
  }
}
