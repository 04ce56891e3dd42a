import fc from "fast-check";
import { isEmail } from "../../src/roster/external-fields";
import { parseBridge, parseCommand, parseSwitch, type CommandLine } from "../../src/bot/parse";
import { withoutContacts } from "../../src/bot/views/text";

const vocabulary = [
  { verb: "help", words: [["help"]] },
  { verb: "status", words: [["status"]] },
  { verb: "start", words: [["start", "incident"]] },
  { verb: "stop", words: [["stop", "incident"]] },
  { verb: "rename", words: [["rename", "incident"]] },
  { verb: "remind", words: [["remind"]] },
  { verb: "add", words: [["add"]] },
  { verb: "add-external", words: [["add", "external"]] },
  { verb: "sms", words: [["sms"]] },
  { verb: "bridge", words: [["bridge"]] },
];

const uuid = "9c11b5c0-1f2f-4d5b-8a58-2d3b7c1d0a11";
const botId = Buffer.from(`ciscospark://us/PEOPLE/${uuid}`).toString("base64");

function aLine(text: string, overrides: Partial<CommandLine> = {}): CommandLine {
  return { text, botName: "Muster", botId, spaceKind: "group", ...overrides };
}

function mention(name: string, id = botId): string {
  return `<spark-mention data-object-type="person" data-object-id="${id}">${name}</spark-mention>`;
}

function parse(text: string, overrides: Partial<CommandLine> = {}) {
  return parseCommand(aLine(text, overrides), vocabulary);
}

describe("a command is understood", () => {
  it.each([
    ["Muster status", "status", ""],
    ["muster STATUS", "status", ""],
    ["@Muster, status!", "status", ""],
    ["status Muster", "status", ""],
    ["status @Muster", "status", ""],
    ["Muster: status", "status", ""],
    ["Muster?", "help", ""],
    ["Muster ?", "help", ""],
    ["status", "status", ""],
    ["Muster\u00a0 start \t incident \u00a0payments\u00a0down", "start", "payments down"],
    ["Muster start incident status page down", "start", "status page down"],
    ["Muster start payments down", "start", "payments down"],
    ["Muster Start Incident Payments DOWN", "start", "Payments DOWN"],
    ["Muster start incident", "start", ""],
    ["Muster start", "start", ""],
    ["Muster start incident: payments down", "start", "payments down"],
    ["Muster start incident – payments down", "start", "payments down"],
    ['Muster start incident "payments down"', "start", "payments down"],
    ["Muster start incident “payments down”", "start", "payments down"],
    ["Muster start incident „payments down“", "start", "payments down"],
    ["Muster start incident 'payments down'", "start", "payments down"],
    ["Muster start incident Bo's fault", "start", "Bo's fault"],
    ['Muster start incident "a" and "b"', "start", '"a" and "b"'],
    ["Muster start incident Muster", "start", "Muster"],
    ["Muster begin incident x", "start", "x"],
    ["Muster open x", "start", "x"],
    ["Muster declare incident x", "start", "x"],
    ["Muster end incident", "stop", ""],
    ["Muster close", "stop", ""],
    ["Muster resolve incident", "stop", ""],
    ["Muster nudge all", "remind", "all"],
    ["Muster ping Bo", "remind", "Bo"],
    ["Muster remind waiting", "remind", "waiting"],
    ["Muster rename incident new name", "rename", "new name"],
    ["Muster add external", "add-external", ""],
    ["Muster add external Bo Alm", "add-external", "Bo Alm"],
    ["Muster add bo@example.com", "add", "bo@example.com"],
    ["Muster sms Bo on", "sms", "Bo on"],
    ["Muster bridge off", "bridge", "off"],
  ])("%j", (text, verb, rest) => {
    expect(parse(text)).toMatchObject({ kind: "command", verb, rest });
  });

  it("with the bot under another name than its own, found by its id", () => {
    const html = `<p>${mention("The &amp; Bot")} start incident x</p>`;
    expect(parse("The & Bot start incident x", { html })).toMatchObject({
      verb: "start",
      rest: "x",
    });
  });

  it("with the plain form of the bot's id", () => {
    const html = `<p>status ${mention("Ops", uuid)}</p>`;
    expect(parse("status Ops", { html })).toMatchObject({ verb: "status" });
  });

  it("with a display name that begins like the mention", () => {
    const overrides = { html: mention("Muster"), botName: "Muster Bot" };
    expect(parse("Muster Bot status", overrides)).toMatchObject({ verb: "status", rest: "" });
    expect(parse("Muster status", overrides)).toMatchObject({ verb: "status", rest: "" });
  });

  it.each(["M.*(us", "[bot]", "C++ \\d", "a|b", "^$"])("for a bot called %j", (botName) => {
    expect(parse(`${botName} status`, { botName })).toMatchObject({ verb: "status", rest: "" });
  });

  it("as itself in a direct message, where no mention is needed", () => {
    const direct = { spaceKind: "direct" as const };
    expect(parse("help", direct)).toMatchObject({ verb: "help" });
    expect(parse("add Muster", direct)).toMatchObject({ verb: "add", rest: "Muster" });
  });

  it("with the people that it mentions besides the bot", () => {
    const html = `${mention("Muster")} remind ${mention("Bo Alm", "bo-id")}`;
    expect(parse("Muster remind Bo Alm", { html })).toMatchObject({
      rest: "Bo Alm",
      mentions: [{ personId: "bo-id", name: "Bo Alm" }],
    });
  });
});

