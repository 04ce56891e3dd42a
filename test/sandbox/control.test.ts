import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SystemClock } from "../../src/clock";
import { streamEvents } from "../../src/sandbox/control-events";
import type { Sandbox } from "../../src/sandbox/start-sandbox";
import { startSandbox } from "../../src/sandbox/start-sandbox";
import type { SandboxMeeting } from "../../src/sandbox/world";
import { ManualClock } from "../support/manual-clock";

const PHONE = "+12025550143";
let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ clock: new ManualClock() });
  sandbox.world.addPerson({ name: "Muster", type: "bot" });
  sandbox.world.addPerson({ name: "Ana", email: "ana@example.com" });
});
afterEach(async () => {
  await sandbox.idle();
  await sandbox.close();
  expect(sandbox.work.takeFailures()).toEqual([]);
});

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

async function control(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${sandbox.origin}/_sandbox/${path}`, {
    method,
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Answer["body"] };
}

describe("people and spaces", () => {
  it("are added, joined and spoken in", async () => {
    const bo = await control("POST", "people", { name: "Bo", email: "bo@example.com" });
    expect(bo).toMatchObject({ status: 200, body: { displayName: "Bo", type: "person" } });
    await control("POST", "spaces", { title: "Payments", isLocked: true });
    const member = { space: "Payments", person: "Bo", moderator: true };
    expect((await control("POST", "members", member)).body).toMatchObject({ isModerator: true });
    await control("POST", "say", { person: "Bo", space: "Payments", text: "hello" });
    const space = sandbox.world.space("Payments");
    expect(sandbox.world.messagesIn(space.id).map(({ text }) => text)).toEqual(["hello"]);
    expect((await control("POST", "members", { ...member, in: false })).body).toEqual({});
    expect(sandbox.world.membersOf(space.id)).toEqual([]);
  });

  it("speak to the bot alone without a space", async () => {
    const { body } = await control("POST", "say", { person: "ana@example.com", text: "help" });
    expect(sandbox.world.space(String(body.spaceId)).type).toBe("direct");
  });

  it("send a file, with or without words", async () => {
    const file = { name: "a.csv", type: "text/csv", content: Buffer.from("é").toString("base64") };
    const speech = { person: "ana@example.com", files: [file] };
    const { body } = await control("POST", "say", speech);
    expect(body).toMatchObject({ text: "", files: [expect.stringMatching(/\/v1\/contents\/./)] });
    expect([...sandbox.world.files.values()].at(-1)).toMatchObject({
      ...{ name: "a.csv", type: "text/csv", content: Buffer.from("é") },
    });
    expect((await control("POST", "say", { person: "ana@example.com" })).status).toBe(400);
    const broken = { ...speech, files: [{ ...file, content: "é" }] };
    expect((await control("POST", "say", broken)).status).toBe(400);
  });

  it("press a card's button", async () => {
    const { world } = sandbox;
    const { id } = world.addSpace({ title: "Payments" });
    for (const person of ["Ana", "Muster"]) world.setMember({ space: id, person });
    const content = { type: "AdaptiveCard", version: "1.3", body: [] };
    const attachments = [{ contentType: "application/vnd.microsoft.card.adaptive", content }];
    const posted = await fetch(`${sandbox.webexUrl}/messages`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${world.bot().token}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ roomId: id, text: "card", attachments }),
    });
    const { id: messageId } = (await posted.json()) as { id: string };
    const inputs = { action: "incident.start" };
    const pressed = await control("POST", "press", { person: "Ana", messageId, inputs });
    expect(pressed).toMatchObject({ status: 200, body: { inputs } });
  });
});

describe("agreement, roles, meetings and the directory", () => {
  it("are decided on", async () => {
    const { world } = sandbox;
    const answering = createServer((_request, response) => response.end("back"));
    await once(answering.listen(0, "127.0.0.1"), "listening");
    const { port } = answering.address() as AddressInfo;
    const link = new URL(`${sandbox.webexUrl}/authorize`);
    link.search = new URLSearchParams({
      response_type: "code",
      client_id: world.oauth.integration.clientId,
      redirect_uri: `http://127.0.0.1:${port}/callback`,
      scope: "spark:all",
      state: "s",
    }).toString();
    const wish = { link: link.href, person: "Ana", decision: "deny" };
    const page = await control("POST", "consent", wish);
    expect(page).toEqual({
      status: 200,
      body: {
        ...{ status: 200, html: "back" },
        location: `http://127.0.0.1:${port}/callback?error=access_denied&state=s`,
      },
    });
    await new Promise((resolve) => answering.close(resolve));
    expect((await control("POST", "consent", wish)).status).toBe(502);
    expect((await control("POST", "consent", { ...wish, person: "Zoe" })).status).toBe(404);
  });

  it("are changed", async () => {
    const { world } = sandbox;
    await control("POST", "admins", { person: "Ana", isAdmin: true });
    expect(world.person("Ana").isAdmin).toBe(true);
    expect((await control("POST", "directory", { size: 500 })).body).toEqual({ size: 500 });
    expect(world.people.listing(world.homeOrgId)).toHaveLength(501);
    const { id } = world.addSpace({ title: "Payments" });
    world.setMember({ space: id, person: "Ana" });
    const nobody = await control("POST", "meeting", { space: "Payments", person: "Ana" });
    expect(nobody.status).toBe(404);
    world.meetings.open(id, world.person("Ana"));
    const caller = { space: "Payments", phone: PHONE };
    expect((await control("POST", "meeting", caller)).body).toMatchObject({ state: "lobby" });
    expect((await control("POST", "meeting", { space: "Payments", end: true })).status).toBe(200);
    expect(world.meeting(id)).toBeUndefined();
  });
});

