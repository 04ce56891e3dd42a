import { buttonsOf, fieldsOf } from "../../src/sandbox/demo-buttons";
import { ANA, BEN, DEV, standings, toldAfter } from "../../src/sandbox/demo-cast";
import {
  addTold,
  compareMembers,
  compareStandings,
  compareTold,
  describeTold,
  isTooMuch,
} from "../../src/sandbox/demo-check";
import { Printer, wrap } from "../../src/sandbox/demo-print";

const nothing = { webex: 0, sms: 0, calls: 0 };

it("expects at the start everyone but the moderator to be told once, and no call before its text", () => {
  const told = [...toldAfter("start")].map(([name, one]) => `${name}: ${describeTold(one)}`);
  expect(told).toEqual([
    "Ana Silva: nothing",
    "Ben Carter: 1 direct message",
    "Carla Rossi: 1 direct message",
    "Dev Patel: 1 direct message",
    "Farid Haddad: 1 text",
    "Greta Holm: 1 call",
    "Hugo Weber: 1 text",
    "Iris Moreau: 1 text",
  ]);
});

it("expects in the end what every step brought, and nothing of who wants no texts", () => {
  const ended = toldAfter("end");
  expect(ended.get("Dev Patel")).toEqual({ ...nothing, webex: 4 });
  expect(ended.get("Farid Haddad")).toEqual({ ...nothing, sms: 3 });
  expect(ended.get("Hugo Weber")).toEqual({ ...nothing, sms: 5, calls: 3 });
  expect(ended.get("Iris Moreau")).toEqual({ ...nothing, sms: 1 });
});

it("expects everybody of the cast to stand somewhere in the end", () => {
  expect(standings.map(({ name }) => name)).toEqual([...toldAfter("start").keys()]);
});

it("says what was expected and what came, for who was told twice, never, or by mistake", () => {
  const expected = toldAfter("start");
  expect(compareTold(expected, toldAfter("start"))).toEqual([]);
  const came = new Map([
    ...toldAfter("start"),
    ["Ben Carter", { ...nothing, webex: 2 }] as const,
    ["Greta Holm", nothing] as const,
    ["+12025550199", { ...nothing, sms: 1 }] as const,
  ]);
  expect(compareTold(expected, came)).toEqual([
    "Ben Carter: expected 1 direct message, came 2 direct messages",
    "Greta Holm: expected 1 call, came 0 calls",
    "+12025550199: expected 0 texts, came 1 text",
  ]);
});

it("waits for who was not told yet, not for what came once too often", () => {
  const start = toldAfter("start");
  expect(isTooMuch(toldAfter("answers"), start)).toBe(false);
  expect(isTooMuch(start, toldAfter("answers"))).toBe(true);
  expect(isTooMuch(start, addTold(start, { "+12025550199": { calls: 1 } }))).toBe(true);
});

it("says of whom the status card says something else", () => {
  const [ben, hugo] = [BEN, "Hugo Weber"].map((name) => ({
    ...{ name, group: "coming" as const, inWords: "" },
    details: ["SMS: delivered", "by text"],
  }));
  const card =
    "payments down\nBen Carter: coming (by text · SMS: delivered)\nHugo Weber: waiting ()";
  expect(compareStandings([ben!], card)).toEqual([]);
  expect(compareStandings([hugo!, { ...ben!, name: "Ben" }], card)).toEqual([
    "Hugo Weber: expected “coming, SMS: delivered, by text”, the status card says “Hugo Weber: waiting ()”",
    "Ben: expected on the status card, is not there",
  ]);
  expect(compareStandings([{ ...ben!, details: ["SMS: failed"] }], card)).toHaveLength(1);
});

it("says who is missing in the space and who should have left", () => {
  expect(compareMembers([ANA, DEV], [ANA, BEN])).toEqual([
    "Dev Patel: expected in the space, is not there",
    "Ben Carter: expected out of the space, is still there",
  ]);
});

