import { entryById, findEntry } from "../../src/bot/find-entry";
import { anEntry, anExternal, aPerson, aSpaceState } from "../support/builders";

const state = aSpaceState({
  roster: [
    anEntry(aPerson({ personId: "jose", name: "José Núñez", email: "jose@corp.example" })),
    anEntry(aPerson({ personId: "jo", name: "Jo", email: "jo@corp.example" })),
    anEntry(anExternal({ id: "r-eve", name: "Eve Dahl-Berg", email: "eve@else.example" })),
    anEntry(anExternal({ id: "r-eva", name: "Eva Dahl" })),
  ],
});

test.each([
  ["the whole name", "Eva Dahl", "r-eva"],
  ["the name in another case, without accents", "  jose NUNEZ ", "r-jose"],
  ["the e-mail address", "Eve@Else.example", "r-eve"],
  ["a beginning of one part", "nu", "r-jose"],
  ["beginnings of several parts, in any order", "da ev b", "r-eve"],
  ["a part after a hyphen", "berg", "r-eve"],
  ["a whole name that another one begins with", "jo", "r-jo"],
])("finds somebody by %s", (_what, who, id) => {
  expect(findEntry(state, who).responder.id).toBe(id);
});

test.each([
  ["several fit", "ev", "ambiguous", "Eva Dahl, Eve Dahl-Berg"],
  ["nobody fits", "zoe", "not-found", "I find nobody called “zoe”"],
  ["a middle of a name is given", "ahl", "not-found", "nobody"],
  ["nobody was named", "  ", "who-missing", "Choose a person"],
])("refuses when %s", (_what, who, code, says) => {
  expect(() => findEntry(state, who)).toThrow(
    expect.objectContaining({
      name: "UserError",
      code,
      message: expect.stringContaining(says) as unknown,
    }) as Error,
  );
});

test("whom a card names is found by id, and refused once they left the roster", () => {
  expect(entryById(state, "r-eva").responder.name).toBe("Eva Dahl");
  expect(() => entryById(state, "r-gone")).toThrow(
    expect.objectContaining({ name: "UserError", code: "left-roster" }) as Error,
  );
});
