import { entriesByIds, findEntries } from "../../src/bot/find-entry";
import { anEntry, anExternal, aPerson, aSpaceState } from "../support/builders";

const state = aSpaceState({
  roster: [
    anEntry(aPerson({ personId: "jose", name: "José Núñez", email: "jose@corp.example" })),
    anEntry(aPerson({ personId: "jo", name: "Jo", email: "jo@corp.example" })),
    anEntry(anExternal({ id: "r-eve", name: "Eve Dahl-Berg", email: "eve@else.example" })),
    anEntry(anExternal({ id: "r-eva", name: "Eva Dahl" })),
  ],
});

const idsFound = (who: string) => findEntries(state, who).map((entry) => entry.responder.id);

test.each([
  ["the whole name", "Eva Dahl", "r-eva"],
  ["the name in another case, without accents", "  jose NUNEZ ", "r-jose"],
  ["the e-mail address", "Eve@Else.example", "r-eve"],
  ["a beginning of one part", "nu", "r-jose"],
  ["beginnings of several parts, in any order", "da ev b", "r-eve"],
  ["a part after a hyphen", "berg", "r-eve"],
  ["a whole name that another one begins with", "jo", "r-jo"],
])("finds somebody by %s", (_what, who, id) => {
  expect(idsFound(who)).toEqual([id]);
});

test.each([
  ["nobody fits", "zoe", "not-found", "I find nobody called “zoe”"],
  ["a middle of a name is given", "ahl", "not-found", "nobody"],
  ["nobody was named", "  ", "who-missing", "Write whom you mean"],
])("refuses when %s", (_what, who, code, says) => {
  expect(() => findEntries(state, who)).toThrow(
    expect.objectContaining({
      name: "UserError",
      code,
      message: expect.stringContaining(says) as unknown,
    }) as Error,
  );
});

test("everybody whom a beginning fits is found, and of those called exactly so nobody else", () => {
  expect(idsFound("ev")).toEqual(["r-eve", "r-eva"]);
  const twins = [anEntry(anExternal({ id: "r-jo2", name: "JO" })), ...state.roster];
  const found = findEntries({ ...state, roster: twins }, "jo");
  expect(found.map(({ responder }) => responder.id)).toEqual(["r-jo2", "r-jo"]);
});

test("whom a card names is found by id, in whichever order they were chosen", () => {
  const found = entriesByIds(state, ["r-eva", "r-jo"]);
  expect(found.map(({ responder }) => responder.name)).toEqual(["Jo", "Eva Dahl"]);
});

test.each([
  ["nobody was chosen", [], "who-missing", "Choose a person"],
  ["the one left the roster", ["r-gone"], "left-roster", "That person is no longer on the roster."],
  [
    "one of several left it",
    ["r-eva", "r-gone"],
    "left-roster",
    "1 of the 2 people you chose is no longer on the roster, so nothing was done.",
  ],
  [
    "two left it",
    ["r-x", "r-eva", "r-y"],
    "left-roster",
    "2 of the 3 people you chose are no longer",
  ],
])("a choice is refused whole when %s", (_what, ids, code, says) => {
  expect(() => entriesByIds(state, ids)).toThrow(
    expect.objectContaining({
      name: "UserError",
      code,
      message: expect.stringContaining(says) as unknown,
    }) as Error,
  );
});
