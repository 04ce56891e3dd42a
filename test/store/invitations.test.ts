import type { Responder } from "../../src/roster/responder";
import type { Store } from "../../src/store/store";
import { anExternal, aPerson, SPACE } from "../support/builders";
import { eachDatabase } from "../support/databases";
import {
  anIncidentStarted,
  anIncidentStopped,
  aNotification,
  aRound,
  queue,
  seedIncident,
  seedSpace,
  START,
  write,
} from "./seed";

const bo = aPerson();
const eve = anExternal({ email: "Eve@Partner.example" });
const as = (personId: string, email = "") => ({ personId, email });

/** Incident 1 has called these people; who else is on the roster was sent nothing. */
async function called(store: Store, ...responders: Responder[]): Promise<void> {
  await seedSpace(store, [bo, eve]);
  await seedIncident(store);
  for (const { id } of responders)
    await queue(store, aNotification({ id: `n-${id}`, responderId: id }));
}

async function numbers(store: Store, personId: string, email?: string): Promise<number[]> {
  return (await store.findInvitations(as(personId, email))).map(({ number }) => number);
}

eachDatabase("what has called somebody", ({ open }) => {
  it("are the running incidents that have a notification for them", async () => {
    const store = await open();
    await called(store, bo);
    expect(await store.findInvitations(as("bo"))).toEqual([
      {
        incidentId: "incident-1",
        number: 1,
        name: "payments down",
        isDrill: false,
        spaceId: SPACE,
        responderId: "r-bo",
      },
    ]);
    expect(await numbers(store, "eve", "eve@partner.example")).toEqual([]);
    expect(await numbers(store, "zoe", "zoe@corp.example")).toEqual([]);
  });

  it("are found by the address of who is known as nobody yet", async () => {
    const store = await open();
    await called(store, eve);
    expect(await numbers(store, "anybody", "eve@PARTNER.example")).toEqual([1]);
    expect(await numbers(store, "anybody", "")).toEqual([]);
    await write(store, {
      kind: "responder.joined",
      responderId: eve.id,
      personId: "eve",
      at: START,
    });
    expect(await numbers(store, "eve")).toEqual([1]);
    expect(await numbers(store, "anybody", "eve@partner.example")).toEqual([]);
  });

  it("are listed once each, the newest first", async () => {
    const store = await open();
    await called(store, bo);
    await queue(store, aNotification({ id: "n-2", responderId: "r-bo", channel: "webex" }));
    await write(
      store,
      {
        kind: "space.saved",
        space: { ...(await spaceOf(store)), id: "space-2" },
        botIsModerator: true,
        at: START,
      },
      {
        kind: "roster.set",
        spaceId: "space-2",
        responderId: "r-bo",
        channels: { webex: true, sms: false, voice: false },
        at: START,
      },
      anIncidentStarted(2, "space-2"),
      { kind: "round.opened", round: aRound({ id: "round-2", incidentId: "incident-2" }) },
    );
    expect(await numbers(store, "bo")).toEqual([1]);
    await queue(
      store,
      aNotification({
        id: "n-3",
        responderId: "r-bo",
        incidentId: "incident-2",
        roundId: "round-2",
      }),
    );
    expect(await numbers(store, "bo")).toEqual([2, 1]);
  });

  it("are no more where they are off the roster", async () => {
    const store = await open();
    await called(store, bo);
    await write(store, { kind: "roster.removed", spaceId: SPACE, responderId: "r-bo" });
    expect(await numbers(store, "bo")).toEqual([]);
  });

  it("are no more after the stop", async () => {
    const store = await open();
    await called(store, bo);
    await write(store, anIncidentStopped());
    expect(await numbers(store, "bo")).toEqual([]);
  });
});

async function spaceOf(store: Store) {
  const space = await store.queries.findSpace(SPACE);
  if (!space) throw new Error("The space was not seeded.");
  return space;
}
