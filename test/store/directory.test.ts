import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { DirectoryPerson } from "../../src/directory/directory";
import { sqlitePath } from "../../src/store/database-url";
import { directoryPath } from "../../src/store/directory-sqlite";
import type { Store } from "../../src/store/store";
import { eachDatabase, onlyOn, type TestDatabase } from "../support/databases";
import { directoryNumbers, fill, find, someone } from "./directory-people";

/** The generations of which there are tables. */
async function generations(store: Store): Promise<string[]> {
  const { dialect, write } = store.db;
  if (dialect === "postgres") {
    const rows = await write("pg_tables").select<{ tablename: string }[]>("tablename");
    return rows.map((row) => row.tablename).filter((name) => /^directory_people_\d/.test(name));
  }
  const rows = await fileOf(store)("sqlite_master")
    .where({ type: "table" })
    .select<{ name: string }[]>("name");
  return rows.map((row) => row.name).filter((name) => /^directory_(people|words)_\d+$/.test(name));
}

/** The connection that writes the directory's own file. */
function fileOf(store: Store): Store["db"]["write"] {
  const { tables } = store.directory as unknown as {
    tables: { at: { write: Store["db"]["write"] } };
  };
  return tables.at.write;
}

async function markSynced(store: Store, people = 1): Promise<void> {
  await store.db
    .write("directory_sync")
    .update({ synced_at: 1, people, without_email: 0, unreadable_numbers: 0, skipped: 0 });
}

