import { createKeypadText, type KeypadPart } from "../../src/notify/keypad-texts";
import type { Conference } from "../../src/notify/notification";
import { loadMessages, type TextFacts } from "../../src/notify/texts";

const messages = loadMessages("cards/messages");
const text = createKeypadText({ messages, senderName: "ACME Ops", defaultLanguage: "en" });

const conference: Conference = { phone: "+14085550100", number: "25512345", source: "bridge" };

function facts(overrides: Partial<TextFacts> = {}): TextFacts {
  return {
    incident: { name: "payments down", number: 42, isDrill: false },
    space: { title: "War room" },
    conference,
    ...overrides,
  };
}

const said = (part: KeypadPart, overrides?: Partial<TextFacts>): string =>
  text(part, "invite", facts(overrides)).text;

const MENU = "Press 1 if you are coming, 2 if you cannot, or star to hear this again.";
const JOIN =
  "To join, call plus 1, 4 0 8, 5 5 5, 0 1 0 0. When asked, enter the meeting number 2 5 5, 1 2 3, 4 5, and then the hash key, also called pound.";

it("says once what it is about, how to join, and which keys there are", () => {
  expect(said("message")).toBe(
    `This is ACME Ops. You are needed now for the incident payments down. ${JOIN} ${MENU}`,
  );
  expect(text("message", "reminder", facts()).text).toContain("You are still needed");
});

it.each<[KeypadPart, string]>([
  ["menu", MENU],
  ["wrongKey", `I did not understand that key. ${MENU}`],
  ["coming", `Thank you. You are down as coming. ${JOIN}`],
  ["declined", "Thank you. You are down as not coming."],
  ["voicemail", `This is ACME Ops. You are needed now for the incident payments down. ${JOIN}`],
  ["over", "This is ACME Ops. The incident payments down is over."],
  ["notNeeded", "This is ACME Ops. You are no longer needed for the incident payments down."],
  ["goodbye", "I have no answer from you. Goodbye."],
])("%s", (part, words) => {
  expect(said(part)).toBe(words);
});

it("says at a rehearsal that it is one", () => {
  const incident = { name: "payments down", number: 42, isDrill: true };
  for (const part of ["message", "coming", "declined", "voicemail", "over", "notNeeded"] as const)
    expect(said(part, { incident })).toMatch(/^DRILL\. This is a rehearsal\. /);
});

describe.each(Object.keys(messages))("in %s", (language) => {
  it("names both keys and the sender, with that language's voice", () => {
    const { text: words, ...voice } = text("message", "invite", facts({ language }));
    expect(words).toMatch(/ACME Ops.*payments down.*\b1\b.*\b2\b/);
    expect(voice).toEqual(messages[language]?.speech);
  });

  it("says every part, and says different things for coming and not coming", () => {
    const parts = [
      "menu",
      "wrongKey",
      "coming",
      "declined",
      "over",
      "notNeeded",
      "goodbye",
    ] as const;
    const all = parts.map((part) => said(part, { language }));
    expect(new Set(all).size).toBe(parts.length);
    for (const words of all) expect(words).not.toMatch(/\$\{|undefined/);
  });
});

it("takes nothing that people wrote for more than a text, and stays within the limit", () => {
  const name = `$(secret) \${sender} <break/> ${"long ".repeat(600)}`;
  const words = said("message", { incident: { name, number: 1, isDrill: false } });
  expect(words).not.toContain("$(");
  expect(words).not.toContain("<");
  expect(words).toContain("${sender}");
  expect(words.length).toBeLessThanOrEqual(2_000);
  expect(words.endsWith(MENU)).toBe(true);
});
