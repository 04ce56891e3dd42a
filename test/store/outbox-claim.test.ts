import type { Change } from "../../src/incident/change";
import { anExternal, SPACE } from "../support/builders";
import { eachDatabase, onlyOn } from "../support/databases";
import {
  ALL_ON,
  anEffect,
  anIncidentStopped,
  aNotification,
  aRound,
  claimIds,
  claimOne,
  letLeasesExpire,
  MINUTE,
  outboxRow,
  outboxStates,
  queue,
  queueEffects,
  recordOf,
  seedIncident,
  seedSpace,
  somebodyWaits,
  START,
  write,
} from "./seed";

const others = ["r-eve", "r-fay", "r-gus", "r-hal"].map((id, index) =>
  anExternal({ id, mobile: `+1408555010${index}`, voice: `+1408555020${index}` }),
);

eachDatabase("claiming from the outbox", (database) => {
  const { open } = database;

  it("takes replies first, then what is more urgent, then everybody's first in line", async () => {
    const store = await open();
    await seedSpace(store, others);
    await seedIncident(store);
    await queueEffects(
      store,
      anEffect({ id: "late-reply", priority: 0, dueAt: START - 1 }),
      anEffect({ id: "card", priority: 4, dueAt: START - 9 }),
      anEffect({ id: "early-reply", priority: 0, dueAt: START - 2 }),
    );
    await queue(
      store,
      aNotification({ id: "update", kind: "update", responderId: "r-hal", dueAt: START - 1 }),
      aNotification({ id: "second", position: 1, responderId: "r-fay" }),
      aNotification({ id: "first", position: 0 }),
      aNotification({ id: "reminder", kind: "reminder", responderId: "r-gus" }),
    );
    expect(await claimIds(store, "talk")).toEqual(["early-reply", "late-reply", "card"]);
    // The order decides who gets a slot, not only how one claim is sorted.
    for (const id of ["first", "second", "reminder", "update"])
      expect(await claimIds(store, "sms", 1)).toEqual([id]);
  });

  it("takes no more than there are slots, and each row once", async () => {
    const store = await open();
    const ids = Array.from({ length: 5 }, (_, index) => `e-${index}`);
    await seedSpace(store);
    await queueEffects(store, ...ids.map((id) => anEffect({ id })));
    expect(await claimIds(store, "talk", 2)).toEqual(["e-0", "e-1"]);
    expect(await claimIds(store, "talk", 2)).toEqual(["e-2", "e-3"]);
    expect(await claimIds(store, "talk", 2)).toEqual(["e-4"]);
    expect(await claimIds(store, "talk", 2)).toEqual([]);
  });

  it("keeps the lanes apart", async () => {
    const store = await open();
    await seedSpace(store);
    await seedIncident(store);
    await queueEffects(store, anEffect());
    await queue(
      store,
      aNotification({ id: "text" }),
      aNotification({ id: "call", channel: "voice" }),
      aNotification({ id: "direct", channel: "webex" }),
    );
    expect(await claimIds(store, "voice")).toEqual(["call"]);
    expect(await claimIds(store, "webex")).toEqual(["direct"]);
    expect(await outboxStates(store)).toMatchObject({ text: "queued", "e-1": "queued" });
  });

  it("leaves what is not due yet", async () => {
    const store = await open();
    await seedSpace(store);
    await seedIncident(store);
    await queue(store, aNotification({ channel: "voice", dueAt: START + 15_000 }));
    expect(await claimIds(store, "voice")).toEqual([]);
    expect(await store.outbox.nextLook("voice")).toEqual({ dueAt: START + 15_000 });
    await database.clock().advance(15_000);
    expect(await claimIds(store, "voice")).toEqual(["n-1"]);
  });

  it("tells all that a notification's text depends on", async () => {
    const store = await open();
    await seedSpace(store);
    const conference = { link: "https://meet.example/1", source: "bridge" } as const;
    await seedIncident(store);
    await write(
      store,
      { kind: "incident.conference", incidentId: "incident-1", conference },
      { kind: "round.opened", round: aRound({ id: "round-2", kind: "update", text: "Stay." }) },
    );
    await queue(store, aNotification({ roundId: "round-2", kind: "update" }));
    const { notifications } = await store.outbox.claim("sms", 1);
    expect(notifications).toMatchObject([
      {
        row: { id: "n-1", attempts: 1, keyNumber: 1, maybeSent: false, channel: "sms" },
        incident: { name: "payments down", number: 1, isRunning: true, conference },
        space: { id: SPACE, isGone: false },
        responder: { id: "r-eve", mobile: "+14085550101" },
        channelsOn: ALL_ON,
        openedBy: { personId: "ana" },
        text: "Stay.",
      },
    ]);
  });

  describe("of a round that waits for its conference", () => {
    it("takes its rows once they are released", async () => {
      const store = await open();
      await seedSpace(store);
      await seedIncident(store);
      await queue(store, aNotification({ waitsForConference: true }));
      expect(await claimIds(store, "sms")).toEqual([]);
      const held = database.clock().real() + 3_000;
      expect(await store.outbox.nextLook("sms")).toEqual({ realAt: held });
      await write(store, { kind: "round.released", roundId: "round-1" });
      expect(await claimIds(store, "sms")).toEqual(["n-1"]);
    });

    it("looks again at a call that is both held and not due yet", async () => {
      const store = await open();
      await seedSpace(store);
      await seedIncident(store);
      const dueAt = START + 15_000;
      await queue(store, aNotification({ channel: "voice", waitsForConference: true, dueAt }));
      expect(await store.outbox.nextLook("voice")).toEqual({ dueAt });
    });

    it("does not hurry a row that waits for a look-up after an unclear attempt", async () => {
      const store = await open();
      await seedSpace(store);
      await seedIncident(store);
      await queue(store, aNotification({ channel: "webex" }));
      const row = await claimOne(store, "webex");
      const holdUntil = database.clock().real() + 2_000;
      await store.outbox.record(recordOf(row, "queued", { unclearSince: START, holdUntil }));
      await write(store, { kind: "round.released", roundId: "round-1" });
      expect(await claimIds(store, "webex")).toEqual([]);
    });
  });

  describe("ends what is no longer needed", () => {
    const conditions: [string, Change, string][] = [
      ["the incident was stopped", anIncidentStopped(), "the incident is over"],
      [
        "its person left the roster",
        { kind: "roster.removed", spaceId: SPACE, responderId: "r-eve" },
        "no longer on the roster",
      ],
      [
        "its channel was switched off",
        {
          kind: "roster.set",
          spaceId: SPACE,
          responderId: "r-eve",
          channels: { ...ALL_ON, sms: false },
          at: START,
        },
        "channel switched off",
      ],
      ["its space is gone", { kind: "space.gone", spaceId: SPACE, at: START }, "the space is gone"],
    ];

    it.each(conditions)("because %s", async (_name, change, reason) => {
      const store = await open();
      await seedSpace(store);
      await seedIncident(store);
      await queue(store, aNotification());
      await write(store, change);
      const claim = await store.outbox.claim("sms", 10);
      expect(claim).toEqual({ notifications: [], effects: [], ended: ["cancelled"] });
      expect(await outboxRow(store, "n-1")).toMatchObject({
        state: "cancelled",
        last_error: reason,
        lease_token: null,
      });
    });

    it("as expired where an earlier attempt may have been carried out", async () => {
      const store = await open();
      await seedSpace(store);
      await seedIncident(store);
      await queue(store, aNotification());
      await store.outbox.record(
        recordOf(await claimOne(store, "sms"), "queued", { unclearSince: START }),
      );
      await write(store, conditions[0]![1]);
      await store.outbox.claim("sms", 10);
      expect(await outboxStates(store)).toEqual({ "n-1": "expired" });
    });

    it("but still tells people that the incident was stopped", async () => {
      const store = await open();
      await seedSpace(store);
      await seedIncident(store);
      await write(store, conditions[0]![1], conditions[1]![1]);
      await queue(store, aNotification({ kind: "stop" }));
      expect(await claimIds(store, "sms")).toEqual(["n-1"]);
    });

    it("and leaves the rows of others", async () => {
      const store = await open();
      await seedSpace(store, others);
      await seedIncident(store);
      await queue(store, aNotification(), aNotification({ id: "n-2", responderId: "r-fay" }));
      await write(store, conditions[1]![1]);
      expect(await claimIds(store, "sms")).toEqual(["n-2"]);
    });
  });

  describe("of what is too old", () => {
    it("ends it as expired at the moment that was set, unsent", async () => {
      const store = await open();
      await seedSpace(store);
      await seedIncident(store);
      await queue(store, aNotification());
      await queueEffects(store, anEffect({ expiresAt: START + 30 * MINUTE }));
      await database.clock().advance(30 * MINUTE);
      expect(await claimIds(store, "sms")).toEqual([]);
      expect(await claimIds(store, "talk")).toEqual([]);
      expect(await outboxRow(store, "n-1")).toMatchObject({
        state: "expired",
        last_error: "too late",
        unclear_since: null,
      });
      expect(await outboxStates(store)).toEqual({ "n-1": "expired", "e-1": "expired" });
    });

    it("takes it one moment before", async () => {
      const store = await open();
      await seedSpace(store);
      await seedIncident(store);
      await queue(store, aNotification());
      await database.clock().advance(30 * MINUTE - 1);
      expect(await claimIds(store, "sms")).toEqual(["n-1"]);
    });

    it("still takes a membership change, whose asker must hear of its end", async () => {
      const store = await open();
      await seedSpace(store);
      const asker = { personId: "ana", name: "Ana" };
      await queueEffects(
        store,
        anEffect({
          effect: { kind: "membership-remove", spaceId: SPACE, personId: "bo", asker },
        }),
      );
      await database.clock().advance(60 * MINUTE);
      expect(await claimIds(store, "talk")).toEqual(["e-1"]);
    });

    it("still takes the end of a meeting, which is queued once for an incident", async () => {
      const store = await open();
      await seedSpace(store);
      const asker = { personId: "ana", name: "Ana" };
      const meeting = { meetingId: "meeting-1", grantId: "grant-1", hostName: "Ana", asker };
      const end = anEffect({
        effect: { kind: "meeting-end", spaceId: SPACE, ...meeting },
        uniqueKey: "meeting-end:incident-1",
      });
      await queueEffects(store, end, { ...end, id: "e-2" });
      await database.clock().advance(60 * MINUTE);
      expect(await claimIds(store, "talk")).toEqual(["e-1"]);
    });
  });

  describe("with hourly limits", () => {
    const limits = { textsPerHour: 2, callsPerHour: 1 };

    it("sends one number its share over all incidents, and no more", async () => {
      const store = await open({ limits });
      for (const number of [1, 2, 3]) {
        const spaceId = `space-${number}`;
        const eve = anExternal({ id: `r-eve-${number}` });
        await seedSpace(store, [eve], spaceId);
        await seedIncident(store, number, spaceId);
        await queue(
          store,
          aNotification({
            id: `n-${number}`,
            incidentId: `incident-${number}`,
            roundId: `round-${number}`,
            responderId: eve.id,
            position: number,
          }),
        );
      }
      expect(await claimIds(store, "sms")).toEqual(["n-1", "n-2"]);
      expect(await outboxRow(store, "n-3")).toMatchObject({
        state: "failed",
        last_error: "too many to this number within the hour",
      });
    });

    it("counts texts and calls apart, and numbers apart", async () => {
      const store = await open({ limits });
      await seedSpace(store, others);
      await seedIncident(store);
      await queue(
        store,
        aNotification({ id: "text" }),
        aNotification({ id: "call", channel: "voice" }),
        aNotification({ id: "other-call", channel: "voice", responderId: "r-fay", position: 1 }),
      );
      expect(await claimIds(store, "sms")).toEqual(["text"]);
      expect(await claimIds(store, "voice")).toEqual(["call", "other-call"]);
    });

    it("counts a text that is tried again once", async () => {
      const store = await open({ limits: { ...limits, textsPerHour: 1 } });
      await seedSpace(store);
      await seedIncident(store);
      await queue(store, aNotification());
      await store.outbox.record(recordOf(await claimOne(store, "sms"), "queued"));
      expect(await claimIds(store, "sms")).toEqual(["n-1"]);
    });

    it("sends again when the hour is over", async () => {
      const store = await open({ limits: { ...limits, textsPerHour: 1 } });
      await seedSpace(store);
      await seedIncident(store);
      await queue(store, aNotification());
      await claimIds(store, "sms");
      await database.clock().advance(60 * MINUTE);
      await write(store, { kind: "round.opened", round: aRound({ id: "round-2" }) });
      const expiresAt = START + 90 * MINUTE;
      await queue(store, aNotification({ id: "n-2", roundId: "round-2", expiresAt }));
      expect(await claimIds(store, "sms")).toContain("n-2");
    });
  });

  describe("after a process died in the middle of a send", () => {
    it("takes its row again, as unclear since the lease ran out", async () => {
      const store = await open();
      await seedSpace(store);
      await seedIncident(store);
      await queue(store, aNotification());
      const lost = await claimOne(store, "sms");
      expect(await claimIds(store, "sms")).toEqual([]);
      await database.clock().advance(20_000);
      await letLeasesExpire(store, database);
      const taken = await claimOne(store, "sms");
      expect(taken).toMatchObject({
        id: "n-1",
        attempts: 2,
        keyNumber: 1,
        unclearSince: START + 20_000,
      });
      expect(await store.outbox.record(recordOf(lost, "failed"))).toBe(false);
      expect(await store.outbox.record(recordOf(taken, "accepted"))).toBe(true);
    });

    it("remembers since when it has been unclear", async () => {
      const store = await open();
      await seedSpace(store);
      await seedIncident(store);
      await queue(store, aNotification());
      const row = await claimOne(store, "sms");
      await store.outbox.record(recordOf(row, "queued", { unclearSince: START - 5 }));
      await claimOne(store, "sms");
      await letLeasesExpire(store, database);
      expect(await claimOne(store, "sms")).toMatchObject({ unclearSince: START - 5 });
    });

    it("gives it up as maybe sent where it was cancelled meanwhile, and looks at its round", async () => {
      const store = await open();
      await seedSpace(store);
      await seedIncident(store);
      await queue(store, aNotification());
      await claimOne(store, "sms");
      await write(store, {
        kind: "notifications.cancelled",
        filter: { incidentId: "incident-1", reason: "the incident is over" },
      });
      await store.db.write("rounds").update({ due_at: null });
      await letLeasesExpire(store, database);
      expect(await claimIds(store, "sms")).toEqual([]);
      expect(await outboxRow(store, "n-1")).toMatchObject({
        state: "expired",
        unclear_since: START,
        last_error: "the incident is over",
      });
      expect(await store.queries.dueRounds(START)).toMatchObject([{ id: "round-1" }]);
    });
  });
});