eachDatabase("a search in the directory", ({ open }) => {
  const people = [
    someone("Ana Silva"),
    someone("Ana Berg"),
    someone("Mariana Costa"),
    someone("Bo Ananias"),
    someone("José Peña"),
    someone("Łukasz Żółć"),
    someone("Søren Ødegård"),
    someone("Jürgen Strauß"),
    someone("Pat O'Brien"),
    someone("Seán O’Connor"),
    someone("Anne-Marie Duval"),
    someone("Дмитрий Иванов", { email: "dima@corp.example" }),
    someone("田中 太郎", { email: "tanaka@corp.example" }),
    someone("Wa 𐓷𐓘𐓻𐓘𐓻𐓟", { email: "wa@corp.example" }),
    someone("Zoë", { email: "z.payne-smith@corp.example" }),
    { personId: "nobody", name: "No Address", phones: [] },
  ];

  const searches: readonly (readonly [string, readonly string[]])[] = [
    ["ana", ["Ana Berg", "Ana Silva", "Bo Ananias"]],
    ["ANA s", ["Ana Silva"]],
    ["silva ana", ["Ana Silva"]],
    ["sil an", ["Ana Silva"]],
    ["jose", ["José Peña"]],
    ["josé pen", ["José Peña"]],
    ["JOSE\u0301", ["José Peña"]],
    ["lukasz", ["Łukasz Żółć"]],
    ["Łuk", ["Łukasz Żółć"]],
    ["zolc", ["Łukasz Żółć"]],
    ["soren odeg", ["Søren Ødegård"]],
    ["strauss", ["Jürgen Strauß"]],
    ["STRAUSS", ["Jürgen Strauß"]],
    ["strauß", ["Jürgen Strauß"]],
    ["o'brien", ["Pat O'Brien"]],
    ["o’bri", ["Pat O'Brien"]],
    ["obrien", ["Pat O'Brien"]],
    ["pat o'b", ["Pat O'Brien"]],
    ["oconnor sean", ["Seán O’Connor"]],
    ["anne-m", ["Anne-Marie Duval"]],
    ["annemarie", ["Anne-Marie Duval"]],
    ["marie", ["Anne-Marie Duval"]],
    ["дмит", ["Дмитрий Иванов"]],
    ["ИВАН", ["Дмитрий Иванов"]],
    ["田", ["田中 太郎"]],
    ["太郎", ["田中 太郎"]],
    ["𐓷𐓘𐓻", ["Wa 𐓷𐓘𐓻𐓘𐓻𐓟"]],
    ["payne", ["Zoë"]],
    ["zoe smith", ["Zoë"]],
    ["z.payne-smith@corp", ["Zoë"]],
    ["TANAKA@corp.example", ["田中 太郎"]],
    ["no address", ["nobody"]],
    ["corp", []],
    ["ilva", []],
    ["ana costa", []],
  ];

  it("finds by the beginnings of words, without case and accents", async () => {
    const store = await open();
    await fill(store, people);
    const found: [string, string[]][] = [];
    for (const [term] of searches) found.push([term, await find(store, term)]);
    expect(found).toEqual(searches);
  });

  const hostile = [
    ...['"', '"ana', "ana*", "^ana", "name:ana", "ana OR bo", "ana NOT silva", "NEAR(ana bo)"],
    ...["(ana", "ana)", "' OR 1=1 --", "ana'; DROP TABLE directory_people_1; --", "ana & !bo"],
    ...["ana:*", "ana <-> silva", "%", "_", "ana%", "a_a", "\\", "ana\\", "\0", "an\0a", "\uD800"],
    ...["", " ", "\t\n", "...", "🔥", "{ana}", "ana +silva", "-ana", "a".repeat(10_000)],
    ...["ana ".repeat(2_500), "%".repeat(10_000), "ﷺ".repeat(200), "\u0301".repeat(300)],
  ];

  it("takes patterns and operators for nothing but text", async () => {
    const store = await open();
    await fill(store, people);
    const found: Record<string, number> = {};
    for (const term of hostile) {
      const result = await store.directory.search(term, 20);
      expect(result.isMore).toBe(false);
      // Nothing that looks like a pattern finds everybody.
      if (result.found.length > 6) found[term] = result.found.length;
    }
    expect(found).toEqual({});
    expect(await find(store, "ana s")).toEqual(["Ana Silva"]);
  });

  it("puts the beginning of the name before its parts, and both before the address", async () => {
    const store = await open();
    await fill(store, [
      someone("Cy Nobody", { email: "bergen@corp.example" }),
      someone("Bo Bergman"),
      someone("Bergit Alm"),
      someone("Ana Berg"),
      someone("Dee", { email: "berg+er@corp.example" }),
    ]);
    expect(await find(store, "berg")).toEqual([
      "Bergit Alm",
      "Ana Berg",
      "Bo Bergman",
      "Cy Nobody",
      "Dee",
    ]);
    expect(await find(store, "berg", 2)).toEqual(["Bergit Alm", "Ana Berg"]);
  });

  it("says that there are more than twenty, and never gives more", async () => {
    const store = await open();
    const many = Array.from({ length: 45 }, (_, n) => someone(`Ana ${String(n).padStart(2, "0")}`));
    await fill(store, many);
    const result = await store.directory.search("ana", 100);
    expect(result.found).toHaveLength(20);
    expect(result.found[0]).toMatchObject({ name: "Ana 00", email: "ana.00@corp.example" });
    expect(result.isMore).toBe(true);
    expect(await store.directory.search("ana 44", 20)).toMatchObject({ isMore: false });
    expect(await store.directory.search("ana 4", 5)).toMatchObject({ isMore: false });
    expect(await store.directory.search("ana 4", 4)).toMatchObject({ isMore: true });
  });

  it("finds whoever is called exactly so before the many whose names only begin so", async () => {
    const store = await open();
    const many = Array.from({ length: 400 }, (_, n) => someone(`Bergmann ${n}`));
    await fill(store, [
      ...many,
      someone("Berg", { email: "b@corp.example" }),
      someone("Ana", { email: "berg@corp.example" }),
    ]);
    expect((await find(store, "berg"))[0]).toBe("Berg");
    expect(await find(store, "berg@corp.example")).toEqual(["Ana"]);
  });

  it("finds everybody among thousands, however they lie", async () => {
    const store = await open();
    const called = (n: number): string => {
      if (n % 100 === 0) return "Often";
      if (n % 150 === 1) return n < 1_000 ? "Early" : "Other";
      if (n >= 4_950) return n % 2 === 0 ? "Late" : "Seldom";
      return "Other";
    };
    const many = Array.from({ length: 5_000 }, (_, n) => someone(`A${n} ${called(n)}`));
    const both = (n: number) => someone(`B${n} Both`);
    await fill(store, [
      ...many.slice(0, 900),
      ...Array.from({ length: 18 }, (_, n) => both(n)),
      ...many.slice(900),
      ...Array.from({ length: 30 }, (_, n) => both(n + 18)),
    ]);
    const count = async (term: string) => {
      const { found, isMore } = await store.directory.search(term, 20);
      return [new Set(found.map(({ personId }) => personId)).size, isMore];
    };
    expect(await count("often")).toEqual([20, true]);
    expect(await count("early")).toEqual([7, false]);
    expect(await count("late")).toEqual([20, true]);
    expect(await count("both")).toEqual([20, true]);
    expect(await count("b3 both")).toEqual([11, false]);
    expect(await count("a4950")).toEqual([1, false]);
  });

  it("finds nobody before the first sync", async () => {
    const store = await open();
    expect(await store.directory.search("ana", 20)).toEqual({ found: [], isMore: false });
    expect(await store.directory.numbersOf(["a"])).toEqual(new Map());
    expect(await store.directory.findPeople(["a"])).toEqual(new Map());
  });
});

