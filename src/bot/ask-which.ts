import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import type { SpaceState } from "../incident/space-state";
import type { RosterEntry } from "../roster/responder";
import { z } from "zod";
import { entriesByIds, findEntries } from "./find-entry";
import { replyCard } from "./replies";
import type { Candidates } from "./search-people";
import type { Turn } from "./turn";
import { MOST_PICKS, pick } from "./views/pick";
import { directoryLack, severalFit } from "./views/search-sentences";

/** Whom a command or a press means. */
export type Whom = { name: string } | { ids: readonly string[] };

/** What is done with people, and waits while they are being chosen. */
const verb = z.discriminatedUnion("verb", [
  z.object({ verb: z.literal("add") }),
  z.object({ verb: z.literal("remind") }),
  z.object({ verb: z.literal("remove") }),
  z.object({ verb: z.literal("text"), words: z.string() }),
  z.object({ verb: z.literal("switch"), channel: z.enum(["sms", "voice"]), on: z.boolean() }),
  z.object({
    verb: z.literal("answer"),
    answer: z.enum(["coming", "declined"]),
    incidentId: z.string(),
  }),
]);
export type Verb = z.infer<typeof verb>;

/** What the row of a card keeps that asks which people are meant. */
export const askedPick = z.object({
  doing: verb,
  /** Of responders. */
  ids: z.array(z.string()),
  /** Of people whom only the directory knows; to be added. */
  personIds: z.array(z.string()).default([]),
});

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
  return askWhich(turn, doing, whom.name, byName(entries), at);
}

/** A card with those of the roster who come into question, whom nobody has named. */
export function askWhichOf(
  turn: Turn,
  doing: Verb,
  entries: readonly RosterEntry[],
  at: Moment,
): Change[] {
  return askWhich(turn, doing, "", byName(entries), at);
}

function byName(entries: readonly RosterEntry[]): Candidates {
  const found = [...entries]
    .sort((one, other) => one.responder.name.localeCompare(other.responder.name, "en"))
    .map(({ responder }) => ({ kind: "known" as const, responder, isOnRoster: true }));
  return { found, total: found.length, isMore: false };
}

/** A card with those whom a term fits; only who asked may press it, and it works once. */
export function askWhich(
  turn: Turn,
  doing: Verb,
  term: string,
  { found, isMore, lack, total }: Candidates,
  at: Moment,
): Change[] {
  const offered = found.slice(0, MOST_PICKS);
  const ids = offered.flatMap((one) => (one.kind === "known" ? [one.responder.id] : []));
  const personIds = offered.flatMap((one) =>
    one.kind === "directory" ? [one.person.personId] : [],
  );
  const { button, question } = wordsOf(doing);
  const isForAdding = doing.verb === "add";
  return replyCard(
    turn,
    "pick",
    (cardId) =>
      pick({
        cardId,
        sentence: term === "" ? question : severalFit(term, question, total),
        button,
        candidates: offered,
        total,
        isMore,
        lack: directoryLack(lack),
        isForAdding,
      }),
    at,
    {
      personId: turn.actor.personId,
      payload: { doing, ids, ...(isForAdding ? { personIds, who: term } : {}) },
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
    case "text":
      return { button: "Text", question: "Whom shall I text?" };
    case "answer":
      return doing.answer === "coming"
        ? { button: "Mark coming", question: "Who is coming?" }
        : { button: "Mark declined", question: "Who cannot join?" };
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
