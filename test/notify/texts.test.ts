import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { ConfigError } from "../../src/errors";
import { notificationKinds, type Conference } from "../../src/notify/notification";
import { needsUnicode } from "../../src/notify/sms-length";
import type { Messages, TextFacts } from "../../src/notify/texts";
import { createTexts, loadMessages } from "../../src/notify/texts";

const folder = path.join(__dirname, "../../cards/messages");
const messages = loadMessages(folder);
const en = messages.en!;

const createEnglish = (smsMaxCharacters = 450, senderName = "ACME Ops") =>
  createTexts({ messages, senderName, smsMaxCharacters, defaultLanguage: "en" });
const texts = createEnglish();

const conference: Conference = {
  link: "https://acme.webex.com/meet/ops",
  number: "25512345",
  phone: "+14085550100",
  source: "bridge",
};

interface Changes extends Partial<Omit<TextFacts, "incident">> {
  name?: string;
  isDrill?: boolean;
}

function facts({ name = "payments down", isDrill = false, ...changes }: Changes = {}): TextFacts {
  return {
    incident: { name, number: 42, isDrill },
    space: { title: "War room" },
    ...changes,
  };
}

describe("an SMS", () => {
  it("invites", () => {
    expect(texts.smsText("invite", facts({ conference }))).toBe(
      [
        "ACME Ops: you are needed for the incident payments down.",
        "Space: War room",
        "Join: https://acme.webex.com/meet/ops",
        "Call: +14085550100,,25512345#,,#",
      ].join("\n"),
    );
  });

  it("reminds", () => {
    expect(texts.smsText("reminder", facts({ conference }))).toMatch(
      /^ACME Ops: reminder, you are still needed for the incident payments down\.\nSpace: War room\nJoin: /,
    );
  });

  it("tells new details", () => {
    expect(texts.smsText("update", facts({ conference }))).toBe(
      [
        "ACME Ops: new details for joining the incident payments down.",
        "Join: https://acme.webex.com/meet/ops",
        "Call: +14085550100,,25512345#,,#",
      ].join("\n"),
    );
  });

  it("tells what a moderator wrote", () => {
    const told = facts({ conference, text: "Failover\nis done" });
    const expected = "ACME Ops, incident payments down: Failover is done";
    expect(texts.smsText("update", told)).toBe(expected);
    expect(texts.smsText("message", told)).toBe(expected);
  });

  it("tells the end", () => {
    expect(texts.smsText("stop", facts({ conference }))).toBe(
      "ACME Ops: the incident payments down is over.",
    );
  });

  it("says what to do where there is no conference", () => {
    const expected = [
      "ACME Ops: you are needed for the incident payments down.",
      "To join, open the space War room in Webex and press Meet.",
      "No Webex? There is no number to call yet. Keep this phone with you.",
    ].join("\n");
    expect(texts.smsText("invite", facts())).toBe(expected);
    const numberOnly = { source: "bridge", number: "25512345" } as const;
    expect(texts.smsText("invite", facts({ conference: numberOnly }))).toBe(expected);
    const empty = { source: "bridge", link: "", phone: "" } as const;
    expect(texts.smsText("invite", facts({ conference: empty }))).toBe(expected);
  });

  it.each<[string, Omit<Conference, "source">, string[]]>([
    ["a link", { link: "https://x.example/m" }, ["Join: https://x.example/m"]],
    ["a number", { phone: "+14085550100" }, ["Call: +14085550100"]],
    [
      "a number as its owner wrote it",
      { phone: "1 (408) 555-0100", number: "123" },
      ["Call: 14085550100,,123#,,#"],
    ],
  ])("gives %s alone", (_, parts, lines) => {
    const text = texts.smsText("invite", facts({ conference: { ...parts, source: "bridge" } }));
    expect(text.split("\n").slice(2)).toEqual(lines);
  });

  it("gives the password that a phone is asked for, if a number can be called", () => {
    const withPassword = { ...conference, password: "1234" };
    expect(texts.smsText("invite", facts({ conference: withPassword }))).toMatch(
      /\nCall: \+14085550100,,25512345#,,#\nPhone password: 1234$/,
    );
    const linkOnly: Conference = {
      link: "https://x.example/m",
      password: "1234",
      source: "bridge",
    };
    expect(texts.smsText("invite", facts({ conference: linkOnly }))).not.toContain("1234");
  });

  it("takes nothing that people wrote as template or as a field of Webex Connect", () => {
    const name = "${1+1} $(name) <@all> *x*";
    const text = texts.smsText("invite", facts({ name, space: { title: "$(b)\n${c}" } }));
    expect(text).toContain("the incident ${1+1} $ (name) <@all> *x*.");
    expect(text).toContain("the space $ (b) ${c} in Webex");
  });

  it("leaves a link usable that holds what Webex Connect would fill in", () => {
    const odd: Conference = { link: "https://x.example/?a=$(b)&c=${d}", source: "bridge" };
    expect(texts.smsText("invite", facts({ conference: odd }))).toContain(
      "\nJoin: https://x.example/?a=%24(b)&c=${d}",
    );
  });

  it("needs no unicode for English names", () => {
    for (const kind of notificationKinds) {
      expect(needsUnicode(texts.smsText(kind, facts({ conference, text: "x" })))).toBe(false);
      expect(needsUnicode(texts.smsText(kind, facts()))).toBe(false);
    }
  });

  it("asks for no answer", () => {
    for (const kind of notificationKinds) {
      expect(texts.smsText(kind, facts({ conference }))).not.toMatch(/reply|answer|Y42|\bY\b/i);
    }
  });
});