eachDatabase("the numbers of the directory", (database) => {
  const open = () => database.open({ directoryNumbers });
  const phones = (...all: [string, string][]) => all.map(([type, value]) => ({ type, value }));

  it("are the first of each type that can be dialled", async () => {
    const store = await open();
    const counts = await fill(store, [
      someone("both", {
        phones: phones(
          ["work", "ext. 12"],
          ["mobile", "+351 912 345 678"],
          ["work", "(408) 555-0100"],
        ),
      }),
      someone("strange", { phones: phones(["mobile", "ask Bo"], ["fax", "4085550102"]) }),
      someone("abroad", {
        phones: phones(["mobile", "+44 7400 123456"], ["work", "tel:+14085550103"]),
      }),
      someone("costly", {
        phones: phones(
          ["work", "+1 900 234 5678"],
          ["fax", "nobody"],
          ["other", "+44 7400 123456"],
        ),
      }),
      someone("none"),
    ]);
    // Not read, abroad, and costly; of types that are not used none counts.
    expect(counts).toEqual({ people: 5, withoutEmail: 0, undialledNumbers: 4 });
    const numbers = await store.directory.numbersOf([
      "both",
      "strange",
      "abroad",
      "costly",
      "none",
      "other",
    ]);
    expect(numbers).toEqual(
      new Map([
        ["both", { mobile: "+351912345678", voice: "+14085550100" }],
        ["abroad", { voice: "+14085550103" }],
      ]),
    );
  });

  it("are of the types that the configuration names", async () => {
    const types = { smsPhoneType: "work", voicePhoneType: "work" };
    const store = await database.open({ directoryNumbers: { ...directoryNumbers, ...types } });
    await fill(store, [someone("a", { phones: phones(["work", "4085550100"]) })]);
    const both = { mobile: "+14085550100", voice: "+14085550100" };
    expect(await store.directory.numbersOf(["a"])).toEqual(new Map([["a", both]]));
  });

  it("are found for more people than a query takes, each once", async () => {
    const store = await open();
    const people = Array.from({ length: 1_200 }, (_, n) =>
      someone(`p${n}`, { phones: phones(["mobile", `408555${1_000 + n}`]) }),
    );
    await fill(store, people);
    const ids = people.map((person) => person.personId);
    const numbers = await store.directory.numbersOf([...ids, ...ids]);
    expect(numbers.size).toBe(1_200);
    expect(numbers.get("p1199")).toEqual({ mobile: "+14085552199" });
    expect((await store.directory.findPeople(ids)).get("p7")).toEqual({
      personId: "p7",
      name: "p7",
      email: "p7@corp.example",
    });
  });

  it("cannot be read in the database, and are not taken from another's row", async () => {
    const onUnreadable = jest.fn();
    const store = await database.open({ directoryNumbers, onUnreadable });
    await fill(store, [
      someone("a", { phones: phones(["mobile", "+14085557361"], ["home", "marker-text"]) }),
      someone("b", { phones: phones(["mobile", "+14085557362"]) }),
    ]);
    const db = store.db.dialect === "postgres" ? store.db.write : fileOf(store);
    const rows = await db<{ person_id: string; phones: string }>("directory_people_1");
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toMatch(/7361|7362|marker/);
    const stolen = rows.find((row) => row.person_id === "a")!.phones;
    await db("directory_people_1").where({ person_id: "b" }).update({ phones: stolen });
    expect([...(await store.directory.numbersOf(["a", "b"])).keys()]).toEqual(["a"]);
    expect(onUnreadable).toHaveBeenCalledWith("directory", "b");
  });
});

