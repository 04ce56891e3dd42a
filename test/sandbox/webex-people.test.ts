import { items, request, startWebex, type Answer, type Webex } from "./webex-fixture";

let webex: Webex;
beforeEach(async () => {
  webex = await startWebex();
});
afterEach(() => webex.close());

/** Asks as Ana with a token of these scopes. */
function withScopes(path: string, scopes: string[]): Promise<Answer> {
  webex.world.tokens.set("bound", { personId: webex.ana.id, scopes });
  const authorization = "Bearer bound";
  return request(`${webex.origin}/v1${path}`, "GET", undefined, { authorization });
}

function nextOf(answer: Answer): string | undefined {
  const [, next] = /^<([^>]+)>; rel="next"$/.exec(answer.headers.get("link") ?? "") ?? [];
  return next?.slice(`${webex.origin}/v1`.length);
}

async function allPages(path: string): Promise<Answer[]> {
  const pages = [];
  for (let next: string | undefined = path; next !== undefined; next = nextOf(pages.at(-1)!))
    pages.push(await webex.call(webex.ana, "GET", next));
  return pages;
}

describe("somebody", () => {
  it("may be without an address, without a login, invited only, or a guest", async () => {
    const { world } = webex;
    const mute = world.addPerson({ name: "Di", email: "", isLoginEnabled: false });
    const guest = world.addPerson({ name: "Ed", type: "appuser", isPending: true });
    world.addPerson({ name: "Fay", email: "" });
    const people = items(await webex.call(webex.ana, "GET", "/people"));
    expect(people.find(({ id }) => id === mute.id)).toMatchObject({
      ...{ emails: [], loginEnabled: "false", invitePending: "false" },
    });
    expect(people.find(({ id }) => id === guest.id)).toMatchObject({
      ...{ type: "appuser", status: "pending", loginEnabled: "true", invitePending: "true" },
    });
    world.setMember({ space: webex.space, person: mute });
    const path = `/memberships?roomId=${webex.space.id}&personId=${mute.id}`;
    expect(items(await webex.call(webex.ana, "GET", path))[0]).not.toHaveProperty("personEmail");
  });

  it("shows a role to administrators until it is taken away", async () => {
    const path = `/people/${webex.bo.id}`;
    webex.world.setAdmin("Bo Lind", true);
    expect((await webex.call(webex.ana, "GET", path)).body.roles).toHaveLength(1);
    expect((await webex.call(webex.cy, "GET", path)).body).not.toHaveProperty("roles");
    webex.world.setAdmin(webex.bo, false);
    expect((await webex.call(webex.ana, "GET", path)).body).not.toHaveProperty("roles");
  });
});

describe("a token with scopes", () => {
  it("lists everybody with the right of administrators only, and only for one", async () => {
    expect((await withScopes("/people", ["spark-admin:people_read"])).status).toBe(200);
    expect((await withScopes("/people", ["spark:people_read"])).status).toBe(400);
    webex.world.setAdmin(webex.ana, false);
    expect((await withScopes("/people", ["spark-admin:people_read"])).status).toBe(400);
    webex.world.listRefusal = 403;
    expect((await withScopes("/people", ["spark-admin:people_read"])).status).toBe(403);
    expect((await withScopes("/people/me", ["spark-admin:people_read"])).status).toBe(200);
  });

  it.each([
    ["/people/me", "spark:people_read", 200],
    ["/people/me", "spark:all", 200],
    ["/people/me", "meeting:schedules_write", 403],
    ["/rooms", "spark:people_read", 403],
    ["/rooms", "spark:all", 200],
  ])("asks for %s with %s and is answered %i", async (path, scope, status) => {
    expect((await withScopes(path, [scope])).status).toBe(status);
  });
});