describe("what is no command", () => {
  it.each(["", "  ", "\u00a0", "Muster", "@Muster ", "Muster,"])("%j is empty", (text) => {
    expect(parse(text)).toEqual({ kind: "empty" });
  });

  it.each([
    ["Muster stauts", "status"],
    ["Muster strat incident payments down", "start incident payments down"],
    ["Muster strat Payments", "start incident Payments"],
    ["Muster hlep", "help"],
    ["Muster remnd Bo Alm", "remind Bo Alm"],
    ["Muster brigde off", "bridge off"],
    ["Muster ad external Bo", "add external Bo"],
    ["Muster smss Bo on", "sms Bo on"],
    ["Muster delcare x", "start incident x"],
  ])("%j is taken for %j", (text, suggestion) => {
    expect(parse(text)).toMatchObject({ kind: "unknown", suggestion });
  });

  it.each(["dance", "xyzzy incident", "🚒", "x"])("%j is like no command", (text) => {
    expect(parse(`Muster ${text}`)).toEqual({
      kind: "unknown",
      word: text.split(" ")[0],
      line: text,
    });
  });

  it("a longer word that begins with the bot's name is not the bot's name", () => {
    expect(parse("Musterman status")).toMatchObject({ kind: "unknown", word: "Musterman" });
  });
});

describe("parseSwitch", () => {
  it.each([
    ["Bo on", { who: "Bo", on: true }],
    ["Bo Alm OFF", { who: "Bo Alm", on: false }],
    ["“Bo Alm” off.", { who: "Bo Alm", on: false }],
    ["on Bo", { who: "Bo", on: true }],
    ["On Kim off", { who: "On Kim", on: false }],
  ])("reads %j", (rest, expected) => {
    expect(parseSwitch(rest)).toEqual(expected);
  });

  it.each(["", "on", "Bo", "Bo please come", '"" on'])("does not read %j", (rest) => {
    expect(parseSwitch(rest)).toBeUndefined();
  });
});

describe("parseBridge", () => {
  const link = "https://acme.webex.com/meet/ana";

  it.each([
    ["off", { off: true }],
    [" OFF. ", { off: true }],
    [link, { link }],
    ["acme.webex.com/meet/ana", { link }],
    [`${link} +14085550100`, { link, phone: "+14085550100" }],
    [`${link} +14085550100 123456`, { link, phone: "+14085550100", number: "123456" }],
    [
      `${link}, +1-408-555-0100, 2551 234 5678#`,
      { link, phone: "+14085550100", number: "25512345678" },
    ],
    [`${link} +1 (408) 555-0100`, { link, phone: "+14085550100" }],
    [`${link} +1 (408) 555-0100 123456#`, { link, phone: "+14085550100", number: "123456" }],
    ["+44 20 7946 0958", { phone: "+442079460958" }],
    ["+44 20 7946 0958 123456", { phone: "+442079460958", number: "123456" }],
    [`+14085550100 123456 ${link}`, { link, phone: "+14085550100", number: "123456" }],
  ])("reads %j", (rest, expected) => {
    expect(parseBridge(rest)).toEqual(expected);
  });

  it.each([
    "",
    "123",
    "please",
    "http://acme.webex.com/meet/ana",
    "javascript:alert(1)",
    "https://ana:secret@acme.webex.com/",
    `${link} call me`,
    `${link} ${link}`,
    "+1234567890123456789",
  ])("does not read %j", (rest) => {
    expect(parseBridge(rest)).toBeUndefined();
  });
});

describe("whatever the text is", () => {
  const texts = fc.oneof(fc.string(), fc.string({ unit: "binary" }));

  it("parsing does not throw", () => {
    fc.assert(
      fc.property(texts, texts, texts, (text, html, botName) => {
        const line = aLine(text, { html: mention(html) + html, botName });
        expect(["command", "unknown", "empty"]).toContain(parseCommand(line, vocabulary).kind);
        parseSwitch(text);
        parseBridge(text);
      }),
    );
  });

  it("a name comes back as it was written, on one line", () => {
    const words = fc.stringMatching(/^[a-zA-Z0-9]{1,12}$/);
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 8 }), (name) => {
        const parsed = parse(`Muster start incident ${name.join("\u00a0 ")}`);
        expect(parsed).toMatchObject({ verb: "start", rest: name.join(" ") });
      }),
    );
  });

  const LONGEST = 16_384;

  it.each([
    ["'", "unknown"],
    ["-", "unknown"],
    ["(1", "unknown"],
    ["<", "unknown"],
    ["<spark-mention ", "unknown"],
    ["<spark-mention>", "unknown"],
    ["<spark-mention data-object-type='person'>x<", "unknown"],
    ["&a", "unknown"],
    ["&#1", "unknown"],
    [" @", "unknown"],
    ["@,", "unknown"],
    ["1 ", "unknown"],
    ["!", "unknown"],
    ["on.|", "unknown"],
    ["a@", "unknown"],
    ["\0", "empty"],
    [" ", "empty"],
  ])("as much as is ever read of %j over and over is understood", (part, kind) => {
    const text = part.repeat(LONGEST / part.length);
    // A name behind it makes whatever looks for the end of a run look in vain.
    for (const botName of ["Muster", "x"]) {
      const html = `${mention("Muster")}${text}`;
      expect(parse(text, { html, botName }).kind).toBe(kind);
      expect(parse(`${text}x`, { html, botName }).kind).not.toBe("command");
    }
    expect(parseSwitch(text)).toBeUndefined();
    expect(parseBridge(text)).toBeUndefined();
    expect(isEmail(text)).toBe(false);
    expect(withoutContacts(text).length).toBeLessThanOrEqual(text.length);
  });
});