eachDatabase("a directory that is written", ({ open }) => {
  it("is in use when it is complete, for everybody at once, and the old one is gone", async () => {
    const store = await open();
    await fill(store, [someone("Ana Old")]);
    const writer = await store.directory.write();
    await writer.add([someone("Ana New")]);
    expect(await find(store, "ana")).toEqual(["Ana Old"]);
    expect(await writer.replace()).toEqual({ people: 1, withoutEmail: 0, undialledNumbers: 0 });
    expect(await find(store, "ana")).toEqual(["Ana New"]);
    expect((await generations(store)).every((name) => name.endsWith("_2"))).toBe(true);
  });

  it("leaves the old one in use when it is given up", async () => {
    const store = await open();
    await fill(store, [someone("Ana Old")]);
    const writer = await store.directory.write();
    await writer.add([someone("Ana New")]);
    await writer.discard();
    expect(await find(store, "ana")).toEqual(["Ana Old"]);
    expect((await generations(store)).every((name) => name.endsWith("_1"))).toBe(true);
  });

  it("stays when it is given up once it is in use", async () => {
    const store = await open();
    const writer = await store.directory.write();
    await writer.add([someone("Ana New")]);
    await writer.replace();
    await writer.discard();
    expect(await find(store, "ana")).toEqual(["Ana New"]);
  });

  it("drops what a dead one left unfinished", async () => {
    const store = await open();
    await fill(store, [someone("Ana Old")]);
    await (await store.directory.write()).add([someone("Ana Lost")]);
    const next = await store.directory.write();
    expect((await generations(store)).some((name) => name.endsWith("_2"))).toBe(false);
    await next.discard();
    await fill(store, [someone("Ana New")]);
    expect(await find(store, "ana")).toEqual(["Ana New"]);
    expect(new Set((await generations(store)).map((name) => name.at(-1))).size).toBe(1);
  });

  it("counts somebody who is on two pages, or twice on one, once", async () => {
    const store = await open();
    const writer = await store.directory.write();
    const ana = someone("Ana");
    const noAddress: DirectoryPerson = { personId: "n", name: "N", phones: [] };
    expect(await writer.add([ana, noAddress, { ...ana, name: "Ana again" }])).toBe(2);
    expect(await writer.add([ana, noAddress, someone("Bo")])).toBe(1);
    expect(await writer.replace()).toMatchObject({ people: 3, withoutEmail: 1 });
    expect(await find(store, "ana")).toHaveLength(1);
  });

  it("takes whatever Webex lets people write", async () => {
    const store = await open();
    const strange = [
      someone("nul", { name: "Nul\0 Byte" }),
      someone("half", { name: `Half\uD83D ${"x".repeat(600)}` }),
      someone("long", { name: "🧑‍🚀".repeat(400), email: `${"e".repeat(600)}@corp.example` }),
      someone("quotes", { name: `Q"uo'te \\ {} [] ,` }),
      someone("empty", { name: "", email: "" }),
      someone("id\0with nul"),
      someone(""),
    ];
    await fill(store, strange);
    expect(await find(store, "nul byte")).toEqual(["nul"]);
    expect(await find(store, "half")).toEqual(["half"]);
    expect(await find(store, "quo te")).toEqual(["quotes"]);
    expect(await find(store, "e".repeat(80))).toEqual(["long"]);
    expect((await store.directory.findPeople(["empty", "", "id\0with nul"])).size).toBe(1);
  });

  it("writes in portions and lets others in between", async () => {
    const store = await open();
    const writer = await store.directory.write();
    let turns = 0;
    const count = (): void => void ((turns += 1), (timer = setImmediate(count)));
    let timer = setImmediate(count);
    await writer.add(Array.from({ length: 1_000 }, (_, n) => someone(`P ${n}`)));
    clearImmediate(timer);
    expect(turns).toBeGreaterThanOrEqual(10);
    await writer.discard();
  });

  it("is gone without a trace when it is cleared", async () => {
    const store = await open();
    await fill(store, [someone("Ana")]);
    await markSynced(store);
    await store.directory.clear();
    expect(await find(store, "ana")).toEqual([]);
    expect(await generations(store)).toEqual([]);
    expect(await store.directory.status()).toEqual({});
    await fill(store, [someone("Ana again")]);
    expect(await find(store, "ana")).toEqual(["Ana again"]);
  });
});

