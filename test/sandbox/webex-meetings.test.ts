import { makeId } from "../../src/sandbox/ids";
import type { SandboxPerson } from "../../src/sandbox/world";
import { items, request, startWebex, type Answer, type Webex } from "./webex-fixture";

let webex: Webex;
beforeEach(async () => {
  webex = await startWebex();
});
afterEach(() => webex.close());

const MINUTE = 60_000;
const open = (as: SandboxPerson = webex.ana, wish: object = {}): Promise<Answer> =>
  webex.call(as, "POST", "/meetings", { adhoc: true, roomId: webex.space.id, ...wish });
const end = (id: unknown, as: SandboxPerson = webex.ana): Promise<Answer> =>
  webex.call(as, "POST", `/meetings/${String(id)}/end`, { reason: "over" });

function withScopes(method: string, path: string, scopes: string[], body?: object) {
  webex.world.tokens.set("bound", { personId: webex.ana.id, scopes });
  const authorization = "Bearer bound";
  return request(`${webex.origin}/v1${path}`, method, body, { authorization });
}

describe("the meeting of a space", () => {
  it("comes with everything that is needed to join", async () => {
    const { status, body } = await open();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      meetingNumber: expect.stringMatching(/^\d{11}$/) as string,
      phoneAndVideoSystemPassword: expect.stringMatching(/^\d{8}$/) as string,
      webLink: expect.stringMatching(/^https:\/\/corp\.webex\.com\//) as string,
      title: "Ana Silva's meeting",
      hostUserId: webex.ana.id,
      roomId: webex.space.id,
      start: new Date(webex.clock.now() + 5 * MINUTE).toISOString().replace(".000", ""),
      telephony: {
        accessCode: body.meetingNumber,
        callInNumbers: [
          { callInNumber: "+1-844-621-3956", tollType: "tollFree" },
          { callInNumber: "+1-408-525-6800", tollType: "toll" },
        ],
      },
    });
  });

  it("is the same one for every member while it goes on", async () => {
    const [first, again, other] = [await open(), await open(), await open(webex.bo)];
    expect(again.body.id).toBe(first.body.id);
    expect(other.body).toEqual(first.body);
    webex.world.addSpace({ title: "Other" });
    webex.world.setMember({ space: "Other", person: webex.ana });
    const elsewhere = await open(webex.ana, { roomId: webex.world.space("Other").id, title: "X" });
    expect(elsewhere.body).toMatchObject({ title: "X" });
    expect(elsewhere.body.id).not.toBe(first.body.id);
  });

  it("goes stale when nobody joins, and goes on while somebody is there", async () => {
    const first = await open();
    await webex.clock.advance(20 * MINUTE);
    expect(webex.world.meeting("Payments")).toBeUndefined();
    const second = await open();
    expect(second.body.id).not.toBe(first.body.id);
    const bo = webex.world.joinMeeting({ space: "Payments", person: "Bo Lind" });
    await webex.clock.advance(60 * MINUTE);
    expect((await open()).body.id).toBe(second.body.id);
    webex.world.leaveMeeting(bo);
    expect((await open()).body.id).not.toBe(second.body.id);
  });

  it("has no numbers where the site has none", async () => {
    webex.world.meetings.settings.hasTelephony = false;
    expect((await open()).body).not.toHaveProperty("telephony");
  });

  it("is opened by a member of both the space and its organisation only", async () => {
    const { world } = webex;
    expect((await open(webex.bot)).status).toBe(403);
    expect((await open(webex.cy)).status).toBe(403);
    const zoe = world.addPerson({ name: "Zoe", orgId: world.newOrgId() });
    world.setMember({ space: webex.space, person: zoe });
    expect((await open(zoe)).status).toBe(403);
    expect((await open(webex.ana, { roomId: makeId("ROOM") })).status).toBe(404);
  });

  it.each([
    ["both scopes", ["spark:all", "meeting:schedules_write"], 200],
    ["one of them", ["spark:all"], 403],
    ["the other", ["meeting:schedules_write"], 403],
  ])("is opened with %s: %j", async (_what, scopes, status) => {
    const body = { adhoc: true, roomId: webex.space.id };
    expect((await withScopes("POST", "/meetings", scopes, body)).status).toBe(status);
  });

  it.each([{ adhoc: false }, { roomId: undefined }, { roomId: "x" }, { title: "x".repeat(129) }])(
    "is not opened with %j",
    async (wish) => {
      expect((await open(webex.ana, wish)).status).toBe(400);
    },
  );
});

describe("the daily quota", () => {
  it("counts every request of a person, refused ones too, for a day", async () => {
    webex.world.meetings.settings.dailyQuota = 3;
    await open(webex.ana, { roomId: "x" });
    await webex.clock.advance(60 * MINUTE);
    await open();
    expect((await open()).status).toBe(200);
    const refused = await open();
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe(String(23 * 3_600));
    expect((await open(webex.bo)).status).toBe(200);
    // The first has been forgotten, and what was refused above has taken its place.
    await webex.clock.advance(23 * 60 * MINUTE);
    expect((await open()).status).toBe(429);
    await webex.clock.advance(24 * 60 * MINUTE);
    expect((await open()).status).toBe(200);
  });

  it("is refused as the sandbox is told", async () => {
    Object.assign(webex.world.meetings.settings, { dailyQuota: 0, quotaStatus: 403 });
    const { status, headers } = await open();
    expect([status, headers.has("retry-after")]).toEqual([403, false]);
  });

  it("is a hundred", async () => {
    for (let count = 0; count < 100; count += 1) expect((await open()).status).toBe(200);
    expect((await open()).status).toBe(429);
  });
});

