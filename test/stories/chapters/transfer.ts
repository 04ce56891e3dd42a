import type { UploadedFile } from "../../../src/sandbox/model";
import type { PersonInStory, Story, StoryBook } from "../../support/story";
import { minutes } from "../../support/story";

function aFile(content: string | Buffer, name = "people.csv", type = "text/csv"): UploadedFile {
  return { name, type, content: Buffer.from(content) };
}

const HEADER = "name,email,mobile,voice,language";

/** Lists that come in and go out as files. */
export function transferStories({ story }: StoryBook): void {
  story("a list comes in by import, and goes out again by export as it was", async (told) => {
    const { ana } = await told.space({ moderators: ["Ana"] });
    const [eve, finn, gus] = [told.phone(), told.phone(), told.phone()];
    const list = [
      HEADER,
      `"Adams; Eve",eve@corp.example,${eve.number},${eve.number},de`,
      `Finn Ödegård,,${finn.number},,`,
      `"=HYPERLINK(""x"")",,,${gus.number},`,
    ].join("\r\n");
    const message = await ana.writes("import", aFile(list, "night shift.csv"));
    ana.expectDirect(
      /night shift\.csv has 3 people\. 3 people are new\..*\n\[Import 3 people\]\n\[Cancel\]/,
    );
    expect(await externals(told, [eve.number, finn.number, gus.number])).toEqual([]);
    await told.world.deliverAgain(message);
    ana.expectNothing();
    const press = await ana.presses("Import 3 people");
    ana.expectDirect(/3 people are saved/);
    const saved = await externals(told, [eve.number, finn.number, gus.number]);
    expect(saved.map(({ name }) => name)).toEqual([
      "Adams; Eve",
      "Finn Ödegård",
      '=HYPERLINK("x")',
    ]);
    expect(saved[0]).toMatchObject({
      email: "eve@corp.example",
      voice: eve.number,
      language: "de",
    });
    await told.world.deliverAgain(press);
    await ana.presses(ana.sees("Import 3 people"));
    ana.expectDirect(/used already/);
    expect(await externals(told, [eve.number, finn.number, gus.number])).toHaveLength(3);

    await ana.writes("export");
    const file = ana.expectFile(/as import takes them back/);
    expect(file.name).toMatch(/^externals-\d{4}-\d\d-\d\d\.csv$/);
    const lines = file.content.toString("utf8").split("\r\n");
    expect(lines[0]).toBe(`\uFEFF${HEADER}`);
    expect(lines).toContain(`Finn Ödegård,,'${finn.number},,`);
    expect(lines).toContain(`"'=HYPERLINK(""x"")",,,'${gus.number},`);
    await ana.writes("import", file);
    ana.expectDirect(/are known already and stay as they are\. There is nobody to import\./);
  });

  story("a list with mistakes is told line by line, and nobody of it is saved", async (told) => {
    const { ana, space } = await told.space({ moderators: ["Ana"] });
    const [bo, dora] = [told.phone(), told.phone()];
    await told.addExternal(space, ana, { name: "Bo", mobile: bo });
    const list = [
      "Mobile;Name;Team",
      `${dora.number};Dora;night`,
      `${bo.number};<@all> **Bob**;night`,
      "12;Carl;night",
      ";Emma;night",
      "",
      `${dora.number};Dora;night`,
      `${bo.number};bo;night`,
    ].join("\n");
    await ana.writes("import", aFile(Buffer.from(`\uFEFF${list}`)));
    const { html = "", mentionedGroups } = ana.expectDirect(/people\.csv has 6 people\./);
    expect(mentionedGroups).toEqual([]);
    expect(html).toContain("columns that I do not know: Team");
    expect(html).toContain("5 lines cannot be imported, so nothing is");
    expect(html).toContain(
      "&lt;@all&gt; **Bob**): The number belongs to somebody else already: Bo.",
    );
    expect(html).toMatch(/Line 4 \(Carl\): mobile: This number cannot be dialled/);
    expect(html).toMatch(/Line 5 \(Emma\): mobile: Give at least one number/);
    expect(html).toMatch(/Line 7 \(Dora\): Line 2 has the same number/);
    expect(html).toMatch(/Line 8 \(bo\): Line 3 has the same number/);
    expect(await externals(told, [dora.number])).toEqual([]);
  });

  story("files that are no list are refused, and it is said what they are", async (told) => {
    const { ana } = await told.space({ moderators: ["Ana"] });
    await ana.writes("import");
    ana.expectDirect(/Attach a CSV file and write import with it/);
    await ana.writes("import", aFile("a"), aFile("b"));
    ana.expectDirect(/That message has 2 files/);
    const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]);
    await ana.writes("import", aFile(picture, "people.csv"));
    ana.expectDirect(/seems to be a picture \(PNG\).*CSV UTF-8/);
    await ana.writes("import", aFile(Buffer.alloc(50 * 1024 * 1024, "x")));
    ana.expectDirect(/larger than 2 MB/);
    await ana.writes("import", aFile("who,phone\nEve,+14085550100"));
    ana.expectDirect(/I find no column name there/);
    told.faults.add({
      service: "webex",
      route: "GET /contents",
      kind: "status",
      status: 410,
      times: 1,
    });
    await ana.writes("import", aFile(HEADER));
    ana.expectDirect(/found malware/);
    told.faults.add({
      service: "webex",
      route: "GET /contents",
      kind: "status",
      status: 428,
      times: 1,
    });
    await ana.writes("import", aFile(HEADER));
    ana.expectDirect(/cannot check that file for malware/);
  });

  story("a list in Latin-1 is read, and it is said", async (told) => {
    const { ana } = await told.space({ moderators: ["Ana"] });
    const { number } = told.phone();
    await ana.writes("import", aFile(Buffer.from(`name;mobile\nJosé Núñez;${number}`, "latin1")));
    ana.expectDirect(/took it for Latin-1 \(Windows-1252\): look whether “José Núñez” is right/);
    await ana.presses("Import 1 person");
    ana.expectDirect(/1 person is saved/);
    expect((await externals(told, [number]))[0]).toMatchObject({ name: "José Núñez" });
  });

  story("while Webex looks for malware in the list, the bot waits for it", async (told) => {
    const { ana } = await told.space({ moderators: ["Ana"] });
    told.faults.add({
      ...{ service: "webex", route: "GET /contents", kind: "status" },
      ...{ status: 423, retryAfter: "5", times: 1 },
    });
    await ana.writes("import", aFile(`name,mobile\nEve,${told.phone().number}`));
    ana.expectNothing();
    await told.advance(10_000);
    ana.expectDirect(/has 1 person/);
    told.faults.add({ service: "webex", route: "POST /messages", kind: "reset", times: 1 });
    await ana.writes("export");
    await told.advance(10_000);
    ana.expectFile(/as import takes them back/);
    told.expectLog("warn", /Webex call/);
  });

  story("a list is not imported once its time is over, or when it is cancelled", async (told) => {
    const { ana } = await told.space({ moderators: ["Ana"] });
    const { number } = told.phone();
    const list = aFile(`name,mobile\nEve,${number}`);
    await ana.writes("import", list);
    ana.expectDirect(/Import them\?/);
    const first = ana.sees("Import 1 person");
    await ana.presses("Cancel");
    ana.expectDirect(/Nothing was imported/);
    await ana.presses(first);
    ana.expectDirect(/used already/);
    await ana.writes("import", list);
    ana.expectDirect(/Import them\?/);
    await told.advance(minutes(31));
    await ana.presses("Import 1 person");
    ana.expectDirect(/used already, or is too old/);
    expect(await externals(told, [number])).toEqual([]);
  });

  story("a number that somebody got after the check stops the whole import", async (told) => {
    const { ana, space } = await told.space({ moderators: ["Ana"] });
    const [eve, finn] = [told.phone(), told.phone()];
    await ana.writes("import", aFile(`name,mobile\nEve,${eve.number}\nFinn,${finn.number}`));
    ana.expectDirect(/Import them\?/);
    const button = ana.sees("Import 2 people");
    await told.addExternal(space, ana, { name: "Gus", voice: finn });
    await ana.presses(button);
    ana.expectDirect(/Nothing was imported: a number of Finn was given to somebody else meanwhile/);
    expect(await externals(told, [eve.number])).toEqual([]);
  });

  story("a list of 5,000 people comes in as a whole", async (told) => {
    const { ana } = await told.space({ moderators: ["Ana"] });
    const lines = Array.from({ length: 5_000 }, (_, index) => {
      const last = String(index).padStart(4, "0");
      return `Person ${last},,+1303555${last},+1720555${last},en`;
    });
    await ana.writes("import", aFile([HEADER, ...lines].join("\n")));
    ana.expectDirect(/has 5000 people/);
    await ana.presses("Import 5000 people");
    ana.expectDirect(/5000 people are saved/);
    await ana.writes("import", aFile([HEADER, ...lines, lines[0]].join("\n")));
    ana.expectDirect(/more than 5,000 lines/);
    await ana.writes("export");
    const { content } = ana.expectFile(/It is longer than what import takes at once/);
    expect(content.toString("utf8").match(/^Person \d{4},/gm)).toHaveLength(5_000);
  });

  story("only who looks after people with a phone imports and exports", async (told) => {
    const { ana, ben } = await told.space({ moderators: ["Ana"], members: ["Ben"] });
    await ben.writes("import", aFile(HEADER));
    ben.expectDirect(/Only people who moderate a space that I am in/);
    await ben.writes("export");
    ben.expectDirect(/Only people who moderate a space/);
    await told.restartBot({ OPERATORS_SPACE: await operatorsOf(told, ben) });
    await ana.writes("export");
    ana.expectDirect(/Only operators can do that here/);
    await ben.writes("import");
    ben.expectDirect(/Attach a CSV file/);
  });

  story("contact gives a vCard with the numbers of texts and calls", async (told) => {
    const { ben } = await told.space({ members: ["Ben"], isModerated: false });
    await ben.writes("contact");
    const { name, type, content } = ben.expectFile(/save Muster as a contact/);
    expect([name, type]).toEqual(["contact.vcf", "text/vcard; charset=utf-8"]);
    const card = content.toString("utf8");
    expect(card).toMatch(/^BEGIN:VCARD\r\nVERSION:3\.0\r\nN:Muster;;;;\r\nFN:Muster\r\n/);
    expect(card.match(/^TEL.*:\+14085550100\r$/gm)).toHaveLength(1);
    await told.restartBot({ IMI_SERVICE_KEY: "", SMS_ORIGIN: "", VOICE_ORIGIN: "" });
    await ben.writes("contact");
    ben.expectDirect(/Texts and calls are not set up/);
  });
}

async function operatorsOf(told: Story, ...people: PersonInStory[]): Promise<string> {
  const { world } = told.sandbox;
  const space = world.addSpace({ title: "Operators" });
  for (const person of [...people.map(({ id }) => id), world.bot().id])
    world.setMember({ space: space.id, person });
  await told.settle();
  told.takeAll();
  return space.id;
}

/** Who has one of the numbers, in the order in which they were saved. */
async function externals(told: Story, numbers: readonly string[]) {
  const { store } = told.world.app;
  const { found } = await store.searchExternals("", { limit: 10_000, offset: 0 });
  return found
    .filter(({ mobile, voice }) => numbers.some((one) => one === mobile || one === voice))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}
