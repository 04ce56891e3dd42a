import fc from "fast-check";
import {
  escapeMarkdown,
  expand,
  oneLine,
  plainText,
  withoutSubstitution,
} from "../../src/notify/template";

const hostile = [
  "${1+1}",
  "${name}",
  "$root",
  "${$root}",
  "a\\nb`c\\",
  "`${1+1}`",
  "{{name}}",
  '","type":"Action.OpenUrl"',
  "'",
  "${",
  "}",
  "$(name)",
  "${json('{}')}",
  "false",
  "constructor",
  "\\${x}",
];

describe("expand", () => {
  it.each(hostile)("writes %s as it is, alone and among words", (name) => {
    expect(expand("${name}", { name })).toBe(name);
    expect(expand("Hi ${name}, ${name}!", { name })).toBe(`Hi ${name}, ${name}!`);
  });

  it("writes any text as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (name) => {
        expect(expand("<${name}>", { name })).toBe(`<${name}>`);
      }),
    );
  });

  it("does not read one field's value as a template for another", () => {
    expect(expand("${a} ${b}", { a: "${b}", b: "${a}" })).toBe("${b} ${a}");
  });

  it.each([
    ["a missing field", {}, "<>"],
    ["null", { x: null }, "<>"],
    ["undefined", { x: undefined }, "<>"],
    ["a field of a missing one", { y: 1 }, "<>"],
    ["zero", { x: 0 }, "<0>"],
    ["false", { x: false }, "<false>"],
    ["not a number", { x: NaN }, "<>"],
    ["a big integer", { x: 12n }, "<12>"],
    ["a function", { x: () => 1 }, "<>"],
    ["a date", { x: new Date(0) }, "<1970-01-01T00:00:00.000Z>"],
    ["an invalid date", { x: new Date(NaN) }, "<>"],
    ["an object that cannot be written", { x: { toString: 1 } }, "<[object Object]>"],
    ["an object without a prototype", { x: Object.create(null) as object }, "<[object Object]>"],
    ["half a surrogate pair", { x: "\ud83d" }, "<\ufffd>"],
    ["the library's stand-in for a missing field", { x: "a\ufdd0b" }, "<ab>"],
  ])("survives %s", (_, data, expected) => {
    expect(expand("<${x}>", data)).toBe(expected);
  });

  it("survives a cycle and any depth", () => {
    const loop: Record<string, unknown> = { name: "Bo" };
    loop.self = loop;
    expect(expand("${name} ${self.name}", loop)).toBe("Bo ");
    let deep: object = { end: 1 };
    for (let level = 0; level < 10_000; level += 1) deep = { deep };
    expect(expand("ok ${x}", { deep })).toBe("ok ");
  });

  it("survives any JSON-like value", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), fc.anything(), (data, x) => {
        expect(typeof expand("<${x}>", { ...data, x })).toBe("string");
      }),
    );
  });

  it("does not reach the prototype of the data", () => {
    expect(expand("${constructor}${toString}${__proto__}", {})).toBe("");
    const data = JSON.parse('{"__proto__": {"x": "polluted"}}') as object;
    expect(expand("<${x}>", data)).toBe("<>");
  });

  it("expands a card without reading its data as card", () => {
    const card = {
      type: "AdaptiveCard",
      body: [
        { type: "TextBlock", $data: "${people}", text: "${name} ${$index}" },
        { type: "TextBlock", $when: "${exists(link)}", text: "${link}" },
      ],
    };
    const people = [{ name: "${1+1}" }, { name: "Bo", $when: false }, {}];
    expect(expand(card, { people })).toEqual({
      type: "AdaptiveCard",
      body: [
        { type: "TextBlock", text: "${1+1} 0" },
        { type: "TextBlock", text: "Bo 1" },
        { type: "TextBlock", text: " 2" },
      ],
    });
  });

  it("uses a compiled card for other data again", () => {
    const card = { text: "Hi ${name}" };
    expect(expand(card, { name: "Ana" })).toEqual({ text: "Hi Ana" });
    expect(expand(card, { name: "Bo" })).toEqual({ text: "Hi Bo" });
    expect(card).toEqual({ text: "Hi ${name}" });
  });

  it("refuses a template that cannot be parsed", () => {
    expect(() => expand("a `tick` in ${x}", {})).toThrow();
  });
});