eachDatabase("the directory after a restart", ({ dialect, open }) => {
  it("is the one that was complete last", async () => {
    const store = await open();
    await fill(store, [someone("Ana Old")]);
    await (await store.directory.write()).add([someone("Ana Lost")]);
    if (dialect === "sqlite") await store.close();
    const next = await open({ onDirectoryLost: (why) => fail(why) });
    expect(await find(next, "ana")).toEqual(["Ana Old"]);
  });
});

function fail(why: string): never {
  throw new Error(why);
}

onlyOn("postgres", "the directory of several processes", (database) => {
  const { open } = database;

  it("is the same for all of them when one has replaced it", async () => {
    const [one, other] = [await open(), await open()];
    await fill(one, [someone("Ana Old")]);
    expect(await find(other, "ana")).toEqual(["Ana Old"]);
    await fill(one, [someone("Ana New")]);
    expect(await find(other, "ana")).toEqual(["Ana New"]);
    await one.directory.clear();
    expect(await find(other, "ana")).toEqual([]);
  });

  describe("while a backup reads its tables for long", () => {
    const numbered = (name: string, number: string) =>
      someone(name, { personId: "ana", phones: [{ type: "mobile", value: number }] });
    let [one, other]: Store[] = [];
    let ends: () => Promise<void>;

    beforeEach(async () => {
      [one, other] = [
        await database.open({ directoryNumbers }),
        await database.open({ directoryNumbers }),
      ];
      await fill(one, [numbered("Ana Old", "+14085550100")]);
      const reading = await (await open()).db.write.transaction();
      await reading.raw("LOCK TABLE directory_people_1 IN ACCESS SHARE MODE");
      ends = async () => {
        if (!reading.isCompleted()) await reading.commit();
      };
    });

    afterEach(() => ends());

    /** Whoever waits for the backup would wait for ever. */
    const beforeItEnds = <T>(work: Promise<T>): Promise<T> => {
      const late = new Promise<never>((_resolve, reject) => {
        setTimeout(() => reject(new Error("It waited for the backup.")), 5_000).unref();
      });
      return Promise.race([work, late]);
    };

    async function asked(store: Store): Promise<[string[], string | undefined]> {
      const { found } = await store.directory.search("ana", 20);
      const numbers = await store.directory.numbersOf(["ana"]);
      return [found.map(({ name }) => name), numbers.get("ana")?.mobile];
    }

    it("is replaced all the same, nobody waits, and the next sync drops what was left", async () => {
      expect(await asked(other!)).toEqual([["Ana Old"], "+14085550100"]);
      const replacing = beforeItEnds(fill(one!, [numbered("Ana New", "+14085550199")]));
      while ((await beforeItEnds(asked(other!)))[0][0] !== "Ana New");
      expect(await beforeItEnds(asked(one!))).toEqual([["Ana New"], "+14085550199"]);
      expect(await beforeItEnds(asked(other!))).toEqual([["Ana New"], "+14085550199"]);
      expect(await replacing).toMatchObject({ people: 1 });
      expect((await generations(one!)).sort()).toEqual([
        "directory_people_1",
        "directory_people_2",
      ]);
      await (await beforeItEnds(one!.directory.write())).discard();
      expect(await generations(one!)).toContain("directory_people_1");
      await ends();
      await fill(one!, [numbered("Ana Next", "+14085550100")]);
      expect(await asked(other!)).toEqual([["Ana Next"], "+14085550100"]);
      expect(await generations(one!)).toHaveLength(1);
    });

    it("is cleared all the same: nobody is in what is left of it", async () => {
      await beforeItEnds(one!.directory.clear());
      expect(await beforeItEnds(asked(other!))).toEqual([[], undefined]);
      expect(await one!.db.write("directory_people_1")).toEqual([]);
      await ends();
      await (await one!.directory.write()).discard();
      expect(await generations(one!)).toEqual([]);
    });
  });

  it("is made once by those who start at the same moment", async () => {
    const stores = await Promise.all([open(), open(), open()]);
    for (const store of stores) expect(await find(store, "ana")).toEqual([]);
  });
});