describe("phones", () => {
  it("write, ring, take keys and hang up", async () => {
    expect((await control("POST", `phones/${PHONE}`, { text: "Y" })).status).toBe(200);
    expect(sandbox.phones.at(PHONE).sent).toMatchObject([{ text: "Y" }]);
    sandbox.phones.at(PHONE).onCall = "rings";
    await fetch(`${sandbox.connectUrl}/v1/voice/messages`, {
      method: "POST",
      headers: {
        authorization: sandbox.connect.settings.serviceKey,
        "content-type": "application/json",
      },
      body: JSON.stringify({
        callerId: "+14085550100",
        dialedNumber: PHONE,
        audio: { type: "TTS", text: "DB down" },
      }),
    });
    const state = async (body: object) =>
      (await control("POST", `phones/${PHONE}`, body)).body.calls as object[];
    sandbox.connect.settings.receiptsMode = "auto";
    expect(await state({ answer: true })).toMatchObject([{ state: "answered", words: "DB down" }]);
    expect(await state({ digit: "1*" })).toMatchObject([{ digits: "1*" }]);
    expect(await state({ hangup: true })).toMatchObject([{ state: "ended", endedBy: "callee" }]);
  });

  it("say so when nobody called", async () => {
    const { status, body } = await control("POST", `phones/${PHONE}`, { answer: true });
    expect([status, body.error]).toEqual([400, `${PHONE} has not been called.`]);
  });
});

describe("faults", () => {
  it("are switched on, listed and cleared", async () => {
    const fault = { service: "webex", route: "GET /people", kind: "status", status: 503 };
    const { body } = await control("POST", "faults", fault);
    expect((await control("GET", "state")).body.faults).toMatchObject([{ id: body.id, fault }]);
    const people = () => fetch(`${sandbox.webexUrl}/people/me`).then(({ status }) => status);
    expect(await people()).toBe(503);
    expect((await control("DELETE", "faults")).status).toBe(200);
    expect(await people()).toBe(401);
  });

  it("are taken back one by one, and told when they come and go", async () => {
    const told: unknown[] = [];
    sandbox.events.listen(({ kind, payload }) => {
      if (kind === "fault") told.push(payload);
    });
    const fault = { service: "webex", kind: "status", status: 503 } as const;
    const { body: first } = await control("POST", "faults", fault);
    const { body: second } = await control("POST", "faults", { ...fault, times: 1 });
    expect(await control("DELETE", `faults/${String(first.id)}`)).toEqual({
      status: 200,
      body: {},
    });
    expect((await control("GET", "state")).body.faults).toMatchObject([{ id: second.id, left: 1 }]);
    await fetch(`${sandbox.webexUrl}/people/me`);
    expect(told).toEqual([
      { event: "added", id: first.id, fault },
      { event: "added", id: second.id, fault: { ...fault, times: 1 } },
      { event: "removed", id: first.id, fault },
      { event: "removed", id: second.id, fault: { ...fault, times: 1 } },
    ]);
  });

  it.each(["1", "one", "-1"])("of the id %s are not there to be taken back", async (id) => {
    expect(await control("DELETE", `faults/${id}`)).toEqual({
      status: 404,
      body: { error: `There is no fault ${id} in force.` },
    });
  });
});