describe("a large directory", () => {
  it("is listed page by page, each person once and always the same ones", async () => {
    const directory = webex.world.fillDirectory(2_500);
    const pages = await allPages("/people?max=1000");
    expect(pages.map((page) => items(page).length)).toEqual([1_000, 1_000, 503]);
    const people = pages.flatMap(items);
    expect(new Set(people.map(({ id }) => id)).size).toBe(2_503);
    expect(people[3]).toMatchObject({
      ...{ id: directory.idAt(0), displayName: directory.nameAt(0), type: "person" },
    });
    expect((await allPages("/people?max=1000")).flatMap(items)).toEqual(people);
  });

  it("has what makes directories hard", () => {
    const directory = webex.world.fillDirectory(20_000);
    const people = Array.from({ length: 20_000 }, (_, index) => directory.personAt(index));
    const share = (fits: (person: (typeof people)[number]) => boolean): number =>
      people.filter(fits).length / people.length;
    const emails = people.map(({ email }) => email).filter((email) => email !== "");
    expect(new Set(emails).size).toBe(emails.length);
    expect(emails.every((email) => /^[a-z.]+\d+@(emea\.)?example\.com$/.test(email))).toBe(true);
    expect(share(({ email }) => email === "")).toBeGreaterThan(0.001);
    expect(share(({ isLoginEnabled }) => !isLoginEnabled)).toBeCloseTo(0.02, 2);
    expect(share(({ isPending }) => isPending)).toBeCloseTo(0.01, 2);
    expect(share(({ type }) => type === "appuser")).toBeGreaterThan(0.001);
    expect(share(({ displayName }) => /[^\x20-\x7e]/.test(displayName))).toBeGreaterThan(0.2);
    const values = people.flatMap((one) => one.phoneNumbers.map(({ value }) => value));
    for (const messy of [/ ext \d+$/, / x\d+$/, /^\(408\)/, /^ask /, /\(0\)/, /^\d{3}-/])
      expect(values.some((value) => messy.test(value))).toBe(true);
    expect(new Set(people.map(({ displayName }) => displayName)).size).toBeGreaterThan(5_000);
  });

  it("finds its people by id, by address and by name", async () => {
    const directory = webex.world.fillDirectory(1_000);
    const { id, email, displayName } = directory.personAt(711);
    const byId = await webex.call(webex.bot, "GET", `/people/${id}`);
    expect(byId.body).toMatchObject({ id, displayName });
    const byEmail = await webex.call(webex.bot, "GET", `/people?email=${email.toUpperCase()}`);
    expect(items(byEmail).map((one) => one.id)).toEqual([id]);
    const byName = `/people?max=1000&displayName=${encodeURIComponent(displayName)}`;
    const named = items(await webex.call(webex.bot, "GET", byName));
    expect(named.filter((one) => one.id === id)).toHaveLength(1);
    for (const unknown of [directory.idAt(1_000), directory.idAt(4_096)])
      expect((await webex.call(webex.bot, "GET", `/people/${unknown}`)).status).toBe(404);
    const other = await webex.call(webex.bot, "GET", `/people?email=x${email}`);
    expect(items(other)).toEqual([]);
  });

  it("has people like all others: they are written to, and what changes in them stays", async () => {
    const directory = webex.world.fillDirectory(10);
    const body = { toPersonId: directory.idAt(4), text: "hello" };
    expect((await webex.call(webex.bot, "POST", "/messages", body)).status).toBe(200);
    expect(webex.world.messagesTo(directory.idAt(4))).toHaveLength(1);
    webex.world.person(directory.idAt(4)).phoneNumbers = [{ type: "mobile", value: "+1" }];
    const all = items(await webex.call(webex.ana, "GET", "/people?max=1000"));
    expect(all).toHaveLength(13);
    expect(all[7]).toMatchObject({ id: directory.idAt(4), phoneNumbers: [{ value: "+1" }] });
  });

  it("belongs to the bot's organisation only", async () => {
    const { world } = webex;
    world.fillDirectory(10);
    const zoe = world.addPerson({ name: "Zoe", orgId: world.newOrgId(), isAdmin: true });
    expect(items(await webex.call(zoe, "GET", "/people"))).toHaveLength(1);
  });

  it("is not kept in memory, and a page far behind makes no others", async () => {
    const directory = webex.world.fillDirectory(1_000_000);
    const made = jest.spyOn(directory, "personAt");
    const cursor = Buffer.from(`900003 ${directory.idAt(899_999)} 901`).toString("base64url");
    const page = await webex.call(webex.ana, "GET", `/people?max=1000&cursor=${cursor}`);
    expect(items(page)[0]?.id).toBe(directory.idAt(900_000));
    // Besides the page, the last person of the page before, to go on behind them.
    expect(made.mock.calls.length).toBeLessThanOrEqual(1_001);
    expect(webex.world.people.size).toBe(4);
  });
});

describe("a fault", () => {
  it("strikes one page of a list, as often as told", async () => {
    webex.world.fillDirectory(100);
    const fault = { service: "webex", kind: "status", status: 503, page: 3, times: 1 } as const;
    webex.faults.add({ ...fault, route: "GET /people?max=10" });
    const statuses = (await allPages("/people?max=10")).map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 503]);
    expect(await allPages("/people?max=10")).toHaveLength(11);
  });

  it("tells calls to one path apart by their query", async () => {
    webex.faults.add({
      service: "webex",
      kind: "status",
      status: 503,
      route: "GET /people?email=",
    });
    expect((await webex.call(webex.ana, "GET", "/people?max=1")).status).toBe(200);
    expect((await webex.call(webex.ana, "GET", "/people?email=a@b.example")).status).toBe(503);
  });
});
