import type { AttachedFile } from "../../src/bot/incoming";
import type { Responder } from "../../src/roster/responder";
import { ana } from "../support/builders";
import { aRig, data, deeds, DIRECT } from "../support/bot-rig";

const ADDRESS = "https://webex.example/v1/contents/c-1";
const directly = { spaceId: DIRECT, spaceKind: "direct" } as const;

function aList(content: string, name = "people.csv"): AttachedFile {
  return { kind: "file", name, type: "text/csv", content: Buffer.from(content) };
}

/** Ana imports it. */
async function importing(file: AttachedFile, more: Parameters<typeof aRig>[0] = {}) {
  const read: string[] = [];
  const readFile = (address: string): Promise<AttachedFile> => {
    read.push(address);
    return Promise.resolve(file);
  };
  const rig = aRig({ ...more, tools: { readFile, ...more.tools } });
  const send = () => rig.says("import", ana, { ...directly, files: [ADDRESS] });
  await send();
  return { rig, read, send };
}

function saved(rig: ReturnType<typeof aRig>): Responder[] {
  return rig.changes.flatMap((change) =>
    change.kind === "responder.created" ? [change.responder] : [],
  );
}

test("a list is read once, kept on a card for the person alone, and saved when they press", async () => {
  const { rig, read } = await importing(aList("name,mobile\nEve,+14085550101\nBo,+14085550102"));
  expect(read).toEqual([ADDRESS]);
  expect(deeds(rig.changes)).toEqual([]);
  const [card] = [...rig.decisions.cards.values()];
  expect(card).toMatchObject({ kind: "notice", personId: "ana" });
  expect(card).not.toHaveProperty("spaceId");
  await rig.presses(data("roster.import", card!.id), ana, { spaceId: DIRECT });
  expect(deeds(rig.changes)).toEqual(["card.used", "responder.created", "responder.created"]);
  expect(saved(rig)).toMatchObject([
    { kind: "external", name: "Eve", mobile: "+14085550101", version: 1 },
    { kind: "external", name: "Bo", mobile: "+14085550102", version: 1 },
  ]);
  await rig.presses(data("roster.import", card!.id), ana, { spaceId: DIRECT });
  expect(rig.said.at(-1)).toContain("used already");
  expect(saved(rig)).toHaveLength(2);
});

test("who may not import has no file read", async () => {
  const people = [{ ...ana, email: "", orgId: "org-other", isModerator: true, isOperator: true }];
  const { rig, read } = await importing(aList("name,mobile\nEve,+14085550101"), { people });
  expect(read).toEqual([]);
  expect(rig.said).toEqual([expect.stringContaining("organisation that runs me")]);
});

