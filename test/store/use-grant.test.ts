import type { RemoteError } from "../../src/errors";
import type { Grant, IssuedTokens } from "../../src/grants/grant";
import { GrantDeadError } from "../../src/grants/ports";
import { createGrantUse } from "../../src/grants/use-grant";
import type { Store } from "../../src/store/store";
import { recordingLog } from "../http/serving";
import { eachDatabase, onlyOn, type TestDatabase } from "../support/databases";
import {
  aGrant,
  DAY,
  HOUR,
  oauthRefusal,
  recordingAnnouncements,
  webexFailure,
} from "../support/grant-builders";
import { MINUTE, START, write } from "./seed";

/** What Webex does of OAuth: a refresh token opens until it is refused or expired. */
class Tokens {
  readonly renewals: string[] = [];
  valid = "access-0";
  failures: RemoteError[] = [];
  /** Resolves each time that somebody asks. */
  beforeAnswer: () => Promise<void> = () => Promise.resolve();
  private issued = 0;

  constructor(private readonly now: () => number) {}

  issue(): IssuedTokens {
    this.issued += 1;
    this.valid = `access-${this.issued}`;
    return {
      access: this.valid,
      refresh: `refresh-${this.issued}`,
      accessExpiresAt: this.now() + 14 * DAY,
      refreshExpiresAt: this.now() + 90 * DAY,
    };
  }

  async renew(refresh: string): Promise<IssuedTokens> {
    this.renewals.push(refresh);
    await this.beforeAnswer();
    const failure = this.failures.shift();
    if (failure) throw failure;
    return this.issue();
  }

  /** A call that Webex answers with the token that it got. */
  readonly call = (access: string): Promise<string> =>
    access === this.valid ? Promise.resolve(access) : Promise.reject(webexFailure(401));
}

interface Rig {
  store: Store;
  webex: Tokens;
  use: ReturnType<typeof createGrantUse>;
  told: string[];
  reported: string[];
  logged: Record<string, unknown>[];
  /** Real time that was waited for somebody else's renewal. */
  waits: number[];
}

async function rig(database: TestDatabase, grant: Partial<Grant> = {}): Promise<Rig> {
  const store = await database.open();
  const webex = new Tokens(() => database.clock().now());
  const tokens = { access: "access-0", refresh: "refresh-0" };
  const saved = { ...aGrant(), ...livesFrom(START), ...grant };
  await write(store, { kind: "grant.saved", grant: saved, tokens });
  return { store, webex, ...process(database, store, webex) };
}

function livesFrom(at: number): Partial<Grant> {
  return {
    accessExpiresAt: at + 14 * DAY,
    refreshExpiresAt: at + 90 * DAY,
    dueAt: at + 10.5 * DAY,
  };
}

