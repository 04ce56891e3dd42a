import fc from "fast-check";
import { UserError } from "../../src/errors";
import { listOf } from "../../src/roster/export-externals";
import { isEmail } from "../../src/roster/external-fields";
import {
  checkRows,
  compare,
  readTable,
  type Comparison,
  type Table,
} from "../../src/roster/import-externals";
import type { Responder } from "../../src/roster/responder";

const rules = {
  dial: { defaultCountry: "US", dialCountries: ["US", "PT"] },
  languages: [
    { title: "English", value: "en" },
    { title: "Deutsch", value: "de" },
  ],
};

function read(content: string | Buffer): Table {
  return readTable(Buffer.from(content));
}

function codeOf(content: string | Buffer): string {
  try {
    read(content);
    return "read";
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.code;
  }
}

const eve = { name: "Eve", mobile: "+14085550101", language: "de" };

describe("a list is read", () => {
  test.each([
    ["with commas", "name,mobile,language\nEve,+14085550101,de"],
    ["with semicolons", "name;mobile;language\nEve;+14085550101;de"],
    ["with tabs", "name\tmobile\tlanguage\nEve\t+14085550101\tde"],
    ["with its separator told", "sep=;\r\nname;mobile;language\r\nEve;+14085550101;de\r\n"],
    ["in another order", "language,name,mobile\nde,Eve,+14085550101"],
    ["with other letters in its header", ' "NAME" ;Mobile:;  language\nEve;+14085550101;de'],
    ["with old line ends", "name,mobile,language\rEve,+14085550101,de\r"],
    ["with empty lines", "\n\nname,mobile,language\n,,\n\nEve,+14085550101,de\n\n\n"],
    ["with quotes", '"name","mobile","language"\n"Eve","+14085550101","de"'],
    ["with a national number", "name,mobile,language\nEve,(408) 555-0101,DE"],
    ["with guarded cells", "name,mobile,language\nEve,'+14085550101,de"],
    ["with a mark of UTF-8", "\uFEFFname,mobile,language\nEve,+14085550101,de"],
    ["with short lines", "name,mobile,language,voice,email\nEve,+14085550101,de"],
  ])("%s", (_how, content) => {
    const { rows, ignored } = read(content);
    expect(checkRows(rows, rules)).toMatchObject({ people: [{ external: eve }], problems: [] });
    expect(ignored).toEqual([]);
  });

  test("with a cell that holds the separator, a quote and a line end", () => {
    const { rows } = read('name,mobile\n"Eve ""E"", of\nnight",+14085550101\nBo,12');
    expect(rows).toMatchObject([
      { line: 2, values: { name: 'Eve "E", of\nnight' } },
      { line: 3, values: { name: "Bo" } },
    ]);
    expect(checkRows(rows, rules).people[0]!.external.name).toBe('Eve "E", of night');
  });

  test.each([
    ["UTF-8", Buffer.from("name,mobile\nJosé,1")],
    ["UTF-8", Buffer.from("\uFEFFname,mobile\nJosé,1")],
    ["UTF-16", Buffer.from("\uFEFFname,mobile\nJosé,1", "utf16le")],
    ["UTF-16", Buffer.from("\uFEFFname,mobile\nJosé,1", "utf16le").swap16()],
    ["Windows-1252", Buffer.from("name,mobile\nJosé,1", "latin1")],
  ])("that is in %s", (encoding, content) => {
    expect(read(content)).toMatchObject({ encoding, rows: [{ values: { name: "José" } }] });
  });

  test("and what Windows has beyond Latin-1 as well", () => {
    const content = Buffer.from("name,mobile\n\x80uro \x8Aime,1", "latin1");
    expect(read(content).rows[0]!.values.name).toBe("€uro Šime");
  });

  test("and columns that are not known are named", () => {
    expect(read("name,team,mobile,,=x\nEve,night,1,,2").ignored).toEqual(["team", "=x"]);
  });

  test("up to 5,000 people", () => {
    const lines = (count: number) => `name,mobile\n${"Eve,1\n\n".repeat(count)}`;
    expect(read(lines(5_000)).rows).toHaveLength(5_000);
    expect(codeOf(lines(5_001))).toBe("list-too-long");
  });
});