describe("files", () => {
  const fetchFile = (id: string) => fetch(`${sandbox.origin}/_sandbox/files/${id}`);

  async function send(name: string, content: string): Promise<string> {
    const file = { name, type: "text/html", content: Buffer.from(content).toString("base64") };
    await control("POST", "say", { person: "Ana", files: [file] });
    return [...sandbox.world.files.keys()].at(-1)!;
  }

  it("are downloaded as bytes, never shown", async () => {
    const response = await fetchFile(await send("grüße.html", "<script>é</script>"));
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("<script>é</script>");
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="gr__e.html"; filename*=UTF-8''gr%C3%BC%C3%9Fe.html`,
      "x-content-type-options": "nosniff",
      "content-security-policy": "default-src 'none'; sandbox",
    });
  });

  it.each([
    ["../../etc/passwd", `filename="_.._etc_passwd"`],
    [`a"; filename="b.exe`, `filename="a__ filename=_b.exe"`],
    ["a\r\nset-cookie: b", `filename="a set-cookie_ b"`],
    ["\ud800 it's (1)*", `filename*=UTF-8''%EF%BF%BD%20it%27s%20%281%29%2A`],
    ["...", `filename="file"`],
  ])("of the name %j are no danger", async (name, told) => {
    const { status, headers } = await fetchFile(await send(name, "x"));
    expect(status).toBe(200);
    expect(headers.get("content-disposition")).toContain(told);
  });

  it("that are not there are not found", async () => {
    const response = await fetchFile("nothing");
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ error: "There is no such file." });
  });
});

describe("a sandbox without a bot of its own", () => {
  it("says so", async () => {
    const { body } = await control("GET", "state");
    expect([body.bot, body.notifications]).toEqual([null, null]);
    expect(await control("POST", "bot", { action: "start" })).toEqual({
      status: 409,
      body: { error: "This sandbox has no bot of its own: start and stop yours by hand." },
    });
  });
});

describe("the state", () => {
  it("shows people, texts and the time, but no token", async () => {
    const { body } = await control("GET", "state");
    expect(body).toMatchObject({ origin: sandbox.origin, now: sandbox.clock.now(), phones: [] });
    expect(JSON.stringify(body)).toContain("ana@example.com");
    expect(JSON.stringify(body)).not.toContain(sandbox.world.person("Ana").token);
  });
});

describe("the events", () => {
  it("are sent as they happen", async () => {
    const response = await fetch(`${sandbox.origin}/_sandbox/events`);
    expect(response.headers.get("content-type")).toMatch("text/event-stream");
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    await reader.read();
    sandbox.phones.sendText(PHONE, "Y");
    const { value } = await reader.read();
    expect(value).toMatch(/^id: \d+\nevent: sms\ndata: \{.*"text":"Y".*\}\n\n$/);
    sandbox.phones.sendText(PHONE, "N");
    const idOf = (text = ""): number => Number(/^id: (\d+)$/m.exec(text)?.[1]);
    expect(idOf((await reader.read()).value)).toBe(idOf(value) + 1);
    await reader.cancel();
  });

  it("are followed by signs of life, until the listener goes away", async () => {
    const server = createServer();
    await once(server.listen(0, "127.0.0.1"), "listening");
    const gone = new Promise((resolve) => {
      server.on("request", (_request, response) => {
        streamEvents(sandbox.events, response as never, 1);
        response.on("close", resolve);
      });
    });
    const set = jest.spyOn(globalThis, "setInterval");
    const clear = jest.spyOn(globalThis, "clearInterval");
    const { port } = server.address() as AddressInfo;
    const { body } = await fetch(`http://127.0.0.1:${port}/`);
    const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!text.includes(": still here\n\n")) text += (await reader.read()).value ?? "";
    const [heartbeat] = set.mock.results
      .filter((_result, index) => set.mock.calls[index]![1] === 1)
      .map(({ value }) => value as NodeJS.Timeout);
    expect(clear).not.toHaveBeenCalledWith(heartbeat);
    await reader.cancel();
    await gone;
    expect(clear).toHaveBeenCalledWith(heartbeat);
    expect(heartbeat!.hasRef()).toBe(false);
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });

  it("tell of people without their tokens, and of meetings", async () => {
    const told: { kind: string; payload: Readonly<Record<string, unknown>> }[] = [];
    sandbox.events.listen((event) => void told.push(event));
    await control("POST", "people", { name: "Bo", email: "bo@example.com" });
    await control("POST", "admins", { person: "Bo", isAdmin: true });
    const { world } = sandbox;
    expect(told.map(({ payload }) => payload)).toMatchObject([
      { event: "created", displayName: "Bo", isAdmin: false },
      { event: "updated", displayName: "Bo", isAdmin: true },
    ]);
    expect(JSON.stringify(told)).not.toContain(world.person("Bo").token);
    told.length = 0;
    const { id } = world.addSpace({ title: "Payments" });
    world.setMember({ space: id, person: "Ana" });
    const meeting = world.meetings.open(id, world.person("Ana"));
    const caller = world.joinMeeting({ space: id, phone: PHONE });
    world.meetings.admit(caller);
    world.leaveMeeting(caller);
    world.endMeeting(id);
    const states = told
      .filter(({ kind }) => kind === "meeting")
      .map(({ payload }) => payload.meeting as SandboxMeeting)
      .map(({ participants, endedAt }) => [participants.map(({ state }) => state), endedAt]);
    expect(states).toEqual([
      [[], undefined],
      [["lobby"], undefined],
      [["joined"], undefined],
      [["end"], undefined],
      [["end"], sandbox.clock.now()],
    ]);
    expect(meeting.spaceId).toBe(id);
  });
});

