import type { Grant, OAuthState } from "../../src/grants/grant";
import type { Store } from "../../src/store/store";
import { eachDatabase, onlyOn } from "../support/databases";
import { aGrant, anIssue, anOAuthState, DAY, HOUR, without } from "../support/grant-builders";
import { START, write } from "./seed";

const tokens = { access: "the-access-token", refresh: "the-refresh-token" };

function save(store: Store, ...grants: Grant[]): Promise<void> {
  return write(store, ...grants.map((grant) => ({ kind: "grant.saved" as const, grant, tokens })));
}

async function dump(store: Store): Promise<string> {
  const tables = ["grants", "oauth_states"];
  const rows = await Promise.all(tables.map((table) => store.db.write(table).select("*")));
  return JSON.stringify(rows);
}

eachDatabase("grants", (database) => {
  let store: Store;
  beforeEach(async () => {
    store = await database.open();
  });

  test("a grant comes back as it was saved, and its tokens are nowhere in the clear", async () => {
    const grant = aGrant();
    await save(store, grant);
    expect(await store.grants.findGrant("grant-1")).toEqual({ grant, tokens });
    expect(await store.grants.directoryGrant()).toEqual(grant);
    expect(await dump(store)).not.toMatch(/the-(access|refresh)-token/);
  });

  test("tokens of another row, or changed, do not open", async () => {
    await save(store, aGrant(), aGrant({ id: "grant-2", kind: "meetings" }));
    const row = await store.db.write("grants").where({ id: "grant-2" }).first<{ tokens: string }>();
    await store.db.write("grants").where({ id: "grant-1" }).update({ tokens: row.tokens });
    await expect(store.grants.findGrant("grant-1")).rejects.toThrow("cannot open a sealed");
  });

  test("the directory has one grant, the newest", async () => {
    await save(store, aGrant(), aGrant({ id: "grant-2", personId: "cy" }));
    expect((await store.grants.directoryGrant())?.id).toBe("grant-2");
    expect(await store.grants.findGrant("grant-1")).toBeUndefined();
  });

  test("everybody has one grant for meetings, dead ones are left out, and the order is kept", async () => {
    const of = (personId: string, id: string) => aGrant({ id, kind: "meetings", personId });
    await save(store, of("ana", "1"), of("bo", "2"), of("bo", "3"), of("cy", "4"), aGrant());
    await write(store, { kind: "grant.died", grantId: "4", reason: "not renewed", at: START });
    const found = await store.grants.meetingsGrants(["cy", "bo", "nobody", "ana"]);
    expect(found.map(({ id }) => id)).toEqual(["3", "1"]);
  });

  test("what becomes of a grant is seen in it", async () => {
    await save(store, aGrant());
    const grantId = "grant-1";
    const restsUntil = START + DAY;
    await write(store, { kind: "grant.noted", grantId, lastError: "busy", restsUntil, dueAt: 7 });
    expect(await store.grants.directoryGrant()).toMatchObject({
      lastError: "busy",
      restsUntil,
      dueAt: 7,
    });
    const renewed = anIssue({ access: "access-2", refresh: "refresh-2" }, START + DAY);
    await write(store, { kind: "grant.renewed", grantId, tokens: renewed, dueAt: 9 });
    const held = await store.grants.findGrant(grantId);
    expect(held?.tokens).toEqual({ access: "access-2", refresh: "refresh-2" });
    expect(held?.grant).toMatchObject({ accessExpiresAt: START + 15 * DAY, dueAt: 9 });
    expect(held?.grant.lastError).toBeUndefined();
    await write(store, { kind: "grant.died", grantId, reason: "not renewed", at: START });
    const dead = await store.grants.directoryGrant();
    expect(dead).toMatchObject({ diedAt: START, lastError: "not renewed" });
    expect(dead?.dueAt).toBeUndefined();
    await write(store, { kind: "grant.revoked", grantId });
    expect(await store.grants.directoryGrant()).toBeUndefined();
  });

  test("a renewed refresh token that nobody dated has no date", async () => {
    await save(store, aGrant());
    const undated = without(anIssue(), "refreshExpiresAt");
    await write(store, { kind: "grant.renewed", grantId: "grant-1", tokens: undated, dueAt: 9 });
    expect((await store.grants.directoryGrant())?.refreshExpiresAt).toBeUndefined();
  });

  test("those that are due are found, the most urgent first, and put off unless decided on", async () => {
    const due = (id: string, dueAt: number) =>
      aGrant({ id, kind: "meetings", personId: id, dueAt });
    await save(store, due("late", 300), due("soon", 100), due("now", 200));
    expect(await store.grants.nextGrantDueAt()).toBe(100);
    const found = await store.grants.dueGrants(200);
    expect(found.map(({ id }) => id)).toEqual(["soon", "now"]);
    await store.grants.postponeGrant(found[0]!, 400);
    await store.grants.postponeGrant(found[0]!, 500);
    expect((await store.grants.findGrant("soon"))?.grant.dueAt).toBe(400);
    expect(await store.grants.nextGrantDueAt()).toBe(200);
  });

  test("without a grant nothing is due", async () => {
    expect(await store.grants.nextGrantDueAt()).toBeUndefined();
    expect(await store.grants.dueGrants(START)).toEqual([]);
  });
});

