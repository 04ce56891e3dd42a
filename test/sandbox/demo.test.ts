import { buttonsOf } from "../../src/sandbox/demo-buttons";
import { MODERATOR, remind, tellEnd, toldOnce } from "../../src/sandbox/demo-cast";
import { compareMembers, compareTold, describeTold } from "../../src/sandbox/demo-check";
import { Printer, wrap } from "../../src/sandbox/demo-print";

const nothing = { webex: 0, sms: 0, calls: 0 };

it("expects everyone but the moderator to be told once on each channel that they have", () => {
  const told = [...toldOnce()].map(([name, one]) => `${name}: ${describeTold(one)}`);
  expect(told).toEqual([
    "Ana Silva: nothing",
    "Ben Carter: 1 direct message",
    "Carla Rossi: 1 direct message",
    "Dev Patel: 1 direct message",
    "Farid Haddad: 1 text, 1 call",
    "Greta Holm: 1 call",
  ]);
});

it("expects a reminder once more, and of those only who are reminded", () => {
  const one = remind(toldOnce(), (name) => name === "Ben Carter");
  expect(one.get("Ben Carter")).toEqual({ ...nothing, webex: 2 });
  expect(one.get("Dev Patel")).toEqual({ ...nothing, webex: 1 });
  expect(remind(one).get("Farid Haddad")).toEqual({ ...nothing, sms: 2, calls: 2 });
});

it("expects that it is over once by each text and direct message, and by no call", () => {
  const ended = tellEnd(toldOnce());
  expect(ended.get("Ana Silva")).toEqual(nothing);
  expect(ended.get("Ben Carter")).toEqual({ ...nothing, webex: 2 });
  expect(ended.get("Farid Haddad")).toEqual({ ...nothing, sms: 2, calls: 1 });
  expect(ended.get("Greta Holm")).toEqual({ ...nothing, calls: 1 });
});

it("says what was expected and what came, for who was told twice, never, or by mistake", () => {
  const expected = toldOnce();
  expect(compareTold(expected, toldOnce())).toEqual([]);
  const came = new Map([
    ...toldOnce(),
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

it("says who is missing in the space and who should have left", () => {
  expect(compareMembers([MODERATOR, "Dev Patel"], [MODERATOR, "Ben Carter"])).toEqual([
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

it("prints a card that comes again with what is new on it, without colours when asked", () => {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const printer = new Printer({ columns: 80, hasColor: false, write });
  const card = (text: string): void =>
    printer.event({
      kind: "message",
      at: 0,
      payload: {
        spaceType: "group",
        spaceTitle: "Payments",
        personName: "Muster",
        text,
        attachments: [{ content: { actions: [{ type: "Action.Submit", title: "Stop" }] } }],
      },
    });
  card("status\n1 waiting\nBen: queued");
  card("status\n1 waiting\nBen: sent");
  card("status\n1 waiting\nBen: sent");
  const shown = lines.map((line) => line.trim().replace(/\s+/g, " "));
  expect(shown).toEqual([
    ...["Payments Muster: status", "1 waiting", "Ben: queued", "[Stop]"],
    ...["Payments Muster: status", "Ben: sent", "[Stop]"],
    ...["Payments Muster: status", "(unchanged)", "[Stop]"],
  ]);
});
