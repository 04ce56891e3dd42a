import {
  exactly,
  joinWithRoster,
  searchPeople,
  type PeopleSource,
} from "../../src/bot/search-people";
import type { Responder } from "../../src/roster/responder";
import { anEntry, anExternal, aPerson, aSpaceState } from "../support/builders";

const eve = anExternal();
const eva = anExternal({ id: "r-eva", name: "Eva Dahl", email: "eva@else.example" });
const dahlia = aPerson({ personId: "dahlia", name: "Dahlia" });

function aSource(found: readonly Responder[], total = found.length): PeopleSource {
  return { search: () => Promise.resolve({ found: [...found], total }) };
}

const names = (found: readonly { responder: Responder }[]) =>
  found.map(({ responder }) => responder.name);

test("sources are joined, and who is in several is found once", async () => {
  const sources = [aSource([eve, eva]), aSource([eva, dahlia], 7)];
  const { found, total } = await searchPeople(sources, "dah");
  expect(found).toEqual([eve, eva, dahlia]);
  expect(total).toBe(8);
});

test("every source is asked for what was written", async () => {
  const asked: string[] = [];
  const source: PeopleSource = {
    search: (term) => {
      asked.push(term);
      return Promise.resolve({ found: [], total: 0 });
    },
  };
  expect(await searchPeople([source, source], "dah")).toEqual({ found: [], total: 0 });
  expect(asked).toEqual(["dah", "dah"]);
});

test("who is on the roster is found beside them, marked, and comes last", () => {
  const state = aSpaceState({ roster: [anEntry(dahlia), anEntry(eva)] });
  const { found, total } = joinWithRoster({ found: [eve, eva], total: 2 }, state, "Dah");
  expect(names(found)).toEqual(["Eve Dahl", "Dahlia", "Eva Dahl"]);
  expect(found.map(({ isOnRoster }) => isOnRoster)).toEqual([false, true, true]);
  expect(total).toBe(3);
});

test("of the roster nobody is found whom the term does not fit", () => {
  const { found } = joinWithRoster({ found: [], total: 0 }, aSpaceState(), "zoe");
  expect(found).toEqual([]);
});

test.each([
  ["a whole name, however it is written", "EVA  dahl", ["Eva Dahl"]],
  ["a whole e-mail address", "eva@else.example", ["Eva Dahl"]],
  ["a whole number", "+14085550102", ["Eva Dahl", "Eve Dahl"]],
  ["a part of a name", "eva", []],
  ["the last four digits", "0102", []],
])("%s is exact, or not", (_what, term, expected) => {
  const candidates = [eva, eve].map((responder) => ({ responder, isOnRoster: false }));
  expect(names(exactly(candidates, term))).toEqual(expected);
});
