import { readdirSync } from "node:fs";
import path from "node:path";
import { languageChoices, servingLanguage } from "../../src/notify/languages";
import { notificationKinds, type Conference } from "../../src/notify/notification";
import { needsUnicode, smsLength } from "../../src/notify/sms-length";
import type { TextFacts } from "../../src/notify/texts";
import { createTexts, loadMessages } from "../../src/notify/texts";

const SMS_MAX_CHARACTERS = 450;

const folder = path.join(__dirname, "../../cards/messages");
const messages = loadMessages(folder);
const languages = Object.keys(messages);
const texts = createTexts({
  messages,
  senderName: "ACME Ops",
  smsMaxCharacters: SMS_MAX_CHARACTERS,
  defaultLanguage: "en",
});

const conference: Conference = {
  link: "https://acme.webex.com/meet/ops",
  number: "25512345",
  phone: "+14085550100",
  source: "bridge",
};
const linkOnly: Conference = { link: "https://acme.webex.com/meet/ops", source: "bridge" };

function facts(language: string, more: Partial<TextFacts> = {}): TextFacts {
  return {
    language,
    incident: { name: "payments down", number: 42, isDrill: false },
    space: { title: "War room" },
    ...more,
  };
}

/** Where each text stands in a file, with the placeholders that it holds; a condition as it is. */
function outline(value: unknown, at = ""): string[] {
  if (typeof value === "string") return [`${at}: ${held(value, at).join(" ")}`];
  return Object.entries(value as object)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([key, member]) => outline(member, `${at}/${key}`));
}

function held(text: string, at: string): string[] {
  if (at.endsWith("/$when")) return [text];
  return [...new Set(text.match(/\$\{[^}]*\}/g) ?? [])].sort();
}

/** Every text of a file as it is written, without its conditions. */
function written(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Object.entries(value as object).flatMap(([key, member]) =>
    key === "$when" ? [] : written(member),
  );
}

test("there are English, German, Spanish and French, one file each", () => {
  expect(languages).toEqual(expect.arrayContaining(["de", "en", "es", "fr"]));
  expect(readdirSync(folder).sort()).toEqual(languages.map((one) => `${one}.json`).sort());
});