describe("a list is refused", () => {
  test.each([
    ["a PNG", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d]), "list-no-text"],
    ["a JPEG", Buffer.from([0xff, 0xd8, 0xff, 0xe0]), "list-no-text"],
    ["a PDF", "%PDF-1.7 name,mobile", "list-no-text"],
    ["bytes", Buffer.from([1, 2, 3, 0, 4]), "list-no-text"],
    ["nothing", "", "list-column-missing"],
    ["words", "Dear Muster, please add Eve.", "list-column-missing"],
    ["a web page", "<html><table><tr><td>name</td></tr></table></html>", "list-column-missing"],
    ["no name", "mobile\n+14085550101", "list-column-missing"],
    ["no number", "name,email\nEve,eve@corp.example", "list-column-missing"],
    ["a name twice", "name,name,mobile\nEve,Eva,1", "list-column-twice"],
    ["nobody", "name,mobile\n,,\n", "list-empty"],
    ["an open quote", 'name,mobile\nEve,"+14085550101\nBo,1', "list-quotes"],
    ["10,000 columns", `name,mobile${",x".repeat(9_998)}\nEve,1`, "list-columns"],
    ["a million empty lines", `name,mobile\n${"\n".repeat(1_000_000)}Eve,1`, "list-too-long"],
    ["a million separators", `name${",".repeat(1_000_000)}\n`, "list-columns"],
  ])("that is or has %s", (_what, content, code) => {
    expect(codeOf(content)).toBe(code);
  });

  test.each([
    ["an Excel workbook", "PK\x03\x04....xl/workbook.xml"],
    [
      "a LibreOffice spreadsheet",
      "PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
    ],
    ["a packed file (ZIP)", "PK\x03\x04people.csv"],
    ["an Excel or Word file of the old kind", Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1])],
  ])("and named as %s", (what, content) => {
    expect(() => read(content)).toThrow(`seems to be ${what}. `);
  });
});

describe("each line is checked", () => {
  const header = "name,email,mobile,voice,language\n";
  test.each([
    [",,+14085550101,,", "name: Give a name."],
    [`${"x".repeat(101)},,+14085550101,,`, "name: Use 100 characters at most."],
    ["Eve,eve,+14085550101,,", "email: This is not an e-mail address."],
    ["Eve,eve@corp.example,,,", "mobile: Give at least one number."],
    ["Eve,,12,,", "mobile: This number cannot be dialled."],
    ["Eve,,,+1 900 555 0100,", "voice: Muster does not dial premium-rate"],
    ["Eve,,+44 20 7946 0958,,", "mobile: Muster is set up not to dial"],
    [`Eve,,+${"1".repeat(1_000_000)},,`, "mobile: This is not a phone number."],
    [
      "Eve,,+14085550101,,tlh",
      "language: There are no texts in that language. Choose en (English)",
    ],
    ["Eve,,+14085550101,,,,more", "It has more cells than the header has names."],
  ])("%.40s", (line, reason) => {
    const { people, problems } = checkRows(read(header + line).rows, rules);
    expect(people).toEqual([]);
    expect(problems).toMatchObject([{ line: 2, reasons: [expect.stringContaining(reason)] }]);
    expect(problems[0]!.name.length).toBeLessThanOrEqual(200);
  });

  test.each(Array.from(`"(),:;[]\\=<>| \t\u0000\u007F\u0085`))(
    "no address has %j in it",
    (character) => {
      expect(isEmail("eve+1@corp.example")).toBe(true);
      for (const [before, at, dot] of [
        [character, "", ""],
        ["", character, ""],
        ["", "", character],
      ])
        expect(isEmail(`x${before}1@b${at}1.c${dot}o`)).toBe(false);
    },
  );

  test("and all that is wrong with it is told", () => {
    const { problems } = checkRows(read(`${header},eve,12,13,tlh`).rows, rules);
    expect(problems[0]!.reasons).toHaveLength(5);
  });
});

describe("a list is compared with who is known", () => {
  const known: Responder = {
    ...{ id: "r-1", kind: "external", version: 1, name: "Éve", email: "eve@corp.example" },
    ...{ mobile: "+14085550101", voice: "+14085550102" },
  };
  const owners = new Map([known.mobile!, known.voice!].map((number) => [number, known]));

  function compared(...lines: string[]): Comparison {
    const table = read(["name,mobile,voice,email", ...lines].join("\n"));
    return compare(checkRows(table.rows, rules).people, owners);
  }

  test.each([
    ["new", "Bo,+14085550109", "fresh"],
    ["known by name and numbers", "eve,+14085550101,+14085550102,eve@corp.example", "unchanged"],
    ["known with another address", "Eve,+14085550101,+14085550102,e@corp.example", "different"],
    ["known with another number", "Eve,+14085550101,+14085550109", "problems"],
    ["known without one of the numbers", "Eve,+14085550101", "problems"],
    ["somebody else", "Bo,+14085550109,+14085550102", "problems"],
  ] as const)("somebody who is %s", (_who, line, where) => {
    expect(compared(line)[where].map((one) => one.line)).toEqual([2]);
    const { fresh, unchanged, problems } = compared(line);
    expect(fresh.length + unchanged.length + problems.length).toBe(1);
  });

  test("somebody else's number is told with the owner", () => {
    expect(compared("Bo,+14085550102").problems).toMatchObject([{ name: "Bo", owner: "Éve" }]);
  });

  test("and with itself: a number counts for the first line that has it", () => {
    const { fresh, problems } = compared(
      "Bo,+14085550109,+14085550109",
      "Carl,+14085550108",
      "Dora,+14085550107,+14085550109",
      "Carl,+14085550108",
    );
    expect(fresh.map(({ line }) => line)).toEqual([2, 3]);
    expect(problems).toMatchObject([
      { line: 4, reasons: ["Line 2 has the same number."] },
      { line: 5, reasons: ["Line 3 has the same number."] },
    ]);
  });
});