describe("escapeMarkdown", () => {
  it.each([
    ["payments down", "payments down"],
    ["*now* **now**", "\\*now\\* \\*\\*now\\*\\*"],
    ["_now_ __now__", "\\_now\\_ \\_\\_now\\_\\_"],
    ["payments_db_eu", "payments_db_eu"],
    ["`rm -rf`", "\\`rm -rf\\`"],
    ["[bank](https://evil.example)", "\\[bank\\](https://evil.example)"],
    ["![x](https://evil.example/x.png)", "!\\[x\\](https://evil.example/x.png)"],
    ["<https://evil.example>", "&lt;https://evil.example>"],
    ["https://status.example/~ana/a_b", "https://status.example/~ana/a_b"],
    ["<@all> wake up", "&lt;@all> wake up"],
    ["<@personEmail:ana@corp.example|Ana>", "&lt;@personEmail:ana@corp.example|Ana>"],
    ["<<@all>@all>", "&lt;&lt;@all>@all>"],
    ["<b>bold</b>", "&lt;b>bold&lt;/b>"],
    ["&lt;@all&gt;", "&amp;lt;@all&amp;gt;"],
    ["R&D", "R&D"],
    ["# heading", "\\# heading"],
    ["> quote", "\\> quote"],
    ["latency > 5 s", "latency > 5 s"],
    ["- item", "\\- item"],
    ["---", "\\---"],
    ["-5 degrees", "-5 degrees"],
    ["+ item", "\\+ item"],
    ["=====", "\\====="],
    ["1. item", "1\\. item"],
    ["1) item", "1\\) item"],
    ["2026 is here", "2026 is here"],
    ["~~gone~~", "\\~\\~gone\\~\\~"],
    ["~gone~", "\\~gone\\~"],
    ["ends in \\", "ends in \\\\"],
    ["\\*", "\\\\\\*"],
    ["${1+1} $(x)", "${1+1} $(x)"],
    ["two\nlines\r\n\r\n# three", "two lines # three"],
    ["", ""],
  ])("%j becomes %j", (text, expected) => {
    expect(escapeMarkdown(text)).toBe(expected);
  });

  it("leaves no mention, whatever was written", () => {
    const piece = fc.constantFrom("<", "@", "all", ">", "&lt;", "\\", "\u200b", "\n", "personId:x");
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(escapeMarkdown(pieces.join(""))).not.toMatch(/<|\n/);
      }),
    );
  });

  it("leaves no unescaped delimiter, whatever was written", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from("*_`[]\\~ ab")) }), (text) => {
        const unescaped = escapeMarkdown(text).replace(/\\./g, ".");
        expect(unescaped).not.toMatch(/[*`[\]\\~]|(?<![ab])_|_(?![ab])/);
      }),
    );
  });
});

describe("oneLine", () => {
  it.each([
    ["a\u202etxt.exe\u202c", "atxt.exe"],
    ["\u2066a\u2069\u2067b\u2068", "ab"],
    ["a\u0000b\u001bc\u007f", "abc"],
    ["a\u2028b\u2029c\u0085d", "a b c d"],
    ["a\u00a0b\tc", "a b c"],
    ["zero\u200bwidth\u2060\ufeff\u00ad", "zerowidth"],
    ["می‌خواهم", "می‌خواهم"],
    ["👩‍🚒", "👩‍🚒"],
    ["José Çelik", "José Çelik"],
    ["  spaces   all  around ", "spaces all around"],
  ])("%j becomes %j", (text, expected) => {
    expect(oneLine(text)).toBe(expected);
  });
});

describe("plainText", () => {
  it.each([
    ["$(name)", "$ (name)"],
    ["$$((x))", "$$ ((x))"],
    ["$\u200b(x)", "$ (x)"],
    ["costs $5 (or so)", "costs $5 (or so)"],
    ["*now* <b> ${x}", "*now* <b> ${x}"],
    ["two\nlines", "two lines"],
  ])("%j becomes %j", (text, expected) => {
    expect(plainText(text)).toBe(expected);
  });

  it("leaves nothing for Webex Connect to fill in", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from("$()\u200b\u0000 a")) }),
        (text) => {
          expect(plainText(text)).not.toContain("$(");
          expect(withoutSubstitution(text)).not.toContain("$(");
        },
      ),
    );
  });
});
