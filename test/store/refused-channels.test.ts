import type { RosterEntry } from "../../src/roster/responder";
import type { Store } from "../../src/store/store";
import { anExternal, SPACE } from "../support/builders";
import { eachDatabase } from "../support/databases";
import {
  aNotification,
  aRound,
  claimIds,
  claimOne,
  outboxRow,
  queue,
  recordOf,
  seedIncident,
  seedSpace,
  START,
  write,
} from "./seed";

type PhoneChannel = "sms" | "voice";

const eve = anExternal();
const NUMBERS = { sms: eve.mobile ?? "", voice: eve.voice ?? "" };

/** Eve was texted or called, and the provider says why in vain; a reminder waits. */
async function refused(store: Store, channel: PhoneChannel, code: string): Promise<void> {
  await seedSpace(store, [eve]);
  await seedIncident(store);
  await queue(store, aNotification({ channel }));
  await refuse(store, channel, code);
  await write(store, { kind: "round.opened", round: aRound({ id: "round-9", kind: "reminder" }) });
  const reminder = { id: "n-9", roundId: "round-9", kind: "reminder" } as const;
  await queue(store, aNotification({ ...reminder, channel }));
}

async function refuse(store: Store, channel: PhoneChannel, code: string): Promise<void> {
  const row = await claimOne(store, channel);
  const to = NUMBERS[channel];
  await store.outbox.record(recordOf(row, "failed", { refused: { code, to }, error: "refused" }));
}

async function refusedOn(store: Store): Promise<RosterEntry["refused"]> {
  const read = await store.inSpace({ kind: "reading" }, { spaceId: SPACE }, (state) => ({
    changes: [],
    result: state.roster[0]?.refused,
  }));
  return read.isDone ? read.result : undefined;
}

eachDatabase("a number that was refused", ({ open }) => {
  it.each<[PhoneChannel, string, string]>([
    ["sms", "7203", "nobody has this number"],
    ["sms", "7102", "the number is not right"],
    ["voice", "7203", "nobody has this number"],
    ["voice", "7720", "the number takes no calls from us"],
    ["voice", "7109", "the number takes no calls from us"],
  ])("for good, by %s (%s), is not tried again in this incident", async (channel, code, why) => {
    const store = await open();
    await refused(store, channel, code);
    expect(await refusedOn(store)).toEqual({ [channel]: why });
    expect(await claimIds(store, channel)).toEqual([]);
    expect(await outboxRow(store, "n-9")).toMatchObject({ state: "cancelled", last_error: why });
  });

  it.each<[PhoneChannel, string]>([
    ["sms", "7207"],
    ["voice", "7402"],
  ])("this time only, by %s (%s), is tried again", async (channel, code) => {
    const store = await open();
    await refused(store, channel, code);
    expect(await refusedOn(store)).toBeUndefined();
    expect(await claimIds(store, channel)).toEqual(["n-9"]);
  });

  it("as one that takes no texts is tried again once a moderator lifts that", async () => {
    const store = await open();
    await refused(store, "sms", "7720");
    expect(await refusedOn(store)).toBeUndefined();
    await write(store, {
      kind: "number.opted-in",
      number: NUMBERS.sms,
      source: "blocked",
      at: START,
    });
    expect(await claimIds(store, "sms")).toEqual(["n-9"]);
  });

  it("says nothing of the other channel, of another number, or in another incident", async () => {
    const store = await open();
    await refused(store, "voice", "7203");
    await queue(store, aNotification({ id: "text", roundId: "round-9", kind: "reminder" }));
    expect(await claimIds(store, "sms")).toEqual(["text"]);
    await seedSpace(store, [anExternal({ id: "r-fay", voice: "+14085550177" })], "space-2");
    await seedIncident(store, 2, "space-2");
    const elsewhere = { incidentId: "incident-2", roundId: "round-2", channel: "voice" } as const;
    await write(store, {
      kind: "roster.set",
      spaceId: "space-2",
      responderId: eve.id,
      channels: { webex: true, sms: true, voice: true },
      at: START,
    });
    await queue(store, aNotification({ ...elsewhere, id: "elsewhere" }));
    await write(store, {
      kind: "responder.edited",
      responder: { ...eve, voice: "+14085550188", version: 2 },
    });
    expect(await claimIds(store, "voice")).toEqual(["elsewhere", "n-9"]);
  });
});
