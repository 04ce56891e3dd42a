import { membershipId } from "../../src/sandbox/ids";
import type { SandboxPerson, SandboxSpace } from "../../src/sandbox/world";
import { hook, items, startReceiver, startWebex, type Webex } from "./webex-fixture";

let webex: Webex;
let open: SandboxSpace;
beforeEach(async () => {
  webex = await startWebex();
  open = webex.world.addSpace({ title: "Open" });
  webex.world.setMember({ space: open, person: webex.bo });
  webex.world.setMember({ space: open, person: webex.bot });
});
afterEach(() => webex.close());

function add(as: SandboxPerson, body: Record<string, unknown>) {
  return webex.call(as, "POST", "/memberships", body);
}

it("refuses what is incomplete, impossible or not allowed", async () => {
  const { ana, bo, cy, bot, space } = webex;
  const direct = webex.world.say({ person: bo, text: "hello" }).spaceId;
  const table: [SandboxPerson, Record<string, unknown>, number, string?][] = [
    [ana, { personId: cy.id }, 400, "roomId cannot be null"],
    [ana, { roomId: space.id }, 400, "Must specify either personId or personEmail."],
    [ana, { roomId: "nonsense", personId: cy.id }, 400, "Expect base64 ID or UUID."],
    [ana, { roomId: space.id, personId: "nonsense" }, 400, "Expect base64 ID or UUID."],
    [ana, { roomId: space.id, personEmail: "nobody" }, 400],
    [ana, { roomId: space.id, personId: bo.id }, 409, "Person is already in the room."],
    [ana, { roomId: space.id, personId: space.id }, 404],
    [cy, { roomId: space.id, personId: cy.id }, 404, "Could not find a room with provided ID."],
    [bot, { roomId: space.id, personId: cy.id }, 403],
    [bot, { roomId: direct, personId: cy.id }, 403],
  ];
  for (const [as, body, status, message] of table) {
    const answer = await add(as, body);
    expect({ body, status: answer.status }).toEqual({ body, status });
    if (message !== undefined) expect(answer.body.message).toBe(message);
  }
});

it("adds a person, and lists them for members only", async () => {
  const { ana, bot, cy, space } = webex;
  const added = await add(ana, { roomId: space.id, personEmail: "CY.Ortega@example.com" });
  expect(added.body).toMatchObject({
    id: membershipId(cy.id, space.id),
    roomId: space.id,
    personId: cy.id,
    personDisplayName: "Cy Ortega",
    personOrgId: webex.world.homeOrgId,
    isModerator: false,
    roomType: "group",
  });
  const one = await webex.call(bot, "GET", `/memberships?roomId=${space.id}&personId=${cy.id}`);
  expect(items(one)).toHaveLength(1);
  const own = await webex.call(bot, "GET", "/memberships");
  expect(items(own).map(({ roomId }) => roomId)).toEqual([space.id, open.id]);
  expect((await webex.call(bot, "GET", `/memberships?personId=${cy.id}`)).status).toBe(400);
});

it("invites an unknown address as a pending person of no known organisation", async () => {
  const added = await add(webex.bo, { roomId: open.id, personEmail: "eve@elsewhere.example" });
  expect(added.body).toMatchObject({
    personEmail: "eve@elsewhere.example",
    personOrgId: webex.world.consumerOrgId,
  });
  expect(webex.world.person("eve@elsewhere.example").isPending).toBe(true);
});

it("moderates an open space with the first moderator, and makes the caller one too", async () => {
  const { bot, bo, cy } = webex;
  const receiver = await startReceiver();
  await hook(webex, bo, receiver.url, { resource: "memberships", event: "all" });
  await add(bot, { roomId: open.id, personId: cy.id, isModerator: true });
  await webex.work.idle();
  const seen = receiver.deliveries
    .map(({ body }) => body)
    .filter(({ data }) => data.personId === cy.id)
    .map(({ event, data }) => `${event} ${String(data.isModerator)}`);
  expect(seen).toEqual(["created false", "updated true"]);
  expect(open.isLocked).toBe(true);
  expect(webex.world.membership(open.id, bot.id)?.isModerator).toBe(true);
  expect(webex.world.membership(open.id, bo.id)?.isModerator).toBe(false);
  await receiver.close();
});

it("lets a moderator make and unmake moderators", async () => {
  const { ana, bo, space } = webex;
  const path = `/memberships/${membershipId(bo.id, space.id)}`;
  const body = { isModerator: true, isRoomHidden: false };
  expect((await webex.call(bo, "PUT", path, body)).status).toBe(403);
  expect((await webex.call(ana, "PUT", path, body)).body.isModerator).toBe(true);
  expect((await webex.call(ana, "PUT", path, { isModerator: false })).body.isModerator).toBe(false);
  expect((await webex.call(ana, "PUT", path, {})).status).toBe(400);
  const hidden = { isModerator: false, isRoomHidden: true };
  expect((await webex.call(ana, "PUT", path, hidden)).status).toBe(400);
});

it("lets anybody moderate once the last moderator has left", async () => {
  const { ana, bo, cy, space } = webex;
  const own = `/memberships/${membershipId(bo.id, space.id)}`;
  const left = await webex.call(ana, "DELETE", `/memberships/${membershipId(ana.id, space.id)}`);
  expect(left.status).toBe(204);
  expect(space.isLocked).toBe(true);
  expect((await add(bo, { roomId: space.id, personId: cy.id })).status).toBe(403);
  const promoted = await webex.call(bo, "PUT", own, { isModerator: true });
  expect(promoted.status).toBe(200);
  expect((await add(bo, { roomId: space.id, personId: cy.id })).status).toBe(200);
});

it("lets members leave, and only moderators remove others from a moderated space", async () => {
  const { bo, bot, space } = webex;
  const boHere = `/memberships/${membershipId(bo.id, space.id)}`;
  expect((await webex.call(bot, "DELETE", boHere)).status).toBe(403);
  expect((await webex.call(bo, "DELETE", boHere)).status).toBe(204);
  expect((await webex.call(bo, "DELETE", boHere)).status).toBe(404);
  const boThere = `/memberships/${membershipId(bo.id, open.id)}`;
  expect((await webex.call(bot, "DELETE", boThere)).status).toBe(204);
});

it("changes nothing when the sandbox is told twice", () => {
  const kinds: string[] = [];
  webex.events.listen(({ kind, payload }) => kinds.push(`${kind} ${String(payload.event)}`));
  const wish = { space: "Open", person: "Cy Ortega", moderator: true };
  webex.world.setMember(wish);
  webex.world.setMember(wish);
  webex.world.setMember({ space: open, person: webex.cy, in: false });
  webex.world.setMember({ space: open, person: webex.cy, in: false });
  expect(kinds).toEqual([
    "membership created",
    "space updated",
    "membership updated",
    "membership deleted",
  ]);
});