it("finds the buttons of a card wherever they are", () => {
  const submit = (title: string) => ({ type: "Action.Submit", title, data: {} });
  const content = {
    body: [{ type: "ActionSet", actions: [submit("Stop")] }],
    actions: [{ type: "Action.ShowCard", card: { actions: [submit("SMS on")] } }],
  };
  const titles = buttonsOf({ attachments: [{ contentType: "x", content }] });
  expect(titles.map(({ title }) => title)).toEqual(["Stop", "SMS on"]);
});

it("breaks lines between words and keeps those that are there", () => {
  expect(wrap("one two three  \nfour", 8)).toEqual(["one two", "three", "four"]);
});

it("knows what the fields of a card hold when nobody has touched them", () => {
  const content = {
    body: [
      { type: "Input.ChoiceSet", id: "responder", value: "r-1", choices: [{ value: "r-2" }] },
      { type: "Input.Text", id: "message" },
    ],
  };
  expect(fieldsOf({ attachments: [{ contentType: "x", content }] })).toEqual({
    responder: "r-1",
    message: "",
  });
});

/** A printer without colours, and what it has printed, without the room between. */
function aPrinter(): { printer: Printer; shown: () => string[] } {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const ownerOf = (number: string) => (number.endsWith("44") ? "Greta" : undefined);
  const printer = new Printer({ columns: 80, hasColor: false, write }, ownerOf);
  return { printer, shown: () => lines.map((line) => line.trim().replace(/\s+/g, " ")) };
}

it("prints a card that comes again with what is new on it", () => {
  const { printer, shown } = aPrinter();
  const card = (text: string, title = "Stop"): void =>
    printer.event({
      kind: "message",
      at: 0,
      payload: {
        spaceType: "group",
        spaceTitle: "Payments",
        personName: "Muster",
        text,
        attachments: [{ content: { actions: [{ type: "Action.Submit", title }] } }],
      },
    });
  card("status\n1 waiting\nBen: queued");
  card("status\n1 waiting\nBen: sent");
  card("status\n1 waiting\nBen: sent");
  card("status\n1 waiting\nBen: sent", "Start");
  expect(shown()).toEqual([
    ...["Payments Muster: status", "1 waiting", "Ben: queued", "[Stop]"],
    ...["Payments Muster: status", "Ben: sent"],
    ...["Payments Muster: status", "(unchanged)"],
    ...["Payments Muster: status", "[Start]"],
  ]);
});

it("prints of a call what is new in it, and under its owner's name", () => {
  const { printer, shown } = aPrinter();
  const call = (to: string, state: string, words = "", digits = ""): void =>
    printer.event({ kind: "call", at: 0, payload: { id: to, to, state, words, digits } });
  call("+12025550144", "ringing");
  call("+12025550144", "answered");
  call("+12025550144", "answered", "Press 1.");
  call("+12025550144", "answered", "Press 1.", "1");
  call("+12025550144", "answered", "Press 1. Thank you.", "1");
  call("+12025550144", "ended", "Press 1. Thank you.", "1");
  call("+12025550145", "ringing");
  call("+12025550145", "ended");
  expect(shown()).toEqual([
    "Greta's phone Rings",
    "Greta's phone Call: “Press 1.”",
    "Greta's phone Presses 1",
    "Greta's phone Call: “Thank you.”",
    "Phone …0145 Rings",
    "Phone …0145 Nobody answers",
  ]);
});

it("prints texts both ways, presses with what was filled in, and how much time passed", () => {
  const { printer, shown } = aPrinter();
  const text = { from: "+12025550144", to: "+12025550145", text: "Y1" };
  printer.event({ kind: "sms", at: 0, payload: { ...text, direction: "out" } });
  printer.event({ kind: "sms", at: 0, payload: { ...text, direction: "in" } });
  printer.press("Ana Silva", "Send text", { responder: "", message: "please call" });
  for (const advanceMs of [16_000, 60_000, 224_000, 3_600_000])
    printer.event({ kind: "clock", at: 0, payload: { advanceMs } });
  expect(shown()).toEqual([
    "Greta's phone Writes: Y1",
    "Phone …0145 Text: Y1",
    "Ana Silva presses [Send text], with please call",
    "… 16 seconds later",
    "… 1 minute later",
    "… 3 minutes 44 seconds later",
    "… 60 minutes later",
  ]);
});
