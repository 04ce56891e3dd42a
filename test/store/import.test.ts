import { importExternals } from "../../src/incident/import-externals";
import type { ImportResult } from "../../src/incident/import-externals";
import { numbersOf } from "../../src/roster/external-fields";
import type { ExternalFacts } from "../../src/roster/external-fields";
import type { Store } from "../../src/store/store";
import { SPACE } from "../support/builders";
import { eachDatabase } from "../support/databases";
import { seedSpace, write } from "./seed";

const COUNT = 5_000;

function aList(count = COUNT): ExternalFacts[] {
  return Array.from({ length: count }, (_, index) => {
    const last = String(index).padStart(4, "0");
    return { name: `Person ${last}`, mobile: `+1303555${last}`, voice: `+1720555${last}` };
  });
}

async function importing(store: Store, people: readonly ExternalFacts[]): Promise<ImportResult> {
  const numbers = people.flatMap(numbersOf);
  const decided = await store.forExternals({ kind: "reading" }, { numbers }, (state, at) =>
    importExternals(state, people, at),
  );
  if (!decided.isDone) throw new Error("not decided");
  return decided.result;
}

async function total(store: Store): Promise<number> {
  return (await store.searchExternals("", { limit: 1, offset: 0 })).total;
}

eachDatabase("a list of 5,000 people", ({ open }) => {
  test("is kept whole, with what a card remembers of it until then", async () => {
    const store = await open();
    const payload = { people: aList() };
    const card = { id: "card-1", kind: "notice" as const, personId: "ana", payload };
    await write(store, { kind: "card.written", card, at: 1 });
    expect((await store.findCard("card-1"))?.payload).toEqual(payload);
    expect(await importing(store, aList())).toEqual({ kind: "saved", count: COUNT });
    expect(await total(store)).toBe(COUNT);
    const { found } = await store.searchExternals("+17205554999", { limit: 2, offset: 0 });
    expect(found).toMatchObject([{ ...aList()[4_999], kind: "external", version: 1 }]);
  });

  test("is remembered no longer once its card was used", async () => {
    const store = await open();
    await seedSpace(store, []);
    const payload = { people: aList(1) };
    const card = { kind: "notice" as const, personId: "ana", payload };
    await write(
      store,
      { kind: "card.written", card: { ...card, id: "list" }, at: 1 },
      { kind: "card.written", card: { ...card, id: "of-space", spaceId: SPACE }, at: 1 },
    );
    for (const cardId of ["list", "of-space"])
      await write(store, { kind: "card.used", cardId, at: 2 });
    const cards = await Promise.all(["list", "of-space"].map((id) => store.findCard(id)));
    expect(cards.map((one) => [one?.usedAt, one?.payload])).toEqual([
      [2, {}],
      [2, payload],
    ]);
  });

  test("is not kept at all where one of its numbers is somebody's", async () => {
    const store = await open();
    await importing(store, [{ name: "Eve", voice: "+13035550999" }]);
    const result = await importing(store, aList(1_000));
    expect(result).toEqual({ kind: "number-taken", names: ["Person 0999"] });
    expect(await total(store)).toBe(1);
  });

  test("is not kept in part where writing it fails half-way", async () => {
    const store = await open();
    const people = aList(1_000);
    const numbers = people.flatMap(numbersOf);
    const failing = store.forExternals({ kind: "reading" }, { numbers }, (state, at) => {
      let count = 0;
      // The last one's id is that of the first.
      const newId = (): string => `id-${(count += 1) % 999}`;
      return importExternals(state, people, { ...at, newId });
    });
    await expect(failing).rejects.toThrow();
    expect(await total(store)).toBe(0);
  });

  test("that two people import at the same time is there once", async () => {
    const store = await open();
    const results = await Promise.all([importing(store, aList(300)), importing(store, aList(300))]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(["number-taken", "saved"]);
    expect(await total(store)).toBe(300);
  });
});