describe("the end of a meeting", () => {
  it("is made by the host, once", async () => {
    const { id } = (await open()).body;
    const bo = webex.world.joinMeeting({ space: webex.space, person: webex.bo });
    expect((await end(id, webex.bo)).status).toBe(403);
    expect(bo.state).toBe("joined");
    expect((await end(id)).status).toBe(204);
    expect(bo.state).toBe("end");
    expect((await end(id)).status).toBe(404);
    expect((await open()).body.id).not.toBe(id);
  });

  it("needs no body, and a meeting that there is", async () => {
    const { id } = (await open()).body;
    const path = `/meetings/${String(id)}/end`;
    expect((await withScopes("POST", path, ["meeting:schedules_read"])).status).toBe(403);
    expect((await withScopes("POST", path, ["meeting:schedules_write"])).status).toBe(204);
    expect((await end("0".repeat(32))).status).toBe(404);
  });

  it("comes by another hand, too", async () => {
    const { id } = (await open()).body;
    webex.world.endMeeting("Payments");
    webex.world.endMeeting("Payments");
    expect((await end(id)).status).toBe(404);
  });
});

describe("those who take part", () => {
  let id: string;
  const list = (as: SandboxPerson = webex.ana): Promise<Answer> =>
    webex.call(as, "GET", `/meetingParticipants?meetingId=${id}`);
  const change = (participant: { id: string }, body: object) =>
    webex.call(webex.ana, "PUT", `/meetingParticipants/${participant.id}`, body);
  beforeEach(async () => {
    id = String((await open()).body.id);
  });

  const dialIn = (phone = "+12025550143") =>
    webex.world.joinMeeting({ space: webex.space, phone, name: "Caller 1" });

  it("are listed for the host, those in the lobby among them", async () => {
    webex.world.joinMeeting({ space: webex.space, person: webex.ana });
    webex.world.joinMeeting({ space: webex.space, person: webex.cy });
    dialIn();
    expect(items(await list())).toMatchObject([
      { email: webex.ana.email, host: true, state: "joined", spaceModerator: true, invitee: true },
      { displayName: "Cy Ortega", host: false, state: "lobby", invitee: false },
      {
        displayName: "Caller 1",
        state: "lobby",
        devices: [{ deviceType: "phone", audioType: "pstn" }],
      },
    ]);
    expect(JSON.stringify(items(await list()))).not.toContain("0143");
    expect((await list(webex.bo)).status).toBe(403);
    const unknown = "/meetingParticipants?meetingId=1";
    expect((await webex.call(webex.ana, "GET", unknown)).status).toBe(404);
    expect((await webex.call(webex.ana, "GET", "/meetingParticipants")).status).toBe(400);
  });

  it("are admitted one by one", async () => {
    const caller = dialIn();
    const path = `/meetingParticipants/${caller.id}`;
    expect((await webex.call(webex.bo, "PUT", path, { admit: true })).status).toBe(403);
    expect((await change(caller, { admit: false })).body.state).toBe("lobby");
    expect((await change(caller, { admit: true, muted: true })).body).toMatchObject({
      ...{ state: "joined", muted: true, meetingId: expect.stringContaining(`${id}_I_`) as string },
    });
    expect((await change(caller, { admit: true, expel: true })).body.state).toBe("end");
    expect((await change(caller, { admit: true })).body.state).toBe("end");
    expect((await webex.call(webex.ana, "GET", path)).body.state).toBe("end");
  });

  it("are admitted together", async () => {
    const callers = [dialIn(), dialIn("+12025550144")];
    const admit = (who: { id: string }[]) =>
      webex.call(webex.ana, "POST", "/meetingParticipants/admit", {
        items: who.map((one) => ({ participantId: one.id })),
      });
    expect((await admit([...callers, { id: `${id}_I_1_x` }])).status).toBe(404);
    expect(callers.map(({ state }) => state)).toEqual(["lobby", "lobby"]);
    expect((await admit(callers)).status).toBe(204);
    expect(callers.map(({ state }) => state)).toEqual(["joined", "joined"]);
    expect((await admit([])).status).toBe(400);
    expect((await admit(Array<{ id: string }>(101).fill(callers[0]!))).status).toBe(400);
    await end(id);
    expect((await admit(callers)).status).toBe(404);
    expect((await change(callers[0]!, { admit: true })).status).toBe(404);
  });

  it("are read and admitted with the scopes for that", async () => {
    const caller = dialIn();
    const path = `/meetingParticipants/${caller.id}`;
    const read = ["meeting:participants_read"];
    expect((await withScopes("GET", path, read)).status).toBe(200);
    expect((await withScopes("PUT", path, read, { admit: true })).status).toBe(403);
    const write = ["meeting:participants_write"];
    expect((await withScopes("PUT", path, write, { admit: true })).status).toBe(200);
    expect((await withScopes("GET", path, write)).status).toBe(403);
  });

  it("come only where there is a meeting", async () => {
    await end(id);
    expect(() => dialIn()).toThrow("There is no meeting");
    expect(items(await list())).toEqual([]);
  });
});
