import { switchChannels } from "../../src/incident/switch-channel";
import type { IncidentSettings } from "../../src/incident/settings";
import { whyUnreachable } from "../../src/incident/plan-round";
import type { Responder } from "../../src/roster/responder";
import type { SendContext } from "../../src/notify/send-context";
import type { Store } from "../../src/store/store";
import { ana, anExternal, aPerson, aSettings, SPACE } from "../support/builders";
import { eachDatabase, onlyOn, type TestDatabase } from "../support/databases";
import { IncidentDrive } from "../support/incident-drive";
import { MINUTE, outboxRow, seedSpace, somebodyWaits, START, write } from "./seed";

const anas = aPerson({ ...ana, id: "r-ana" });
const eve = anExternal();
const fay = anExternal({ id: "r-fay", name: "Fay", mobile: "+14085550199", voice: "+14085550198" });

async function started(
  database: TestDatabase,
  more: Partial<IncidentSettings> = {},
  people: readonly Responder[] = [anas, aPerson(), eve],
): Promise<IncidentDrive> {
  const store = await database.open();
  await seedSpace(store, people);
  const settings = aSettings({ canAnswerCalls: true, voiceAfterSmsMs: 0, ...more });
  const drive = new IncidentDrive(store, database.clock(), settings, SPACE);
  await drive.start();
  return drive;
}

/** Everybody was told at once; then time passes, and what is due is done. */
async function pass(drive: IncidentDrive, minutes: number): Promise<string[]> {
  await drive.sendAll();
  await drive.runTimers();
  await drive.clock.advance(minutes * MINUTE);
  await drive.runTimers();
  return described(await drive.sendAll());
}

function described(sent: readonly SendContext[]): string[] {
  return sent.map(({ row, responder }) => `${row.kind} ${responder.id} ${row.channel}`).sort();
}

async function dueAt(store: Store): Promise<number | null> {
  const row = await store.db
    .write<{ renotify_due_at: number | null }>("incidents")
    .first("renotify_due_at");
  return row?.renotify_due_at ?? null;
}

const allReminded = ["reminder r-bo webex", "reminder r-eve sms", "reminder r-eve voice"];

eachDatabase("who has not answered", (database) => {
  it("is reminded after five minutes and after ten, and then left in peace", async () => {
    const drive = await started(database);
    expect(await pass(drive, 4.9)).toEqual([]);
    expect(await pass(drive, 0.1)).toEqual(allReminded);
    expect(await pass(drive, 5)).toEqual(allReminded);
    expect(await pass(drive, 60)).toEqual([]);
    expect(await dueAt(drive.store)).toBeNull();
  });

  it("is reminded no more after an answer", async () => {
    const drive = await started(database);
    await pass(drive, 1);
    await drive.answer("r-bo", "coming");
    expect(await pass(drive, 4)).toEqual(allReminded.slice(1));
    await drive.answer("r-eve", "declined");
    expect(await pass(drive, 60)).toEqual([]);
    expect(await dueAt(drive.store)).toBeNull();
  });

  it("is told once although two processes saw that it is time", async () => {
    const drive = await started(database);
    await pass(drive, 0);
    await drive.clock.advance(5 * MINUTE);
    const { queries } = drive.store;
    const [due] = await queries.dueReminders(drive.clock.now());
    expect(due).toEqual({ id: drive.incidentId, spaceId: SPACE, dueAt: START + 5 * MINUTE });
    const taken = () =>
      drive.store.withProgress(
        { kind: "due", table: "incidents", id: due!.id, dueAt: due!.dueAt },
        { spaceId: SPACE },
        () => ({ changes: [], result: undefined }),
      );
    expect([await taken(), await taken()].map(({ isDone }) => isDone)).toEqual([true, false]);
    expect(await queries.nextReminderDueAt()).toBeUndefined();
  });

  it("is looked at again later after that has failed", async () => {
    const drive = await started(database);
    const { queries } = drive.store;
    await queries.postponeReminder(drive.incidentId, START + 9 * MINUTE);
    expect(await queries.nextReminderDueAt()).toBe(START + 9 * MINUTE);
  });

  it("is not reminded once it is over, nor looked at", async () => {
    const drive = await started(database);
    await pass(drive, 1);
    await drive.stop(false);
    expect(await dueAt(drive.store)).toBeNull();
    expect(await pass(drive, 60)).not.toContainEqual(expect.stringMatching(/reminder/));
  });

  it("is not reminded in a space that is gone", async () => {
    const drive = await started(database);
    await pass(drive, 1);
    await drive.store.db.write("spaces").where({ id: SPACE }).update({ gone_at: START });
    expect(await pass(drive, 60)).toEqual([]);
    expect(await dueAt(drive.store)).toBeNull();
  });
});