test("a thousand mistakes are told as far as there is room, whatever is in them", async () => {
  const name = `<@all> **${"€".repeat(60)}** \${name} [x](https://evil.example)`;
  const lines = Array.from({ length: 1_000 }, () => `"${name}",no,12,13,tlh`);
  const list = ["name,email,mobile,voice,language", ...lines].join("\n");
  const { rig } = await importing(aList(list, "<@all>`.csv"));
  expect(deeds(rig.changes)).toEqual([]);
  expect(rig.decisions.cards.size).toBe(0);
  const [answer = ""] = rig.said;
  expect(Buffer.byteLength(answer)).toBeLessThan(7_000);
  expect(answer).toContain("1000 lines cannot be imported, so nothing is");
  expect(answer).toMatch(/and 9\d\d more$/);
  expect(answer).not.toMatch(/<@|(?<!\\)\[x/);
});

test("one mistake among many is told in full", async () => {
  const { rig } = await importing(aList("name,mobile\nEve,+14085550101\nBo,12"));
  expect(rig.said[0]).toContain("1 line cannot be imported, so nothing is. Correct it and");
  expect(rig.said[0]).toContain("Line 3 (Bo): mobile: This number cannot be dialled.");
  expect(rig.said[0]).not.toContain("more");
});

test("cells of a megabyte and ten thousand columns take no room in the answer", async () => {
  const cell = "x".repeat(1_000_000);
  for (const list of [
    `name,mobile\n${cell},12`,
    `name,mobile\nEve,${cell}`,
    `name,mobile,${cell}\nEve,+14085550101,1`,
    `name,mobile${",x".repeat(10_000)}\nEve,1`,
  ]) {
    const { rig } = await importing(aList(list, cell));
    const [answer] = rig.answers;
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(5_000);
  }
});

test("a file that Webex cannot give now is asked for again later", async () => {
  const rig = aRig({ tools: { readFile: () => Promise.reject(new Error("busy")) } });
  const sent = rig.says("import", ana, { ...directly, files: [ADDRESS] });
  await expect(sent).rejects.toThrow("busy");
  expect(rig.changes).toEqual([]);
});

test.each([{}, { people: "all" }, { people: [{ name: 7 }] }])(
  "a card that remembers %j imports nothing",
  async (payload) => {
    const rig = aRig();
    rig.decisions.cards.set("card-x", { id: "card-x", kind: "notice", payload });
    await rig.presses(data("roster.import", "card-x"), ana, { spaceId: DIRECT });
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual([expect.stringContaining("used already, or is too old")]);
  },
);

describe("an export", () => {
  const everybody: Responder[] = Array.from({ length: 1_234 }, (_, index) => ({
    ...{ id: `r-${index}`, kind: "external", version: 1, name: `Person ${index}` },
    mobile: "+14085550101",
  }));

  async function exporting(pages: (offset: number, call: number) => Responder[]) {
    let calls = 0;
    const rig = aRig({
      tools: {
        searchExternals: (_term, { limit, offset }) => {
          const all = pages(offset, (calls += 1));
          return Promise.resolve({ found: all.slice(offset, offset + limit), total: all.length });
        },
      },
    });
    await rig.says("export", ana, directly);
    const { content = "" } = rig.answers[0]?.post.file ?? {};
    return {
      rig,
      calls,
      names: content
        .split("\r\n")
        .slice(1, -1)
        .map((line) => line.split(",")[0]),
    };
  }

  test("has everybody, page after page, in their order", async () => {
    const { names, rig } = await exporting(() => everybody);
    expect(names).toEqual(everybody.map(({ name }) => name));
    expect(rig.answers[0]!.post).not.toHaveProperty("card");
  });

  test("is read anew where somebody was deleted between two pages", async () => {
    const { names, calls } = await exporting((_offset, call) =>
      call === 1 ? everybody : everybody.slice(1),
    );
    expect(names).toEqual(everybody.slice(1).map(({ name }) => name));
    expect(calls).toBe(6);
  });

  test("ends where people come and go all the time", async () => {
    const { calls } = await exporting((_offset, call) => everybody.slice(call % 3));
    expect(calls).toBe(9);
  });

  test("of nobody is no file", async () => {
    const { rig } = await exporting(() => []);
    expect(rig.said).toEqual([expect.stringContaining("There is nobody to export")]);
    expect(rig.answers[0]!.post).not.toHaveProperty("file");
  });
});

test.each([
  [{ numbers: {} }, /not set up/],
  [{ numbers: { sms: "14085550100" } }, /not set up/],
  [{ senderName: "Muster", numbers: {} }, /not set up/],
  [{ senderName: "Muster", numbers: { sms: "ACME" } }, /“ACME”, which no contact can hold/],
])("contact without a number to keep: %j", async (tools, sentence) => {
  const rig = aRig({ tools });
  await rig.says("contact", ana, directly);
  expect(rig.said).toEqual([expect.stringMatching(sentence)]);
  expect(rig.answers[0]!.post).not.toHaveProperty("file");
});

test("contact for a sender that is a name in texts, and a number in calls", async () => {
  const rig = aRig({
    tools: { senderName: "<@all>", numbers: { sms: "ACME", voice: "+14085550100" } },
  });
  await rig.says("contact", ana, directly);
  expect(rig.said[0]).toContain("save **&lt;@all>** as a contact");
  expect(rig.said[0]).toContain("Texts come from “ACME”");
  expect(rig.answers[0]!.post.file).toMatchObject({ name: "contact.vcf" });
});
