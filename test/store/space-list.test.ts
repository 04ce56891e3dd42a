import type { SpaceListWish } from "../../src/incident/space-line";
import type { Store } from "../../src/store/store";
import { ana, aMember, aSpace, HOME_ORG } from "../support/builders";
import { eachDatabase } from "../support/databases";
import { anIncidentStopped, seedIncident, START, write } from "./seed";

const anas: SpaceListWish = { personId: "ana", isOperator: false };
const all: SpaceListWish = { personId: "ana", isOperator: true };
const limits = { orgId: HOME_ORG, titlePrefix: "INC" };
const tenth = { limit: 10, offset: 0 };

async function aSpaceOf(
  store: Store,
  id: string,
  more: Partial<ReturnType<typeof aSpace>> & { moderator?: boolean; lastEventAt?: number } = {},
): Promise<void> {
  const { moderator, lastEventAt, ...facts } = more;
  const space = aSpace({ id, title: `INC ${id}`, ...facts });
  await write(store, { kind: "space.saved", space, botIsModerator: true, at: START });
  if (moderator !== undefined) {
    const member = aMember({ ...ana, isModerator: moderator });
    await write(store, { kind: "member.saved", spaceId: id, member });
  }
  if (lastEventAt !== undefined)
    await store.db.write("spaces").where({ id }).update({ last_event_at: lastEventAt });
}

async function ids(store: Store, wish: SpaceListWish, page = tenth): Promise<string[]> {
  return (await store.listSpaces(wish, limits, page)).found.map(({ id }) => id);
}

eachDatabase("the list of spaces", ({ open }) => {
  it("has those that the person moderates, for an operator all, the liveliest first", async () => {
    const store = await open();
    await aSpaceOf(store, "a-quiet", { moderator: true });
    await aSpaceOf(store, "b-old", { moderator: true, lastEventAt: START - 1 });
    await aSpaceOf(store, "c-new", { moderator: true, lastEventAt: START + 1 });
    await aSpaceOf(store, "d-member", { moderator: false });
    await aSpaceOf(store, "e-other", { lastEventAt: START + 2 });
    expect(await ids(store, anas)).toEqual(["c-new", "a-quiet", "b-old"]);
    expect(await ids(store, all)).toEqual(["e-other", "c-new", "a-quiet", "d-member", "b-old"]);
    const { found } = await store.listSpaces(all, limits, tenth);
    expect(found.map(({ isMember }) => isMember)).toEqual([false, true, true, true, true]);
  });

  it("leaves out what is none of the bot's business", async () => {
    const store = await open();
    const moderator = true;
    await aSpaceOf(store, "direct", { moderator, kind: "direct" });
    await aSpaceOf(store, "foreign", { moderator, ownerOrgId: "org-other" });
    await aSpaceOf(store, "coffee", { moderator, title: "Coffee INC" });
    await aSpaceOf(store, "lower", { moderator, title: "inc lower" });
    await aSpaceOf(store, "gone", { moderator });
    await write(store, { kind: "space.gone", spaceId: "gone", at: START });
    expect(await ids(store, anas)).toEqual([]);
    expect(await ids(store, all)).toEqual([]);
    const everything = await store.listSpaces(all, { ...limits, titlePrefix: "" }, tenth);
    expect(everything.found.map(({ id }) => id)).toEqual(["coffee", "lower"]);
  });

  it("comes in pages, and says how many there are", async () => {
    const store = await open();
    for (const id of ["a", "b", "c"]) await aSpaceOf(store, id, { moderator: true });
    expect(await ids(store, anas, { limit: 2, offset: 2 })).toEqual(["c"]);
    expect((await store.listSpaces(anas, limits, { limit: 2, offset: 0 })).total).toBe(3);
    expect(await store.listSpaces(anas, limits, { limit: 2, offset: 9 })).toMatchObject({
      found: [],
      total: 3,
    });
  });

  it("tells the newest incident of each, running or over", async () => {
    const store = await open();
    for (const id of ["a", "b", "c"]) await aSpaceOf(store, id, { moderator: true });
    await seedIncident(store, 1, "a");
    await write(store, anIncidentStopped(1, START + 1));
    await seedIncident(store, 2, "b");
    await seedIncident(store, 3, "a");
    const { found } = await store.listSpaces(anas, limits, tenth);
    expect(found.map(({ id, incident }) => [id, incident?.number, incident?.stoppedAt])).toEqual([
      ["a", 3, undefined],
      ["b", 2, undefined],
      ["c", undefined, undefined],
    ]);
  });
});