onlyOn("sqlite", "who is silent", (database) => {
  it("is told to the starter by the round that is the last", async () => {
    const drive = await started(database);
    for (const minutes of [5, 5, 5]) await pass(drive, minutes);
    const ends = drive.closed.flatMap((one) => (one.kind === "closed" ? [one] : []));
    expect(ends.map(({ isLastAutomatic }) => isLastAutomatic)).toEqual([false, false, true]);
    expect(ends.at(-1)?.unanswered.map(({ responderId }) => responderId)).toEqual([
      "r-bo",
      "r-eve",
    ]);
    expect(ends.at(-1)?.openedBy).toEqual(ana);
  });

  it("is reminded once after a long time in which nobody looked", async () => {
    const drive = await started(database);
    expect(await pass(drive, 180)).toEqual(allReminded);
    expect(await pass(drive, 4)).toEqual([]);
    expect(await pass(drive, 1)).toEqual(allReminded);
    expect(await pass(drive, 60)).toEqual([]);
  });

  it("waits five minutes more after a moderator's reminder, which is not counted", async () => {
    const drive = await started(database);
    await pass(drive, 3);
    await drive.remindAll();
    expect(described(await drive.sendAll())).toEqual(allReminded);
    expect(await pass(drive, 4)).toEqual([]);
    expect(await pass(drive, 1)).toEqual(allReminded);
    expect(await pass(drive, 5)).toEqual(allReminded);
    expect(await pass(drive, 60)).toEqual([]);
  });

  it("has their own time where they joined later", async () => {
    const drive = await started(database);
    await pass(drive, 2);
    await drive.add("Gil", { mobile: "+14085550177" });
    const gils = expect.stringMatching(/^reminder .* sms$/) as string;
    expect(await pass(drive, 3)).toEqual(allReminded);
    expect(await pass(drive, 2)).toEqual([gils]);
    expect(await pass(drive, 3)).toEqual(allReminded);
    expect(await pass(drive, 2)).toEqual([gils]);
    expect(await pass(drive, 60)).toEqual([]);
  });

  it("is looked at by nobody where no reminders are wanted", async () => {
    const drive = await started(database, { renotifyTimes: 0 });
    expect(await dueAt(drive.store)).toBeNull();
    expect(await pass(drive, 60)).toEqual([]);
  });

  it("is not reminded while the invite is still on its way", async () => {
    const drive = await started(database, {}, [anas, aPerson()]);
    await drive.send("webex", "is-busy");
    await drive.clock.advance(5 * MINUTE);
    await drive.runTimers();
    expect(await dueAt(drive.store)).toBe(START + 5.5 * MINUTE);
    expect(described(await drive.sendAll())).toEqual(["invite r-bo webex"]);
    await drive.clock.advance(MINUTE / 2);
    await drive.runTimers();
    expect(described(await drive.sendAll())).toEqual([]);
    expect(await dueAt(drive.store)).toBe(START + 10 * MINUTE);
  });
});

onlyOn("postgres", "a reminder that is due", (database) => {
  it("waits for what is decided about its space, and locks nothing before it", async () => {
    const drive = await started(database);
    await pass(drive, 0);
    await drive.clock.advance(5 * MINUTE);
    const other = await drive.store.db.write.transaction();
    await other("spaces").where({ id: SPACE }).forUpdate().first();
    const reminded = drive.runTimers();
    await somebodyWaits(drive.store);
    try {
      // To wait for the incident would be a deadlock, after which one of the two just tries again.
      const incidents = other<{ id: string }>("incidents").where({ id: drive.incidentId });
      expect(await incidents.forUpdate().noWait().select("id")).toHaveLength(1);
    } finally {
      await other.commit();
    }
    await reminded;
    expect(described(await drive.sendAll())).toEqual(allReminded);
  });
});

async function failTexts(drive: IncidentDrive, code: string): Promise<void> {
  const sent = await drive.sendAll();
  for (const { row } of sent.filter((one) => one.row.channel === "sms"))
    await drive.receipt({ kind: "failed", channel: "sms", notificationId: row.id, code });
}

async function entryOf(drive: IncidentDrive, id: string) {
  const { roster } = await drive.progress();
  return roster.find(({ responder }) => responder.id === id);
}