describe("the clock", () => {
  it("is moved together with the file that the bot reads", async () => {
    const folder = mkdtempSync(join(tmpdir(), "muster-test-"));
    const clockFile = join(folder, "clock");
    const own = await startSandbox({ clock: new SystemClock(), clockFile });
    const advance = (advanceMs: number) =>
      fetch(`${own.origin}/_sandbox/clock`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ advanceMs }),
      });
    await advance(60_000);
    await advance(1000);
    expect(readFileSync(clockFile, "utf8")).toBe("61000");
    expect(own.clock.now() - own.clock.real()).toBeGreaterThanOrEqual(60_999);
    await own.close();
    rmSync(folder, { recursive: true });
  });

  it("is moved by its owner's hand where there is one", async () => {
    const clock = new ManualClock();
    const own = await startSandbox({ clock, moveClock: (ms) => clock.advance(ms) });
    const before = clock.now();
    await fetch(`${own.origin}/_sandbox/clock`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"advanceMs":5}',
    });
    expect(clock.now()).toBe(before + 5);
    await own.close();
  });

  it("stays where it is when only its owner can move it", async () => {
    expect(await control("POST", "clock", { advanceMs: 5 })).toEqual({
      status: 409,
      body: { error: "This sandbox runs on a clock that only its owner can move." },
    });
  });
});

describe("a request that is not understood", () => {
  it.each([
    ["POST", "people", {}, '"name"'],
    ["POST", "people", { name: "Bo", colour: "red" }, "colour"],
    ["POST", "spaces", { title: 7 }, '"title"'],
    ["POST", "faults", { service: "fax", kind: "status" }, '"service"'],
    ["POST", "clock", { advanceMs: -1 }, '"advanceMs"'],
    ["POST", "clock", { advanceMs: 1e300 }, '"advanceMs"'],
    ["POST", "faults", { service: "webex", kind: "slow", delayMs: 1e308 }, '"delayMs"'],
    ["GET", "files/%E0%A4%A", undefined, "address"],
    ["POST", `phones/${PHONE}`, { shout: true }, "one of"],
    ["POST", "bot", { action: "restart" }, '"action"'],
    ["POST", "bot", {}, '"action"'],
    ["POST", "phones/112", { answer: true }, "is no number"],
  ])("%s %s %j is refused with a sentence", async (method, path, body, said) => {
    const answer = await control(method, path, body);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatch(said);
    expect(answer.body.error).toMatch(/\.$/);
  });

  it("names who or what is not there", async () => {
    const nobody = await control("POST", "say", { person: "Zoe", text: "hi" });
    expect([nobody.status, nobody.body.error]).toEqual([404, "There is nobody Zoe."]);
    expect((await control("GET", "weather")).status).toBe(404);
  });
});

describe("a request from elsewhere", () => {
  function raw(
    headers: Record<string, string>,
    body = "",
    method = body === "" ? "GET" : "POST",
    path = body === "" ? "state" : "people",
  ): Promise<number> {
    return new Promise((resolve, reject) => {
      request(`${sandbox.origin}/_sandbox/${path}`, { method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on("error", reject)
        .end(body);
    });
  }

  it("is refused by the name it came through", async () => {
    expect(await raw({ host: "evil.example" })).toBe(403);
    expect(await raw({ host: "127.0.0.1.evil.example" })).toBe(403);
    expect(await raw({ host: "localhost:5600" })).toBe(200);
  });

  it("is refused when another page makes it", async () => {
    const json = { "content-type": "application/json" };
    const body = '{"name":"Bo"}';
    for (const origin of ["https://evil.example", "http://127.0.0.1:1", "null"])
      expect(await raw({ ...json, origin }, body)).toBe(403);
    expect(await raw({ ...json, origin: sandbox.origin }, body)).toBe(200);
  });

  it("is refused when it is a form", async () => {
    expect(await raw({ "content-type": "text/plain" }, '{"name":"Bo"}')).toBe(415);
    const stop = '{"action":"stop"}';
    expect(await raw({ "content-type": "text/plain" }, stop, "POST", "bot")).toBe(415);
  });

  it.each([
    ["GET", "events"],
    ["GET", "files/x"],
    ["POST", "bot"],
    ["DELETE", "faults/1"],
  ])("is refused at %s %s, too", async (method, path) => {
    const headers = { host: "evil.example", "content-type": "application/json" };
    expect(await raw(headers, "", method, path)).toBe(403);
  });
});