describe.each(languages)("in %s", (language) => {
  const own = messages[language]!;
  const { webex, sms, voice, speech } = own;

  it("has every text, and every placeholder in it, that English has", () => {
    expect(outline({ webex, sms, voice })).toEqual(
      outline({ webex: messages.en!.webex, sms: messages.en!.sms, voice: messages.en!.voice }),
    );
  });

  it("has no text that is left in English", () => {
    if (language === "en") return;
    const english = new Set(written({ ...messages.en, speech: {} }));
    const shared = written({ webex, sms, voice }).filter((text) => english.has(text));
    expect(shared.filter((text) => /[a-z]{3}/.test(text.replace(/\$\{[^}]*\}/g, "")))).toEqual(
      voice.plus === "plus" ? ["plus"] : [],
    );
  });

  it("has a neural voice of its own language", () => {
    expect(speech.language).toMatch(new RegExp(`^${language.slice(0, 2)}-[A-Z]{2}$`));
    expect(speech.voice).toMatch(/^[A-Z][a-z]+Neural$/);
    expect(["MALE", "FEMALE"]).toContain(speech.gender);
    expect(texts.voiceText("invite", facts(language))).toMatchObject(speech);
  });

  it("gives incident, link and number in an SMS", () => {
    for (const kind of ["invite", "reminder", "update"] as const) {
      const text = texts.smsText(kind, facts(language, { conference }));
      for (const part of ["ACME Ops", "payments down", "\n", conference.link!])
        expect(text).toContain(part);
      expect(text).toMatch(/ \+14085550100,,25512345#,,#$/);
      expect(text).not.toMatch(/[{}]|undefined/);
    }
  });

  it("gives incident and numbers in a call, twice", () => {
    for (const kind of ["invite", "reminder", "update"] as const) {
      const { text } = texts.voiceText(kind, facts(language, { conference }));
      const [first = "", second] = text.split(` ${voice.again} `);
      expect(second).toBe(first);
      for (const part of ["ACME Ops", "payments down", `${voice.plus} 1, 4 0 8, 5 5 5, 0 1 0 0`])
        expect(first).toContain(part);
      expect(first).toMatch(/2 5 5, 1 2 3, 4 5/);
      expect(first).not.toMatch(/[{}]|undefined|https/);
    }
  });

  it("gives incident, link and number in a message", () => {
    const markdown = texts.webexText("invite", facts(language, { conference }));
    expect(markdown).toContain("**payments down**");
    expect(markdown).toContain(conference.link);
    expect(markdown).toMatch(/\+14085550100,,25512345#,,#$/);
  });

  it.each(notificationKinds)(
    "stays within the limit of an SMS, however long names are (%s)",
    (kind) => {
      const long = "the payment gateway of the western region does not answer. ".repeat(20);
      for (const given of [conference, undefined])
        for (const text of [long, undefined]) {
          const sms = texts.smsText(
            kind,
            facts(language, {
              incident: { name: long, number: 42, isDrill: true },
              space: { title: long },
              ...(given && { conference: given }),
              ...(text !== undefined && { text }),
            }),
          );
          expect(sms.length).toBeLessThanOrEqual(SMS_MAX_CHARACTERS);
          expect(sms).toContain("the payment g");
          if (given && kind !== "stop" && kind !== "message" && text === undefined) {
            expect(sms).toContain(given.link);
            expect(sms).toMatch(/\+14085550100,,25512345#,,#$/);
          }
        }
    },
  );

  it("starts every text of a drill with DRILL", () => {
    const incident = { name: "payments down", number: 42, isDrill: true };
    for (const kind of notificationKinds) {
      const drill = facts(language, { incident, conference });
      for (const text of [
        texts.smsText(kind, drill),
        texts.webexText(kind, drill),
        texts.voiceText(kind, drill).text,
      ])
        expect(text).toMatch(/^DRILL/);
    }
  });
});

/** Those whose letters an SMS holds without unicode, which would make it twice as long. */
describe.each(["de", "en", "es", "fr"])("in %s, without unicode", (language) => {
  it.each(notificationKinds)("writes an SMS that needs no unicode (%s)", (kind) => {
    for (const more of [{}, { conference }, { conference: linkOnly }, { text: "x" }])
      for (const title of ["War room", ""])
        for (const isDrill of [true, false]) {
          const incident = { name: "payments down", number: 42, isDrill };
          const text = texts.smsText(
            kind,
            facts(language, { ...more, incident, space: { title } }),
          );
          expect([text, needsUnicode(text)]).toEqual([text, false]);
        }
  });

  it("invites by an SMS of two parts at most where names are short", () => {
    for (const more of [{}, { conference }]) {
      const text = texts.smsText("invite", facts(language, more));
      expect([text, smsLength(text).parts <= 2]).toEqual([text, true]);
    }
  });
});

describe("the choice of languages", () => {
  it("calls each by its own name, the usual one first", () => {
    const codes = ["de", "en", "es", "fr"];
    const names = (usual: string): string[] =>
      languageChoices(codes, usual).map(({ title, value }) => `${value} ${title}`);
    expect(names("en")).toEqual(["en English", "de Deutsch", "es Español", "fr Français"]);
    expect(names("fr-CA")).toEqual(["fr Français", "de Deutsch", "en English", "es Español"]);
    expect(names("it")).toEqual(names("en"));
  });

  it("offers what there is, also without English", () => {
    expect(languageChoices(["pt-BR", "de"], "it").map(({ value }) => value)).toEqual([
      "de",
      "pt-BR",
    ]);
    expect(languageChoices([], "en")).toEqual([]);
  });

  it.each([
    ["de", "de"],
    ["de-AT", "de"],
    ["pt-BR", "pt-BR"],
    ["pt", undefined],
    ["", undefined],
  ])("serves %s with %s", (wanted, expected) => {
    expect(servingLanguage(["en", "de", "pt-BR"], wanted)).toBe(expected);
  });
});