onlyOn("sqlite", "the directory's own file", (database) => {
  const file = (): string => directoryPath(sqlitePath(database.url()));

  async function filled(): Promise<void> {
    const store = await database.open();
    await fill(
      store,
      Array.from({ length: 300 }, (_, n) => someone(`Ana ${n}`)),
    );
    await markSynced(store);
    await store.db.write("directory_sync").update({ due_at: 5_000 });
    await store.close();
  }

  it("lies beside the database", async () => {
    await filled();
    expect(file()).toMatch(/\/muster\.directory\.sqlite3$/);
    expect(existsSync(file())).toBe(true);
    expect(directoryPath("/data/bot.db")).toBe("/data/bot.db.directory.sqlite3");
  });

  test.each<[string, () => Promise<void>]>([
    ["is gone", () => rm(file())],
    ["is empty", () => writeFile(file(), "")],
    ["is something else", () => writeFile(file(), "This is not a database. ".repeat(500))],
    ["is damaged", () => damage(file())],
    ["is a folder", () => rm(file()).then(() => makeFolder(file()))],
  ])("that %s is made anew, and a sync is due at once", async (_what, break_) => {
    await filled();
    await break_();
    const lost = jest.fn();
    const store = await database.open({ onDirectoryLost: lost });
    expect(await find(store, "ana")).toEqual([]);
    const { dueAt, syncedAt } = await store.directory.status();
    expect({ dueAt, syncedAt }).toEqual({ dueAt: database.clock().now(), syncedAt: undefined });
    expect(lost).toHaveBeenCalledTimes(1);
    await fill(store, [someone("Ana again")]);
    expect(await find(store, "ana")).toEqual(["Ana again"]);
  });

  it("that is damaged while it is used is made anew at the next question", async () => {
    const lost = jest.fn();
    const store = await database.open({ onDirectoryLost: lost });
    await fill(
      store,
      Array.from({ length: 300 }, (_, n) => someone(`Ana ${n}`)),
    );
    await fileOf(store).raw("PRAGMA wal_checkpoint(TRUNCATE)");
    await damage(file());
    expect(await find(store, "ana 2")).toEqual([]);
    await fill(store, [someone("Ana again")]);
    expect(await find(store, "ana")).toEqual(["Ana again"]);
    expect(lost).toHaveBeenCalledTimes(1);
  });

  it("holds nothing of anybody when the directory was cleared", async () => {
    const store = await database.open({ directoryNumbers });
    await fill(store, [someone("Marker Person", { email: "marker@corp.example" })]);
    expect((await bytesOf(database)).includes("Marker")).toBe(true);
    await store.directory.clear();
    expect((await bytesOf(database)).toString("latin1")).not.toMatch(/marker/i);
  });
});

async function damage(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes.fill(0x5a, 100, bytes.length);
  await writeFile(file, bytes);
}

async function makeFolder(path: string): Promise<void> {
  const { mkdir } = await import("node:fs/promises");
  await mkdir(path);
}

async function bytesOf(database: TestDatabase): Promise<Buffer> {
  const folder = dirname(sqlitePath(database.url()));
  const files = (await readdir(folder)).filter((name) => name.includes("directory"));
  return Buffer.concat(await Promise.all(files.map((name) => readFile(`${folder}/${name}`))));
}