describe("an SMS that is too long", () => {
  const long = "the payment gateway of the western region does not answer";
  const full = facts({ name: long, conference });
  const fullText = texts.smsText("invite", full);
  const untitled = fullText.replace("Space: War room\n", "");

  it("stays whole at exactly the limit", () => {
    expect(createEnglish(fullText.length).smsText("invite", full)).toBe(fullText);
  });

  it("loses the space's title first", () => {
    expect(createEnglish(fullText.length - 1).smsText("invite", full)).toBe(untitled);
    expect(createEnglish(untitled.length).smsText("invite", full)).toBe(untitled);
  });

  it("then shortens the incident's name, with three dots that GSM-7 has", () => {
    const text = createEnglish(untitled.length - 1).smsText("invite", full);
    expect(text).toBe(untitled.replace("does not answer", "does not an..."));
    expect(text).toHaveLength(untitled.length - 1);
  });

  it("never shortens link, number or sender", () => {
    const text = createEnglish(20).smsText("invite", full);
    expect(text).toBe(
      [
        "ACME Ops: you are needed for the incident the payment g....",
        "Join: https://acme.webex.com/meet/ops",
        "Call: +14085550100,,25512345#,,#",
      ].join("\n"),
    );
  });

  it("drops the title also where it says how to join", () => {
    const title = "x".repeat(200);
    const text = createEnglish(250).smsText("invite", facts({ space: { title } }));
    expect(text).toContain("To join, open the incident's space in Webex and press Meet.");
    expect(text).toContain("No Webex?");
  });

  it("shortens what a moderator wrote last", () => {
    const told = facts({ name: long, text: "word ".repeat(200) });
    const text = createEnglish(160).smsText("message", told);
    expect(text).toMatch(/^ACME Ops, incident the payment g\.\.\.: word word .*word\.\.\.$/);
    expect(text.length).toBeLessThanOrEqual(160);
  });

  it("cuts no character in half", () => {
    for (let limit = 100; limit < 130; limit += 1) {
      const text = createEnglish(limit).smsText("stop", facts({ name: "👩‍🚒🔥é".repeat(20) }));
      expect(text.length).toBeLessThanOrEqual(limit);
      expect(text).toMatch(/^ACME Ops: the incident (👩‍🚒🔥é)*(👩‍🚒|👩‍🚒🔥)?\.\.\. is over\.$/u);
    }
  });

  it("keeps the limit and the link whatever the names are", () => {
    const written = fc.string({ unit: "grapheme", minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(written, written, fc.integer({ min: 200, max: 450 }), (name, title, limit) => {
        const text = createEnglish(limit).smsText(
          "invite",
          facts({ name, space: { title }, conference }),
        );
        expect(text.length).toBeLessThanOrEqual(limit);
        expect(text).toMatch(/^ACME Ops: /);
        expect(text).toContain("\nJoin: https://acme.webex.com/meet/ops\n");
        expect(text).toMatch(/\+14085550100,,25512345#,,#$/);
        expect(text).not.toContain("$(");
      }),
    );
  });
});

describe("a call", () => {
  it("says everything twice, numbers digit by digit", () => {
    const once =
      "This is ACME Ops. You are needed now for the incident payments down. " +
      "To join, call plus 1, 4 0 8, 5 5 5, 0 1 0 0. When asked, enter the meeting number " +
      "2 5 5, 1 2 3, 4 5, and then the hash key, also called pound.";
    expect(texts.voiceText("invite", facts({ conference }))).toEqual({
      text: `${once} I repeat. ${once}`,
      language: "en-US",
      voice: "AriaNeural",
      gender: "FEMALE",
    });
  });

  it("leaves the meeting number out where there is none", () => {
    const phoneOnly: Conference = { phone: "+351 912 345 678", source: "bridge" };
    const { text } = texts.voiceText("invite", facts({ conference: phoneOnly }));
    expect(text).toContain("call plus 3 5 1, 9 1 2, 3 4 5, 6 7 8. I repeat.");
    expect(text).not.toContain("meeting number");
  });

  it("does not read a link aloud", () => {
    const linkOnly: Conference = { link: "https://x.example/m", source: "bridge" };
    const { text } = texts.voiceText("invite", facts({ conference: linkOnly }));
    expect(text).not.toContain("https");
    expect(text).toContain("There is no number to call. To join, use the link in the messages");
  });

  it("says what to do where there is no conference", () => {
    expect(texts.voiceText("invite", facts()).text).toContain(
      "open the space War room in Webex and press Meet. If you do not have Webex, " +
        "there is no number to call yet. Keep this phone with you.",
    );
  });

  it("speaks no markup that people wrote", () => {
    const { text } = texts.voiceText("stop", facts({ name: '<break time="9s"/> $(x)' }));
    expect(text).toContain('The incident break time="9s"/ $ (x) is over.');
  });

  it("stays short enough to be spoken, and twice", () => {
    const { text } = texts.voiceText("message", facts({ text: "word ".repeat(2_000) }));
    expect(text.length).toBeLessThanOrEqual(2_000);
    expect(text.length).toBeGreaterThan(1_980);
    const [first, second] = text.split(" I repeat. ");
    expect(second).toBe(first);
    expect(first).toMatch(/word( wo?r?d?)?\.\.\.\.$/);
  });
});

describe("a Webex message", () => {
  it("invites", () => {
    expect(texts.webexText("invite", facts({ conference }))).toBe(
      [
        "You are needed for the incident **payments down** (number 42).",
        "Space: War room",
        "Join: https://acme.webex.com/meet/ops",
        "By phone: +14085550100,,25512345#,,#",
      ].join("\n\n"),
    );
  });

  it("says what to press where there is no conference", () => {
    expect(texts.webexText("invite", facts())).toBe(
      "You are needed for the incident **payments down** (number 42).\n\n" +
        "To join, open the space **War room** in Webex and press Meet.",
    );
  });

  it("mentions nobody and formats nothing that people wrote", () => {
    const name = "<@all> **x** [a](https://evil.example)";
    expect(texts.webexText("stop", facts({ name }))).toBe(
      "The incident **&lt;@all> \\*\\*x\\*\\* \\[a\\](https://evil.example)** (number 42) is over.",
    );
    expect(texts.webexText("message", facts({ text: "<@personEmail:a@b.example|A>" }))).toBe(
      "Incident **payments down** (number 42): &lt;@personEmail:a@b.example|A>",
    );
  });

  it("keeps a link's way through Markdown", () => {
    const odd: Conference = { link: "https://x.example/_a_b_?q=(1)*[2]", source: "bridge" };
    expect(texts.webexText("invite", facts({ conference: odd }))).toContain(
      "Join: https://x.example/%5Fa_b%5F?q=%281%29%2A%5B2%5D",
    );
  });

  it("fits into a message of Webex", () => {
    const markdown = texts.webexText("message", facts({ text: "*障".repeat(5_000) }));
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(7_439);
    expect(markdown).toMatch(/\.\.\.$/);
  });
});

describe("a drill", () => {
  it.each(notificationKinds)("starts every text with DRILL (%s)", (kind) => {
    const drill = facts({ isDrill: true, conference, text: "x" });
    expect(texts.smsText(kind, drill)).toMatch(/^DRILL: ACME Ops/);
    expect(texts.webexText(kind, drill)).toMatch(/^DRILL: /);
    expect(texts.voiceText(kind, drill).text).toMatch(
      /^DRILL\. This is a rehearsal\. .* I repeat\. DRILL\. This is a rehearsal\. /,
    );
  });

  it("is not spoken of otherwise", () => {
    for (const kind of notificationKinds) {
      expect(texts.smsText(kind, facts())).not.toMatch(/drill/i);
    }
  });
});

describe("every language", () => {
  const words = facts({ conference, text: "MODERATOR TEXT" });

  it.each(Object.keys(messages))("names sender and incident in every text (%s)", (language) => {
    for (const kind of notificationKinds) {
      const said = { ...words, language };
      for (const text of [texts.smsText(kind, said), texts.voiceText(kind, said).text]) {
        expect(text).toContain("ACME Ops");
        expect(text).toContain("payments down");
      }
      expect(texts.webexText(kind, said)).toContain("payments down");
    }
  });

  it.each(Object.keys(messages))(
    "tells the phone password wherever it tells the number (%s)",
    (language) => {
      const phone = { phone: "+14085550100", password: "87654321", source: "meeting" } as const;
      for (const withNumber of [{ ...phone, number: "25512345" }, phone]) {
        const told = { ...facts({ conference: withNumber }), language };
        for (const kind of ["invite", "reminder", "update"] as const) {
          expect(texts.smsText(kind, told)).toMatch(/0100[^]*\n[^\n]*: 87654321$/);
          expect(texts.webexText(kind, told)).toMatch(/0100[^]*: 87654321/);
          expect(texts.voiceText(kind, told).text).toMatch(/0 1 0 0.*8 7 6, 5 4 3, 2 1/);
        }
      }
    },
  );

  it.each(Object.keys(messages))("says how to join in every invitation (%s)", (language) => {
    const invited = { ...words, language };
    for (const kind of ["invite", "reminder"] as const) {
      expect(texts.smsText(kind, invited)).toMatch(/meet\/ops[^]*\+14085550100,,25512345#,,#/);
      expect(texts.webexText(kind, invited)).toMatch(/meet\/ops[^]*\+14085550100,,25512345#,,#/);
      expect(texts.voiceText(kind, invited).text).toMatch(
        /4 0 8, 5 5 5, 0 1 0 0.*2 5 5, 1 2 3, 4 5/,
      );
    }
  });
});

describe("the choice of a language", () => {
  const stopOnly = (language: string, words: string): Messages => ({
    ...en,
    language,
    sms: { ...en.sms, stop: [words] },
  });
  const several = {
    en: stopOnly("en", "over"),
    de: stopOnly("de", "vorbei"),
    pt: stopOnly("pt", "acabou"),
  };
  const inGerman = createTexts({
    messages: several,
    senderName: "ACME",
    smsMaxCharacters: 450,
    defaultLanguage: "de",
  });

  it.each([
    ["pt", "acabou"],
    ["pt-BR", "acabou"],
    ["en", "over"],
    ["fr", "vorbei"],
    ["constructor", "vorbei"],
    ["", "vorbei"],
    [undefined, "vorbei"],
  ])("for %s", (language, expected) => {
    expect(inGerman.smsText("stop", facts(language === undefined ? {} : { language }))).toBe(
      expected,
    );
  });

  it("falls back to English, and refuses to start without it", () => {
    const options = { senderName: "ACME", smsMaxCharacters: 450, defaultLanguage: "fr" };
    expect(createTexts({ ...options, messages: several }).smsText("stop", facts())).toBe("over");
    expect(() => createTexts({ ...options, messages: {} })).toThrow(ConfigError);
  });
});

describe("loadMessages", () => {
  const english = readFileSync(path.join(folder, "en.json"), "utf8");

  function load(files: Record<string, string>): Record<string, Messages> {
    const made = mkdtempSync(path.join(tmpdir(), "messages-"));
    for (const [name, content] of Object.entries(files))
      writeFileSync(path.join(made, name), content);
    return loadMessages(made);
  }

  it("reads every language of the folder", () => {
    const german = english.replace('"language": "en"', '"language": "de"');
    expect(Object.keys(load({ "en.json": english, "de.json": german, "README.md": "" }))).toEqual([
      "de",
      "en",
    ]);
  });

  it("names every problem of every file", () => {
    const broken = english.replace('"MALE"', '"X"').replace('"FEMALE"', '"X"');
    const undrilled = english.replace('"drill": "DRILL:"', '"drill": "Rehearsal:"');
    const unreadable = english.replace(
      '"stop": ["${sender}: the',
      '"stop": ["${nonsense(sender)}: the',
    );
    const names = problemsOf(() =>
      load({
        "a.json": broken,
        "b.json": undrilled,
        "c.json": "{",
        "d.json": unreadable,
        "e.json": english,
      }),
    );
    expect(names).toEqual([
      expect.stringMatching(/^a\.json speech\.gender: /),
      expect.stringMatching(/^b\.json webex\.drill: /),
      expect.stringMatching(/^c\.json : /),
      expect.stringMatching(/^d\.json sms\.stop\.0: holds a \$\{…\} that cannot be read/),
      "e.json must be called en.json",
    ]);
  });
});

function problemsOf(load: () => unknown): string[] {
  try {
    load();
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ variable, rule }) => `${path.basename(variable)} ${rule}`);
  }
}

describe("an answer to a phone", () => {
  const choices = [42, 43, 44].map((number) => ({
    number,
    name: `${number} ${"long ".repeat(25)}`,
  }));

  it("names the incidents to choose from", () => {
    const two = [
      { number: 42, name: "payments\ndown" },
      { number: 43, name: "$(mail)" },
    ];
    expect(texts.answerText("which", { choices: two })).toBe(
      "ACME Ops: which incident do you mean? Reply Y42 / N42: payments down, Y43 / N43: $ (mail).",
    );
  });

  it.each(Object.keys(messages))("is as long as an SMS may be (%s)", (language) => {
    const incident = { number: 42, name: "x".repeat(120), isDrill: false };
    const facts = { choices, incident, conference, language };
    for (const kind of ["coming", "declined", "over", "which", "unknown", "back"] as const)
      expect(createEnglish(200).answerText(kind, facts).length).toBeLessThanOrEqual(200);
  });

  it("loses the ends of the names evenly, then all of them, and never a number", () => {
    const at = (limit: number) => createEnglish(limit).answerText("which", { choices });
    expect(at(160)).toMatch(/Y42 \/ N42: 42 [a-z ]+\.\.\., Y43 \/ N43: 43 [a-z ]+\.\.\., Y44/);
    expect(at(90)).toBe(
      "ACME Ops: which incident do you mean? Reply Y42 / N42, Y43 / N43, Y44 / N44.",
    );
  });
});
