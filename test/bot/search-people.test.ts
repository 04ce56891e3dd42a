import {
  exactly,
  joinWithRoster,
  searchPeople,
  type Candidate,
  type FoundPeople,
} from "../../src/bot/search-people";
import type { FoundPerson } from "../../src/directory/directory";
import type { Responder } from "../../src/roster/responder";
import { anEntry, anExternal, aPerson, aSpaceState } from "../support/builders";

const eve = anExternal();
const eva = anExternal({ id: "r-eva", name: "Eva Dahl", email: "eva@else.example" });
const dahlia = aPerson({ personId: "dahlia", name: "Dahlia" });

function inDirectory(name: string, more: Partial<FoundPerson> = {}): FoundPerson {
  const personId = name.toLowerCase();
  return { personId, name, email: `${personId}@corp.example`, ...more };
}

function people(
  externals: readonly Responder[],
  persons: readonly FoundPerson[] = [],
  isMore = false,
): FoundPeople {
  return {
    externals: { found: [...externals], total: externals.length },
    directory: { found: persons, isMore },
  };
}

/** Each as "name", with where else they are. */
function told(found: readonly Candidate[]): string[] {
  return found.map((one) => {
    if (one.kind === "directory") return `${one.person.name} in the directory`;
    const { isOnRoster, person, responder } = one;
    return `${responder.name}${isOnRoster ? " on the roster" : ""}${person ? " and in the directory" : ""}`;
  });
}

test("externals are asked for the number as it is kept, the directory for what was written", async () => {
  const asked: string[] = [];
  const found = await searchPeople(
    {
      searchExternals: (term, { limit, offset }) => {
        asked.push(`externals ${term} ${limit} ${offset}`);
        return Promise.resolve({ found: [eve], total: 1 });
      },
      searchDirectory: (term, limit) => {
        asked.push(`directory ${term} ${limit}`);
        return Promise.resolve({ found: [inDirectory("Ida")], isMore: true });
      },
    },
    { term: "+14085550101", written: "(408) 555-0101" },
  );
  expect(asked).toEqual(["externals +14085550101 200 0", "directory (408) 555-0101 20"]);
  expect(found).toEqual(people([eve], [inDirectory("Ida")], true));
});

test("who is on the roster is found beside them, marked, and comes last", () => {
  const state = aSpaceState({ roster: [anEntry(dahlia), anEntry(eva)] });
  const { found, total, isMore } = joinWithRoster(people([eve, eva]), state, "Dah");
  expect(told(found)).toEqual(["Eve Dahl", "Dahlia on the roster", "Eva Dahl on the roster"]);
  expect({ total, isMore }).toEqual({ total: 3, isMore: false });
});

test("of the roster nobody is found whom the term does not fit", () => {
  expect(joinWithRoster(people([]), aSpaceState(), "zoe").found).toEqual([]);
});

test("whose name begins with the term comes before whose other name does, and both before the rest", () => {
  const persons = [
    inDirectory("Zoe Dahl"),
    inDirectory("Dahl, Ida"),
    inDirectory("Åse", { email: "dahl.ase@corp.example" }),
  ];
  const odahl = anExternal({ id: "r-o", name: "Bo Mcdahl" });
  const { found } = joinWithRoster(people([eve, odahl], persons), aSpaceState(), "DAHL");
  expect(told(found)).toEqual([
    "Dahl, Ida in the directory",
    "Eve Dahl",
    "Zoe Dahl in the directory",
    "Åse in the directory",
    "Bo Mcdahl",
  ]);
});

test("what is not counted, and what nobody counts, is told apart", () => {
  const found = people([eve], [inDirectory("Ida")], true);
  const { total, isMore } = joinWithRoster(
    { ...found, externals: { found: [eve], total: 300 } },
    aSpaceState(),
    "dah",
  );
  expect({ total, isMore }).toEqual({ total: 301, isMore: true });
});

describe("a person of the directory who is", () => {
  const ida = inDirectory("Ida");

  test.each<[string, Responder, Responder[], Responder[], string[]]>([
    [
      "a member under another name",
      aPerson({ personId: "ida", name: "Dr Berg" }),
      [aPerson({ personId: "ida", name: "Dr Berg" })],
      [],
      ["Dr Berg on the roster and in the directory"],
    ],
    [
      "on the roster as an external tied to them",
      anExternal({ personId: "ida" }),
      [anExternal({ personId: "ida" })],
      [],
      ["Eve Dahl on the roster and in the directory"],
    ],
    [
      "an external with their address",
      anExternal({ email: "Ida@corp.example" }),
      [],
      [anExternal({ email: "Ida@corp.example" })],
      ["Eve Dahl and in the directory"],
    ],
    [
      "no external who is tied to somebody else",
      anExternal({ email: "ida@corp.example", personId: "else" }),
      [],
      [anExternal({ email: "ida@corp.example", personId: "else" })],
      ["Ida in the directory", "Eve Dahl"],
    ],
  ])("%s is found once", (_what, _responder, roster, externals, expected) => {
    const state = aSpaceState({ roster: roster.map((one) => anEntry(one)) });
    expect(told(joinWithRoster(people(externals, [ida]), state, "ida").found)).toEqual(expected);
  });

  test("known under another name is exactly who was written, too", () => {
    const state = aSpaceState({ roster: [anEntry(aPerson({ personId: "ida", name: "Dr Berg" }))] });
    const { found } = joinWithRoster(people([], [ida]), state, "ida");
    expect(told(exactly(found, "Ida"))).toEqual(["Dr Berg on the roster and in the directory"]);
  });
});

test.each([
  ["a whole name, however it is written", "EVA  dahl", ["Eva Dahl"]],
  ["a whole e-mail address", "eva@else.example", ["Eva Dahl"]],
  ["a whole number", "+14085550102", ["Eva Dahl", "Eve Dahl"]],
  ["a whole name with accents, or without", "jose nunez", ["José Núñez in the directory"]],
  ["a whole name with letters of its own", "soren strauss", ["Søren Strauß in the directory"]],
  [
    "a whole name without what is between its words",
    "pat o'keefe",
    ["Pat O’Keefe in the directory"],
  ],
  ["nothing but what is between words", "’’’", []],
  ["an address in the directory", "JOSE@corp.example", ["José Núñez in the directory"]],
  ["a part of a name", "eva", []],
  ["a part of a name in the directory", "jose", []],
  ["the last four digits", "0102", []],
])("%s is exact, or not", (_what, term, expected) => {
  const jose = inDirectory("José Núñez", { email: "jose@corp.example" });
  const candidates = [eva, eve].map((responder): Candidate => ({
    kind: "known",
    responder,
    isOnRoster: false,
  }));
  const persons = [
    jose,
    inDirectory("Søren Strauß"),
    inDirectory("Pat O’Keefe"),
    inDirectory("🙂", { email: "smile@corp.example" }),
  ];
  const all = [
    ...candidates,
    ...persons.map((person): Candidate => ({ kind: "directory", person })),
  ];
  expect(told(exactly(all, term))).toEqual(expected);
});