onlyOn("postgres", "several processes that claim at once", ({ open }) => {
  it("never share a row, and take no more than they asked for", async () => {
    const stores = [await open(), await open()];
    const ids = Array.from({ length: 100 }, (_, index) => `e-${String(index).padStart(3, "0")}`);
    await seedSpace(stores[0]!);
    await queueEffects(stores[0]!, ...ids.map((id) => anEffect({ id })));
    const claimed: string[] = [];
    while (claimed.length < ids.length) {
      const claims = await Promise.all(
        [0, 1, 0, 1, 0, 1].map((index) => claimIds(stores[index]!, "talk", 7)),
      );
      for (const claim of claims) expect(claim.length).toBeLessThanOrEqual(7);
      expect(claims.flat().length).toBeGreaterThan(0);
      claimed.push(...claims.flat());
    }
    expect(claimed.sort()).toEqual(ids);
  });

  it("do not wait for a row that one of them is just claiming", async () => {
    const store = await open();
    await seedSpace(store);
    await queueEffects(store, anEffect(), anEffect({ id: "e-2" }));
    const other = await store.db.write.transaction();
    await other("outbox").where({ id: "e-1" }).forUpdate().first();
    expect(await claimIds(store, "talk")).toEqual(["e-2"]);
    await other.rollback();
    expect(await claimIds(store, "talk")).toEqual(["e-1"]);
  });

  it("count a text to a number that another one is just counting", async () => {
    const store = await open({ limits: { textsPerHour: 2, callsPerHour: 1 } });
    await seedSpace(store);
    await seedIncident(store);
    await queue(store, aNotification());
    await claimOne(store, "sms");
    await write(store, { kind: "round.opened", round: aRound({ id: "round-2" }) });
    await queue(store, aNotification({ id: "n-2", roundId: "round-2" }));
    const other = await store.db.write.transaction();
    await other("numbers").update({ texts: JSON.stringify([START, START]) });
    const claimed = claimIds(store, "sms");
    await somebodyWaits(store);
    await other.commit();
    expect(await claimed).toEqual([]);
    expect(await outboxRow(store, "n-2")).toMatchObject({ state: "failed" });
  });

  it("count both texts to a number that neither of them knew", async () => {
    const limits = { textsPerHour: 1, callsPerHour: 1 };
    const stores = [await open({ limits }), await open({ limits })];
    for (const number of [1, 2]) {
      const eve = anExternal({ id: `r-eve-${number}` });
      await seedSpace(stores[0]!, [eve], `space-${number}`);
      await seedIncident(stores[0]!, number, `space-${number}`);
      await queue(
        stores[0]!,
        aNotification({
          id: `n-${number}`,
          incidentId: `incident-${number}`,
          roundId: `round-${number}`,
          responderId: eve.id,
        }),
      );
    }
    const claims = await Promise.all(stores.map((store) => claimIds(store, "sms", 1)));
    expect(claims.flat()).toHaveLength(1);
  });
});