function ask(store: Store, state: string, asked: Partial<OAuthState> = {}): Promise<void> {
  return write(store, { kind: "oauth-state.written", asked: anOAuthState(asked), state });
}

eachDatabase("links to a grant", (database) => {
  let store: Store;
  const now = () => database.clock().now();
  const fresh = (): Partial<OAuthState> => ({ createdAt: now(), expiresAt: now() + 600_000 });
  beforeEach(async () => {
    store = await database.open();
  });

  test("open once", async () => {
    const asked = { ...fresh(), kind: "meetings", isLent: true } as const;
    await ask(store, "the-state", asked);
    expect(await store.grants.takeState("the-state")).toEqual({ asked: anOAuthState(asked) });
    const known = without(anOAuthState(asked), "verifier");
    const used = { refused: { why: "used", asked: known } };
    expect(await store.grants.takeState("the-state")).toEqual(used);
    await database.clock().advance(HOUR);
    expect(await store.grants.takeState("the-state")).toEqual(used);
  });

  test("open for one of those who come at once", async () => {
    await ask(store, "the-state", fresh());
    const taken = await Promise.all([1, 2, 3, 4].map(() => store.grants.takeState("the-state")));
    expect(taken.filter((one) => "asked" in one)).toHaveLength(1);
  });

  test("open nothing after ten minutes, however often they are tried", async () => {
    await ask(store, "the-state", fresh());
    await database.clock().advance(600_000);
    for (let times = 0; times < 2; times += 1)
      expect(await store.grants.takeState("the-state")).toMatchObject({
        refused: { why: "expired", asked: { personId: "ada" } },
      });
  });

  test("are unknown under any other state", async () => {
    await ask(store, "the-state", fresh());
    for (const state of ["the-stat", "THE-STATE", "", "x".repeat(4_000), "the\u0000state"])
      expect(await store.grants.takeState(state)).toEqual({ refused: { why: "unknown" } });
  });

  test("are stored so that the database alone opens nothing", async () => {
    await ask(store, "the-state", fresh());
    expect(await dump(store)).not.toMatch(/the-(state|verifier)/);
  });

  test("are decided on once", async () => {
    await ask(store, "the-state", fresh());
    const trigger = { kind: "oauth" as const, stateId: "state-1" };
    const rule = () => ({ changes: [], result: undefined });
    const twice = [
      await store.forGrants(trigger, { personId: "ada" }, rule),
      await store.forGrants(trigger, { personId: "ada" }, rule),
    ];
    expect(twice.map(({ isDone }) => isDone)).toEqual([true, false]);
  });

  test("are forgotten a day later", async () => {
    await ask(store, "the-state", fresh());
    await database.clock().advance(DAY);
    await store.cleanUp();
    expect(await store.db.write("oauth_states").select("id")).toHaveLength(1);
    await database.clock().advance(1);
    await store.cleanUp();
    expect(await store.db.write("oauth_states").select("id")).toEqual([]);
  });
});

onlyOn("postgres", "links to a grant in two processes", (database) => {
  test("open in one of them", async () => {
    const stores = [await database.open(), await database.open()];
    const now = database.clock().now();
    for (let round = 0; round < 10; round += 1) {
      const state = `state-${round}`;
      await ask(stores[0]!, state, { id: state, createdAt: now, expiresAt: now + 600_000 });
      const taken = await Promise.all(stores.map((store) => store.grants.takeState(state)));
      expect(taken.map((one) => "asked" in one).sort()).toEqual([false, true]);
    }
  });
});