eachDatabase("a number that was refused for good", (database) => {
  it("is not tried again in this incident, and says why", async () => {
    const drive = await started(database, {}, [eve, fay]);
    await failTexts(drive, "7203");
    expect(await entryOf(drive, "r-eve")).toMatchObject({
      refused: { sms: "nobody has this number" },
    });
    expect(await pass(drive, 5)).toEqual(["reminder r-eve voice", "reminder r-fay voice"]);
    await drive.remindAll();
    expect(described(await drive.sendAll())).toEqual([
      "reminder r-eve voice",
      "reminder r-fay voice",
    ]);
  });

  it("is known as well where the send itself was refused", async () => {
    const drive = await started(database, {}, [eve]);
    const [sent] = await drive.send("sms", "knows-no-number");
    expect(await outboxRow(drive.store, sent!.row.id)).toMatchObject({
      state: "failed",
      failure_code: "7203",
      last_error: "nobody has this number",
    });
    expect(await pass(drive, 5)).toEqual(["reminder r-eve voice"]);
  });

  it("is tried again in the next incident", async () => {
    const drive = await started(database, {}, [eve]);
    await failTexts(drive, "7203");
    await drive.stop(false);
    await drive.sendAll();
    await drive.start();
    expect(described(await drive.sendAll())).toEqual(["invite r-eve sms", "invite r-eve voice"]);
  });

  it("does not stand in the way of another number", async () => {
    const drive = await started(database, {}, [eve]);
    await failTexts(drive, "7203");
    const responder = { ...eve, mobile: "+14085550155" };
    await write(drive.store, { kind: "responder.edited", responder });
    expect((await entryOf(drive, "r-eve"))?.refused).toBeUndefined();
    expect(await pass(drive, 5)).toContain("reminder r-eve sms");
  });

  it("is forgotten when the text arrived after all", async () => {
    const drive = await started(database, {}, [eve]);
    await failTexts(drive, "7203");
    const text = drive.claimed.find(({ row }) => row.channel === "sms")!.row;
    await drive.receipt({ kind: "delivered", channel: "sms", notificationId: text.id });
    expect((await entryOf(drive, "r-eve"))?.refused).toBeUndefined();
  });

  it("is a block where its owner or operator wants it, until a moderator tries again", async () => {
    const drive = await started(database, {}, [eve]);
    await failTexts(drive, "7720");
    const entry = await entryOf(drive, "r-eve");
    expect(entry?.responder.optOut).toBe("blocked");
    const smsOnly = { ...entry!, channels: { webex: false, sms: true, voice: false } };
    expect(whyUnreachable(smsOnly, drive.settings)).toBe("takes no texts from us");
    expect(await pass(drive, 5)).toEqual(["reminder r-eve voice"]);
    const on = { channel: "sms", isOn: true, by: ana, hasDirectory: false } as const;
    await drive.decide((state, at) => switchChannels(state, { ...on, entries: [entry!] }, at));
    expect((await entryOf(drive, "r-eve"))?.responder.optOut).toBeUndefined();
    expect(await pass(drive, 5)).toEqual(["reminder r-eve sms", "reminder r-eve voice"]);
  });
});

eachDatabase("at the stop", (database) => {
  it("those who were told hear of it, also who is off the roster with it", async () => {
    const drive = await started(database, {}, [anas, aPerson(), eve, fay]);
    await drive.sendAll();
    await drive.answer("r-eve", "declined");
    await drive.stop(true);
    const sent = await drive.sendAll();
    expect(described(sent)).toEqual(["stop r-bo webex", "stop r-eve sms", "stop r-fay sms"]);
    expect((await drive.progress()).roster.map(({ responder }) => responder.id)).not.toContain(
      "r-eve",
    );
    await drive.runTimers();
    expect(drive.closed.at(-1)).toMatchObject({ kind: "closed", notReached: [] });
  });

  it("comes after everything else that waits", async () => {
    const drive = await started(database, {}, [eve, fay]);
    await drive.sendAll();
    await drive.stop(false);
    await drive.start();
    const sent = await drive.send("sms", "accepts");
    expect(sent.map(({ row, responder }) => `${row.kind} ${responder.id}`)).toEqual([
      "invite r-eve",
      "invite r-fay",
      "stop r-eve",
      "stop r-fay",
    ]);
  });

  it("says nothing of itself in the counts, and reminds nobody", async () => {
    const drive = await started(database, {}, [anas, eve]);
    await drive.send("sms", "accepts");
    await drive.stop(false);
    const { progress } = await drive.progress();
    const eves = progress.find(({ responder }) => responder.id === "r-eve");
    expect(eves?.outcomes.map(({ channel, kind }) => `${kind} ${channel}`).sort()).toEqual([
      "invite sms",
      "invite voice",
    ]);
    expect(await dueAt(drive.store)).toBeNull();
  });

  it("whom nobody knows any more is not told, and that is no fault", async () => {
    const drive = await started(database, {}, [anas, eve]);
    await drive.send("sms", "accepts");
    await drive.stop(true);
    await write(drive.store, { kind: "responder.deleted", responderId: "r-eve", at: START });
    await drive.sendAll();
    const [row] = await drive.store.db
      .write<{ kind: string; state: string; last_error: string }>("outbox")
      .where({ kind: "stop" });
    expect(row).toMatchObject({ state: "failed", last_error: "no number" });
  });

  it("nobody hears of it where the space is gone", async () => {
    const drive = await started(database, {}, [anas, eve]);
    await drive.sendAll();
    await drive.stop(false);
    await drive.store.db.write("spaces").where({ id: SPACE }).update({ gone_at: START });
    expect(await drive.sendAll()).toEqual([]);
  });
});