/** What one process has of its own. */
function process(database: TestDatabase, store: Store, webex: Tokens) {
  const { log, logged } = recordingLog();
  const { told, ...announce } = recordingAnnouncements();
  const reported: string[] = [];
  const waits: number[] = [];
  const use = createGrantUse({
    store: store.grants,
    underLease: (name, ms, work) => store.underLease(name, ms, work),
    decisions: store,
    oauth: webex,
    announce,
    clock: database.clock(),
    log,
    report: (outcome) => reported.push(outcome),
    wait: async (ms) => {
      waits.push(ms);
      database.clock().passReal(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
  });
  return { use, told, reported, logged, waits };
}

async function runDue({ use }: Rig, now: number): Promise<number> {
  const due = await use.timer.due(now);
  for (const grant of due) await use.timer.run(grant);
  return due.length;
}

eachDatabase("using a grant", (database) => {
  const later = (ms: number) => database.clock().advance(ms);
  const now = () => database.clock().now();

  test("while its token is valid asks nobody to renew it", async () => {
    const { use, webex } = await rig(database);
    expect(await use.use("grant-1", webex.call)).toBe("access-0");
    expect(webex.renewals).toEqual([]);
  });

  test("80 days later, after nobody used it, renews it first", async () => {
    const { store, use, webex } = await rig(database);
    await later(80 * DAY);
    expect(await use.use("grant-1", webex.call)).toBe("access-1");
    expect(webex.renewals).toEqual(["refresh-0"]);
    const held = await store.grants.findGrant("grant-1");
    expect(held?.tokens).toEqual({ access: "access-1", refresh: "refresh-1" });
    expect(held?.grant).toMatchObject(livesFrom(now()));
  });

  test("91 days later finds it dead, and its giver is told once", async () => {
    const one = await rig(database);
    await write(one.store, { kind: "directory.wanted", at: START });
    await later(91 * DAY);
    for (let times = 0; times < 2; times += 1)
      await expect(one.use.use("grant-1", one.webex.call)).rejects.toThrow(GrantDeadError);
    expect(await runDue(one, now())).toBe(0);
    expect([one.webex.renewals, one.told]).toEqual([[], ["ada: grant-1 died"]]);
    expect(await one.store.grants.directoryGrant()).toMatchObject({
      diedAt: now(),
      lastError: "the refresh token has expired",
    });
    expect((await one.store.directory.status()).dueAt).toBeUndefined();
  });

  test("that Webex refuses before its time is renewed, and asked once more", async () => {
    const { use, webex } = await rig(database);
    webex.valid = "access-of-nobody";
    expect(await use.use("grant-1", webex.call)).toBe("access-1");
    expect(webex.renewals).toEqual(["refresh-0"]);
  });

  test("that is refused with new tokens too gives up after the second time", async () => {
    const { use, webex } = await rig(database);
    const tried: string[] = [];
    const call = (access: string) => {
      tried.push(access);
      return Promise.reject(webexFailure(401));
    };
    await expect(use.use("grant-1", call)).rejects.toMatchObject({ failure: { status: 401 } });
    expect([tried, webex.renewals]).toEqual([["access-0", "access-1"], ["refresh-0"]]);
  });

  test("just renewed and refused all the same is not renewed again", async () => {
    const { use, webex } = await rig(database);
    await later(20 * DAY);
    const call = () => Promise.reject(webexFailure(401));
    await expect(use.use("grant-1", call)).rejects.toMatchObject({ failure: { status: 401 } });
    expect(webex.renewals).toEqual(["refresh-0"]);
  });

  test.each([403, 404, 429, 500])(
    "that Webex answers with %i is not renewed for that",
    async (status) => {
      const { use, webex } = await rig(database);
      const call = () => Promise.reject(webexFailure(status));
      await expect(use.use("grant-1", call)).rejects.toMatchObject({ failure: { status } });
      expect(webex.renewals).toEqual([]);
    },
  );

  test("by many at once renews it once, and nobody waits longer than that takes", async () => {
    const { use, waits, webex } = await rig(database);
    await later(20 * DAY);
    const calls = Array.from({ length: 8 }, () => use.use("grant-1", webex.call));
    expect(new Set(await Promise.all(calls))).toEqual(new Set(["access-1"]));
    expect([webex.renewals, waits]).toEqual([["refresh-0"], []]);
  });

  test("refused by many at once renews it once", async () => {
    const { use, webex } = await rig(database);
    webex.valid = "access-of-nobody";
    const calls = Array.from({ length: 8 }, () => use.use("grant-1", webex.call));
    expect(new Set(await Promise.all(calls))).toEqual(new Set(["access-1"]));
    expect(webex.renewals).toEqual(["refresh-0"]);
  });

  test("that was revoked, or replaced, finds it dead", async () => {
    const { store, use, webex } = await rig(database);
    await write(store, { kind: "grant.revoked", grantId: "grant-1" });
    await expect(use.use("grant-1", webex.call)).rejects.toThrow(GrantDeadError);
  });

  test("while Webex is away fails, and the grant lives on", async () => {
    const one = await rig(database);
    await later(20 * DAY);
    one.webex.failures = [webexFailure(503)];
    await expect(one.use.use("grant-1", one.webex.call)).rejects.toMatchObject({
      failure: { status: 503 },
    });
    expect(await one.use.use("grant-1", one.webex.call)).toBe("access-1");
    expect(one.told).toEqual([]);
  });
});

eachDatabase("renewing grants", (database) => {
  const later = (ms: number) => database.clock().advance(ms);
  const now = () => database.clock().now();

  test("is due at three quarters of the access token's life, and then again", async () => {
    const one = await rig(database);
    expect(await one.use.timer.next()).toBe(START + 10.5 * DAY);
    expect(await runDue(one, START + 10.5 * DAY - 1)).toBe(0);
    await later(10.5 * DAY);
    expect(await runDue(one, now())).toBe(1);
    expect([one.webex.renewals, one.reported]).toEqual([["refresh-0"], ["renewed"]]);
    expect(await one.use.timer.next()).toBe(now() + 10.5 * DAY);
    expect(await runDue(one, now())).toBe(0);
  });

  test("goes on while the process is down for long, as long as the refresh token lives", async () => {
    const one = await rig(database);
    await later(80 * DAY);
    await runDue(one, now());
    expect(one.webex.renewals).toEqual(["refresh-0"]);
    expect(one.told).toEqual([]);
  });

  test("that fails is tried again, ever later up to an hour, and what went wrong is noted", async () => {
    const one = await rig(database);
    await later(10.5 * DAY);
    one.webex.failures = Array.from({ length: 9 }, () => webexFailure(500));
    const pauses: number[] = [];
    for (let times = 0; times < 9; times += 1) {
      expect(await runDue(one, now())).toBe(1);
      const pause = (await one.use.timer.next())! - now();
      pauses.push(pause / MINUTE);
      await later(pause);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect((await one.store.grants.directoryGrant())?.lastError).toBe("Webex answers 500");
    await runDue(one, now());
    const grant = await one.store.grants.directoryGrant();
    expect([grant?.lastError, grant?.dueAt]).toEqual([undefined, now() + 10.5 * DAY]);
    expect(one.reported.at(-1)).toBe("renewed");
    expect(one.told).toEqual([]);
  });

  test("waits as long as Webex asks for", async () => {
    const one = await rig(database);
    await later(10.5 * DAY);
    one.webex.failures = [webexFailure(429, 10 * MINUTE)];
    await runDue(one, now());
    expect(await one.use.timer.next()).toBe(now() + 10 * MINUTE);
  });

  test("with a wrong secret of ours kills no grant, is an error, and is tried every hour", async () => {
    const one = await rig(database);
    await later(10.5 * DAY);
    one.webex.failures = [oauthRefusal("oauth-client"), oauthRefusal("oauth-client")];
    for (let times = 0; times < 2; times += 1) {
      await runDue(one, now());
      expect(await one.use.timer.next()).toBe(now() + HOUR);
      await later(HOUR);
    }
    expect(one.logged.filter(({ level }) => level === "error")).toHaveLength(2);
    expect(await one.store.grants.directoryGrant()).toMatchObject({
      lastError: "Webex does not accept CLIENT_ID and CLIENT_SECRET",
    });
    expect(one.told).toEqual([]);
    await runDue(one, now());
    expect(one.reported).toEqual(["client", "client", "renewed"]);
  });

  test.each([
    ["directory" as const, undefined],
    ["meetings" as const, START],
  ])("that Webex refuses for good ends a grant for %s", async (kind, dueAt) => {
    const one = await rig(database, { kind });
    await write(one.store, { kind: "directory.wanted", at: START });
    await later(10.5 * DAY);
    one.webex.failures = [oauthRefusal("oauth-grant")];
    await runDue(one, now());
    expect([one.told, one.reported]).toEqual([["ada: grant-1 died"], ["died"]]);
    expect((await one.store.grants.findGrant("grant-1"))?.grant).toMatchObject({
      diedAt: now(),
      lastError: "Webex does not renew it",
    });
    expect((await one.store.directory.status()).dueAt).toBe(dueAt);
    await expect(one.use.use("grant-1", one.webex.call)).rejects.toThrow(GrantDeadError);
    expect(one.webex.renewals).toEqual(["refresh-0"]);
    expect(one.told).toHaveLength(1);
  });

  test("that ends while somebody waits for the directory is told to them too", async () => {
    const one = await rig(database);
    await write(one.store, { kind: "directory.wanted", at: START, askedBy: "otto" });
    await later(91 * DAY);
    for (let times = 0; times < 2; times += 1)
      await expect(one.use.use("grant-1", one.webex.call)).rejects.toThrow(GrantDeadError);
    expect(one.told).toEqual(["ada: grant-1 died, and otto waits"]);
    expect(await one.store.directory.status()).toEqual({});
  });

  test("of meetings that ends is nothing to who waits for the directory", async () => {
    const one = await rig(database, { kind: "meetings" });
    await write(one.store, { kind: "directory.wanted", at: START, askedBy: "otto" });
    await later(91 * DAY);
    await expect(one.use.use("grant-1", one.webex.call)).rejects.toThrow(GrantDeadError);
    expect(one.told).toEqual(["ada: grant-1 died"]);
    expect(await one.store.directory.status()).toMatchObject({ askedBy: "otto" });
  });

  test("that meanwhile found a new grant of the same person leaves it alone", async () => {
    const one = await rig(database);
    await later(10.5 * DAY);
    one.webex.failures = [oauthRefusal("oauth-grant")];
    one.webex.beforeAnswer = () => {
      const grant = { ...aGrant({ id: "grant-2" }), ...livesFrom(now()) };
      return write(one.store, { kind: "grant.saved", grant, tokens: one.webex.issue() });
    };
    await runDue(one, now());
    expect(one.told).toEqual([]);
    expect(await one.use.use("grant-2", one.webex.call)).toBe("access-1");
  });

  test("writes no token into the log, whatever happens", async () => {
    const one = await rig(database);
    await later(10.5 * DAY);
    one.webex.failures = [
      webexFailure(500),
      oauthRefusal("oauth-client"),
      oauthRefusal("oauth-grant"),
    ];
    for (let times = 0; times < 3; times += 1) {
      await runDue(one, now());
      await later(HOUR);
    }
    expect(one.logged).toHaveLength(3);
    expect(JSON.stringify(one.logged)).not.toMatch(/(access|refresh)-\d/);
  });

  test("that breaks on our side is not taken for Webex's refusal", async () => {
    const one = await rig(database);
    await later(10.5 * DAY);
    one.webex.beforeAnswer = () => Promise.reject(new TypeError("no such thing"));
    await expect(runDue(one, now())).rejects.toThrow("no such thing");
    expect((await one.store.grants.directoryGrant())?.dueAt).toBe(START + 10.5 * DAY);
  });
});

onlyOn("postgres", "two processes that need the same grant", (database) => {
  test("renew it once, and both have the result", async () => {
    const one = await rig(database);
    const other = process(database, await database.open(), one.webex);
    await database.clock().advance(20 * DAY);
    const uses = [one.use.use("grant-1", one.webex.call), other.use.use("grant-1", one.webex.call)];
    expect(await Promise.all(uses)).toEqual(["access-1", "access-1"]);
    expect(one.webex.renewals).toEqual(["refresh-0"]);
  });

  test("while one holds on to it, the other gives up in time and comes back later", async () => {
    const one = await rig(database);
    const other = process(database, await database.open(), one.webex);
    await database.clock().advance(20 * DAY);
    let answer: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      one.webex.beforeAnswer = () => {
        resolve();
        return new Promise((done) => (answer = done));
      };
    });
    const first = one.use.use("grant-1", one.webex.call);
    await asked;
    await expect(other.use.use("grant-1", one.webex.call)).rejects.toMatchObject({
      failure: { retryable: true },
    });
    const [due] = await other.use.timer.due(database.clock().now());
    await other.use.timer.run(due!);
    expect(await other.use.timer.next()).toBe(database.clock().now() + MINUTE);
    expect(other.logged).toEqual([]);
    answer();
    expect(await first).toBe("access-1");
    expect(await other.use.use("grant-1", one.webex.call)).toBe("access-1");
    expect(one.webex.renewals).toEqual(["refresh-0"]);
  });

  test("tell its giver once that it is dead", async () => {
    const one = await rig(database);
    const other = process(database, await database.open(), one.webex);
    await database.clock().advance(91 * DAY);
    const uses = [one, other].map(({ use }) => use.use("grant-1", one.webex.call));
    const ends = await Promise.allSettled(uses);
    expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect([...one.told, ...other.told]).toEqual(["ada: grant-1 died"]);
  });
});