const cell = fc
  .oneof(
    fc.string({ unit: "grapheme", maxLength: 20 }),
    fc.constantFrom("=1+1", "'=1", "''@x", "-2", "+3", "\t=4", "a;b", "a,b", 'a"b', "'", "＝1"),
    fc.string({ unit: fc.constantFrom(...Array.from(`;,\t\n"' =+-@a`)), maxLength: 12 }),
  )
  .filter((text) => text.trim() === text && text !== "" && !text.includes("\r"));

test("what is exported comes back as it was, whatever it is", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ name: cell, email: cell }), { minLength: 1 }), (people) => {
      const list = people.map(({ name, email }, index) => ({
        ...{ id: String(index), kind: "external" as const, version: 1 },
        ...{ name, email, mobile: "+14085550101" },
      }));
      const { encoding, rows } = readTable(Buffer.from(listOf(list)));
      expect(encoding).toBe("UTF-8");
      expect(rows.map(({ values }) => values)).toEqual(
        people.map((one) => ({ ...one, mobile: "+14085550101", voice: "", language: "" })),
      );
    }),
  );
});

const separators = [",", ";", "\t"];

test.each(separators)("no cell of an exported list is calculated, separated by %j", (by) => {
  const names = ["=1", "+1", "-1", "@x", "\t=1", "\r=1", 'x";=1', "x\t=1", "x,=1", "x\n=1", "'=1"];
  const list = names.map((name, index) => ({
    ...{ id: String(index), kind: "external" as const, version: 1 },
    ...{ name, mobile: "+14085550101" },
  }));
  for (const cells of spreadsheet(listOf(list), by))
    for (const one of cells) expect(one).not.toMatch(/^[=+\-@\t\r]/);
});

test.each(separators)("nor one that another separator makes of it: %j", (by) => {
  const hostile = [
    ...["x;=1+1;@b.co", "x,+1", "x\t-1", "x\n@1", ";=1", "x;'=1", "x; =1", 'x;"=1', 'x;""@1'],
    ...["x;;=1", 'x";=1', 'a;"b;=1'],
  ];
  for (const one of hostile) expectNothingCalculated([{ name: one, email: one }], by);
  fc.assert(
    fc.property(fc.array(fc.record({ name: cell, email: cell }), { minLength: 1 }), (people) =>
      expectNothingCalculated(people, by),
    ),
  );
});

function expectNothingCalculated(people: readonly { name: string; email: string }[], by: string) {
  const list = people.map((one, index) => ({
    ...{ id: String(index), kind: "external" as const, version: 1 },
    ...{ ...one, mobile: "+14085550101" },
  }));
  for (const cells of spreadsheet(listOf(list), by))
    for (const one of cells) expect(one).not.toMatch(/^\s*[=+\-@]/);
}

/** As a spreadsheet program takes a file apart; what follows a closed quote belongs to the cell. */
function spreadsheet(text: string, separator: string): string[][] {
  const rows: string[][] = [[""]];
  let isQuoted = false;
  for (let at = text.startsWith("\uFEFF") ? 1 : 0; at < text.length; at += 1) {
    const row = rows.at(-1)!;
    const character = text[at]!;
    if (character === '"' && (isQuoted || row.at(-1) === "")) {
      if (isQuoted && text[at + 1] === '"') row.push(row.pop()! + text[(at += 1)]!);
      else isQuoted = !isQuoted;
    } else if (!isQuoted && character === separator) row.push("");
    else if (!isQuoted && character === "\r" && text[at + 1] === "\n") continue;
    else if (!isQuoted && character === "\n") rows.push([""]);
    else row.push(row.pop()! + character);
  }
  return rows;
}

test("an exported list is what Excel reads: marked, with a header, a line each", () => {
  const list = listOf([{ id: "1", kind: "external", version: 1, ...eve }]);
  expect(list).toBe("\uFEFFname,email,mobile,voice,language\r\nEve,,'+14085550101,,de\r\n");
});
