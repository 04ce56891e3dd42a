import nock from "nock";
import type { DirectoryPerson } from "../../src/directory/directory";
import { RemoteError } from "../../src/errors";
import { type AsPerson, createAsPerson } from "../../src/webex/as-person";
import type { WebexRestOptions } from "../../src/webex/rest";
import { brokenBodies, documentedRefusals } from "./documented";
import { aRest, failureOf, ORIGIN, startServer } from "./fixtures";

const GRANTED = "the-person-s-own-token";

function aPerson(overrides: Partial<WebexRestOptions> = {}): AsPerson {
  return createAsPerson((token) => aRest({ token, ...overrides }));
}

const json = { "content-type": "application/json; charset=utf-8" };

/** What every call carries, and no other token. */
function webex(headers: Record<string, string> = {}): nock.Scope {
  return nock(ORIGIN, {
    reqheaders: {
      authorization: `Bearer ${GRANTED}`,
      accept: "application/json",
      trackingid: /^muster_[0-9a-f-]{36}$/,
      ...headers,
    },
  });
}

interface Call {
  name: string;
  method: string;
  uri: string;
  call: (person: AsPerson) => Promise<unknown>;
  /** Statuses that are an answer, and which. */
  answers?: Record<number, unknown>;
}

const calls: readonly Call[] = [
  { name: "me", method: "GET", uri: "/v1/people/me", call: (person) => person.me(GRANTED) },
  {
    name: "canListPeople",
    method: "GET",
    uri: "/v1/people?max=1",
    call: (person) => person.canListPeople(GRANTED),
    answers: { 400: false, 403: false },
  },
  {
    name: "isAdmin",
    method: "GET",
    uri: "/v1/people/ana%2F1",
    call: (person) => person.isAdmin(GRANTED, "ana/1"),
  },
  {
    name: "readPeoplePage",
    method: "GET",
    uri: "/v1/people?max=1000&excludeStatus=true",
    call: (person) => person.readPeoplePage(GRANTED),
  },
  {
    name: "readPeoplePage, further on",
    method: "GET",
    uri: "/v1/people?cursor=b",
    call: (person) => person.readPeoplePage(GRANTED, `${ORIGIN}/v1/people?cursor=b`),
  },
  {
    name: "openMeeting",
    method: "POST",
    uri: "/v1/meetings",
    call: (person) => person.openMeeting(GRANTED, "space-1"),
  },
  {
    name: "endMeeting",
    method: "POST",
    uri: "/v1/meetings/m%2F1/end",
    call: (person) => person.endMeeting(GRANTED, "m/1"),
    answers: { 404: undefined, 409: undefined, 410: undefined },
  },
  {
    name: "listParticipants",
    method: "GET",
    uri: "/v1/meetingParticipants?meetingId=m-1&max=100",
    call: (person) => person.listParticipants(GRANTED, "m-1"),
    answers: { 404: [] },
  },
  {
    name: "admit",
    method: "POST",
    uri: "/v1/meetingParticipants/admit",
    call: (person) => person.admit(GRANTED, ["p-1"]),
  },
];

describe.each(calls)("$name", ({ answers = {}, call, method, name, uri }) => {
  const path = uri.replace(/\?.*/, "");

  test.each(documentedRefusals)("refused with $name", async (refused) => {
    const { body, expected, headers, status } = refused;
    webex().intercept(uri, method).reply(status, body, headers);
    if (status in answers) {
      expect(await call(aPerson())).toEqual(answers[status]);
      return;
    }
    const failure = await failureOf(call(aPerson()));
    expect(failure).toMatchObject({ service: "webex", status, ...expected });
    expect(failure.message).toBe(`Webex answered ${status} to ${method} ${path}`);
    expect(failure).not.toHaveProperty("code");
  });

  if (!["endMeeting", "admit"].includes(name))
    test.each(brokenBodies)("answered with %s", async (_what, body) => {
      webex().intercept(uri, method).reply(200, body);
      const failure = await failureOf(call(aPerson()));
      expect(failure).toMatchObject({ status: 200, retryable: false, unclear: method === "POST" });
      expect(failure.message).toContain(`${method} ${path} in an unexpected shape`);
    });

  test("without an answer", async () => {
    const server = await startServer(() => undefined);
    const failure = await failureOf(call(elsewhere(server.url, 50)));
    expect(failure).toMatchObject({ retryable: true, unclear: true });
    expect(failure.message).toBe(`No answer from Webex to ${method} ${path} (time-out)`);
    await server.close();
  });

  test("with the connection reset", async () => {
    const server = await startServer((request) => request.socket.destroy());
    const failure = await failureOf(call(elsewhere(server.url)));
    expect(failure).toMatchObject({ retryable: true, unclear: true });
    await server.close();
  });

  test("writes the token nowhere", async () => {
    const written: string[] = [];
    const note = (fields: object, msg: string): void => {
      written.push(JSON.stringify(fields), msg);
    };
    const log = { debug: note, warn: note };
    for (const status of [200, 400, 401, 403, 500]) {
      webex().intercept(uri, method).reply(status, { message: GRANTED, error: GRANTED });
      await call(aPerson({ log })).catch(keep);
    }
    const quoting = (): Promise<never> =>
      Promise.reject(new TypeError(GRANTED, { cause: new Error(GRANTED) }));
    await call(aPerson({ log, fetch: quoting })).catch(keep);
    expect(written.filter((line) => line === "Webex call")).toHaveLength(6);
    expect(written.join("\n")).not.toContain(GRANTED);

    function keep(error: unknown): void {
      expect(error).toBeInstanceOf(RemoteError);
      const { message, stack } = error as RemoteError;
      written.push(message, stack ?? "", JSON.stringify(error), String((error as Error).cause));
    }
  });

  /** At a server of this computer; a page's address leads there too. */
  function elsewhere(url: string, timeoutMs = 1_000): AsPerson {
    const person = aPerson({ baseUrl: url, timeoutMs });
    return {
      ...person,
      readPeoplePage: (token, next) =>
        person.readPeoplePage(token, next?.replace(`${ORIGIN}/v1`, url)),
    };
  }
});

describe("who gave the token", () => {
  test("is read", async () => {
    webex()
      .get("/v1/people/me")
      .reply(200, {
        id: "ana",
        emails: ["Ana@Corp.example"],
        displayName: "Ana\n Silva",
        orgId: "org-1",
        type: "person",
        roles: ["r-1"],
      });
    expect(await aPerson().me(GRANTED)).toEqual({
      ...{ id: "ana", email: "ana@corp.example", name: "Ana Silva" },
      ...{ orgId: "org-1", isBot: false },
    });
  });

  test.each([
    ["id", undefined],
    ["id", 7],
    ["emails", "ana@corp.example"],
    ["orgId", {}],
  ])("is not known where %s is %j", async (field, value) => {
    webex()
      .get("/v1/people/me")
      .reply(200, { id: "ana", orgId: "org-1", [field]: value });
    expect((await failureOf(aPerson().me(GRANTED))).message).toBe(
      `Webex answered GET /v1/people/me in an unexpected shape (${field})`,
    );
  });

  test.each([
    [["r-1"], true],
    [[], false],
    [undefined, false],
    [null, false],
  ])("with the roles %j is an administrator: %s", async (roles, expected) => {
    webex().get("/v1/people/ana").reply(200, { id: "ana", roles });
    expect(await aPerson().isAdmin(GRANTED, "ana")).toBe(expected);
  });

  test("with roles that are no list is neither", async () => {
    webex().get("/v1/people/ana").reply(200, { roles: "all" });
    expect((await failureOf(aPerson().isAdmin(GRANTED, "ana"))).message).toContain("(roles)");
  });

  test.each([[[]], [[{ id: "ana" }]], [["whatever"]]])(
    "may list people where Webex answers %j",
    async (items) => {
      webex().get("/v1/people?max=1").reply(200, { items });
      expect(await aPerson().canListPeople(GRANTED)).toBe(true);
    },
  );
});

describe("a page of people", () => {
  const first = "/v1/people?max=1000&excludeStatus=true";
  const ana = {
    id: "ana",
    emails: ["Ana.Silva@Corp.example", "second@corp.example"],
    phoneNumbers: [
      { type: "mobile", value: "+351912345678", primary: true },
      { type: "work", value: "+1 408 555 0100" },
    ],
    displayName: "Ana Silva",
    firstName: "Ana",
    lastName: "Silva",
    orgId: "org-1",
    invitePending: "false",
    loginEnabled: "true",
    type: "person",
  };

  /** The page gone through: who is passed over is undefined. */
  async function pageOf(
    items: unknown[],
    link?: string,
  ): Promise<{ people: (DirectoryPerson | undefined)[]; next?: string }> {
    const headers = { ...(link !== undefined && { link }) };
    webex().get(first).reply(200, { items, notFoundIds: null }, headers);
    const page = await aPerson().readPeoplePage(GRANTED);
    return { ...page, people: [...page.people] };
  }

  async function oneOf(fields: object): Promise<unknown> {
    return (await pageOf([{ ...ana, ...fields }])).people[0];
  }

  test("tells who they are, the first address, and the numbers as they were written", async () => {
    expect(await pageOf([ana])).toEqual({
      people: [
        {
          personId: "ana",
          name: "Ana Silva",
          email: "ana.silva@corp.example",
          phones: [
            { type: "mobile", value: "+351912345678" },
            { type: "work", value: "+1 408 555 0100" },
          ],
        },
      ],
    });
  });

  test("may hold as many as a thousand", async () => {
    const many = Array.from({ length: 1_000 }, (_, n) => ({ ...ana, id: `p-${n}` }));
    const { people } = await pageOf(many);
    expect(new Set(people.map((person) => person?.personId)).size).toBe(1_000);
  });

  test("may be empty and have a next one", async () => {
    const next = `${ORIGIN}/v1/people?cursor=b`;
    expect(await pageOf([], `<${next}>; rel="next"`)).toEqual({ people: [], next });
    webex()
      .get("/v1/people?cursor=b")
      .reply(200, { items: [ana] }, { link: '</v1/people?cursor=c>; rel="next"' });
    const further = await aPerson().readPeoplePage(GRANTED, next);
    expect(further).toMatchObject({ next: `${ORIGIN}/v1/people?cursor=c` });
    expect([...further.people]).toHaveLength(1);
  });

  test.each([
    ["another host", "https://elsewhere.example/v1/people?cursor=b"],
    ["another host that looks like ours", `${ORIGIN}.elsewhere.example/v1/people`],
    ["another port", `${ORIGIN}:8443/v1/people?cursor=b`],
    ["plain http", "http://webex.example/v1/people?cursor=b"],
    ["itself", `${ORIGIN}${first}`],
    ["no address", "https://"],
  ])("with a next one at %s is refused", async (_where, address) => {
    const failure = await failureOf(pageOf([ana], `<${address}>; rel="next"`));
    expect(failure).toMatchObject({ status: 200, retryable: false });
    expect(failure.message).toContain("(link to the next page)");
  });

  test.each(["https://elsewhere.example/v1/people", "/v1/people", ""])(
    "is not asked for at %j",
    async (address) => {
      await expect(aPerson().readPeoplePage(GRANTED, address)).rejects.toThrow(
        "not an address of this API",
      );
    },
  );

  test.each([[{}], [{ items: {} }], [{ items: null }]])("is not %j", async (body) => {
    webex().get(first).reply(200, body);
    const failure = await failureOf(aPerson().readPeoplePage(GRANTED));
    expect(failure.message).toContain("(items)");
  });

  test.each([
    ["a bot", { type: "bot" }],
    ["a guest", { type: "appuser" }],
    ["something new", { type: "place" }],
    ["who cannot sign in", { loginEnabled: "false" }],
    ["who cannot sign in, as a boolean", { loginEnabled: false }],
    ["who has not taken the invitation", { invitePending: "true" }],
    ["without an id", { id: undefined }],
    ["with an empty id", { id: "" }],
    ["with an id of another type", { id: 7 }],
    ["with an id that is none", { id: "a\nb" }],
    ["with an endless id", { id: "x".repeat(501) }],
  ])("passes over %s, and counts it", async (_who, fields) => {
    const page = await pageOf([
      { ...ana, ...fields },
      { ...ana, id: "bo" },
    ]);
    expect(page).toMatchObject({ people: [undefined, { personId: "bo" }] });
  });

  test("passes over what is nobody at all", async () => {
    const page = await pageOf([null, 7, "ana", [], {}]);
    expect(page).toEqual({ people: Array(5).fill(undefined) });
  });

  test("needs no field but the id", async () => {
    expect(await pageOf([{ id: "x" }])).toEqual({
      people: [{ personId: "x", name: "", phones: [] }],
    });
  });

  test("takes no harm from fields of other types", async () => {
    const odd = { id: "x", emails: 7, displayName: [], phoneNumbers: {}, type: null };
    expect((await pageOf([odd])).people).toEqual([{ personId: "x", name: "", phones: [] }]);
  });

  test.each([
    [{ displayName: undefined }, "Ana Silva"],
    [{ displayName: " \u200b\0 " }, "Ana Silva"],
    [{ displayName: null, firstName: null }, "Silva"],
    [{ displayName: "", firstName: "", lastName: undefined }, "ana.silva@corp.example"],
    [{ displayName: "A\0na\n\u202e Silva\u0007" }, "Ana Silva"],
    [{ displayName: "x".repeat(100_000) }, "x".repeat(200)],
    [{ displayName: `${"x".repeat(199)}🚒` }, "x".repeat(199)],
    [{ displayName: "**Ana** <@all>" }, "**Ana** <@all>"],
  ])("gives a name of one line, of some length, for %#", async (fields, name) => {
    expect(await oneOf(fields)).toMatchObject({ name });
  });

  test.each([
    [undefined, undefined],
    [[], undefined],
    [[null, 7, "", "nobody"], undefined],
    [["nobody", "B@Corp.example"], "b@corp.example"],
    [[" b@corp.example\n"], "b@corp.example"],
    [["a b@corp.example"], undefined],
    [["a@b@corp.example"], undefined],
    [[`${"x".repeat(254)}@corp.example`, "b@corp.example"], "b@corp.example"],
  ])("has of the addresses %j %p", async (emails, email) => {
    const person = await oneOf({ emails });
    if (email === undefined) expect(person).not.toHaveProperty("email");
    else expect(person).toMatchObject({ email });
  });

  test.each([
    [undefined, []],
    [[null, 7, {}, { type: "work" }, { type: "work", value: " \0" }], []],
    [[{ type: "work", value: 408 }], []],
    [[{ value: "123" }], [{ type: "", value: "123" }]],
    [
      [{ type: "work_extension", value: "x 12\n34" }],
      [{ type: "work_extension", value: "x 12 34" }],
    ],
    [[{ type: "work", value: "9".repeat(9_999) }], [{ type: "work", value: "9".repeat(100) }]],
    [
      Array.from({ length: 500 }, () => ({ type: "fax", value: "1" })),
      Array.from({ length: 20 }, () => ({ type: "fax", value: "1" })),
    ],
  ])(
    "keeps numbers that cannot be dialled, up to a length and a count, for %#",
    async (phoneNumbers, phones) => {
      expect(await oneOf({ phoneNumbers })).toMatchObject({ phones });
    },
  );
});

describe("a meeting that is opened", () => {
  const meeting = {
    id: "870f51ff",
    meetingNumber: "2655 123 4567",
    password: "Ab3dEf9h",
    phoneAndVideoSystemPassword: "12345678",
    webLink: "https://corp.webex.com/corp/j.php?MTID=m0123",
    telephony: {
      accessCode: "26551234567",
      callInNumbers: [
        { label: "US Toll Free", callInNumber: "+1-800-555-0100", tollType: "tollFree" },
        { label: "US Toll", callInNumber: "+1-408-525-6800", tollType: "toll" },
        { label: "PT Toll", callInNumber: "+351-21-123", tollType: "toll" },
      ],
    },
  };
  const opened = {
    link: "https://corp.webex.com/corp/j.php?MTID=m0123",
    number: "26551234567",
    phone: "+14085256800",
    password: "12345678",
    source: "meeting",
    meeting: { id: "870f51ff" },
  };

  async function of(fields: object): Promise<unknown> {
    webex(json)
      .post("/v1/meetings", { adhoc: true, roomId: "space-1" })
      .reply(200, { ...meeting, ...fields });
    return aPerson().openMeeting(GRANTED, "space-1");
  }

  test("is the space's, with how to join it", async () => {
    expect(await of({})).toEqual(opened);
  });

  const { number, ...numberless } = opened;
  const { link, ...linkless } = opened;
  const { password, ...open } = opened;
  const { phone, ...phoneless } = opened;
  const calledAt = (...callInNumbers: unknown[]): object => ({
    telephony: { accessCode: number, callInNumbers },
  });
  const toll = { label: "x", tollType: "toll" };

  test.each([
    ["no telephony", { telephony: undefined }, phoneless],
    ["telephony that is nothing", { telephony: null }, phoneless],
    ["telephony of another type", { telephony: "none" }, phoneless],
    ["no access code", { telephony: { ...meeting.telephony, accessCode: undefined } }, opened],
    ["no numbers to call", calledAt(), phoneless],
    [
      "numbers of another type",
      { telephony: { accessCode: number, callInNumbers: "x" } },
      phoneless,
    ],
    ["a number without digits", calledAt({ ...toll, callInNumber: "see the link" }), phoneless],
    ["a number of another type", calledAt({ ...toll, callInNumber: 7 }), phoneless],
    [
      "a free number only",
      calledAt({ callInNumber: "+1 (800) 555.0100", tollType: "tollFree" }),
      { ...opened, phone: "+18005550100" },
    ],
    [
      "a number in words",
      calledAt({ ...toll, callInNumber: "+1-408-525-6800\next 7" }),
      { ...opened, phone: "+1-408-525-6800 ext 7" },
    ],
    ["no meeting number", { meetingNumber: undefined }, opened],
    [
      "neither code nor number",
      { meetingNumber: undefined, telephony: { callInNumbers: meeting.telephony.callInNumbers } },
      numberless,
    ],
    ["no link", { webLink: undefined }, linkless],
    ["a link that is none", { webLink: "corp.webex.com" }, linkless],
    ["a link that is a script", { webLink: "javascript:alert(1)" }, linkless],
    ["no password", { phoneAndVideoSystemPassword: undefined }, open],
    ["an empty password", { phoneAndVideoSystemPassword: "" }, open],
    ["a password that no phone can dial", { phoneAndVideoSystemPassword: "12ab" }, open],
    ["a password of another type", { phoneAndVideoSystemPassword: 12 }, open],
  ])("with %s", async (_what, fields, expected) => {
    expect(await of(fields)).toEqual(expected);
  });

  test("with nothing but an id is one that nobody can join", async () => {
    webex().post("/v1/meetings").reply(200, { id: "m" });
    expect(await aPerson().openMeeting(GRANTED, "space-1")).toEqual({
      source: "meeting",
      meeting: { id: "m" },
    });
    expect([link, password, phone]).not.toContain(undefined);
  });

  test.each([
    ["id", undefined],
    ["id", ""],
    ["id", 7],
    ["webLink", 7],
  ])("is not one where %s is %j", async (field, value) => {
    const failure = await failureOf(of({ [field]: value }));
    expect(failure).toMatchObject({ retryable: false, unclear: true });
    expect(failure.message).toBe(
      `Webex answered POST /v1/meetings in an unexpected shape (${field})`,
    );
  });
});

test.each([
  [204, ""],
  [200, "{}"],
])("a meeting is ended by %i", async (status, body) => {
  webex(json).post("/v1/meetings/m-1/end", {}).reply(status, body);
  await expect(aPerson().endMeeting(GRANTED, "m-1")).resolves.toBeUndefined();
});

describe("the participants of a meeting", () => {
  const first = "/v1/meetingParticipants?meetingId=m-1&max=100";

  test("are those of all pages, with where they are", async () => {
    const ana = { id: "m-1_1", displayName: "Ana\n Silva", email: "Ana@Corp.example" };
    webex()
      .get(first)
      .reply(
        200,
        { items: [{ ...ana, host: true, state: "joined" }] },
        { link: `<${ORIGIN}/v1/meetingParticipants?c=2>; rel="next"` },
      )
      .get("/v1/meetingParticipants?c=2")
      .reply(200, {
        items: [
          { id: "m-1_2", displayName: "+1 408", email: "", host: false, state: "lobby" },
          { id: "m-1_3", state: "end" },
          { id: "m-1_4", state: "breakoutSession", displayName: null, email: null },
          { id: "m-1_5", state: "elsewhere", displayName: 7, email: 7 },
          { id: "m-1_6", displayName: "x".repeat(9_999) },
        ],
      });
    expect(await aPerson().listParticipants(GRANTED, "m-1")).toEqual([
      {
        ...{ id: "m-1_1", name: "Ana Silva", email: "ana@corp.example" },
        ...{ isHost: true, state: "joined" },
      },
      { id: "m-1_2", name: "+1 408", isHost: false, state: "waiting" },
      { id: "m-1_3", name: "", isHost: false, state: "left" },
      { id: "m-1_4", name: "", isHost: false, state: "joined" },
      { id: "m-1_5", name: "", isHost: false },
      { id: "m-1_6", name: "x".repeat(200), isHost: false },
    ]);
  });

  test("cannot be told apart without ids", async () => {
    webex()
      .get(first)
      .reply(200, { items: [{ displayName: "Ana" }] });
    const failure = await failureOf(aPerson().listParticipants(GRANTED, "m-1"));
    expect(failure.message).toContain("(items.0.id)");
  });

  test("are let in a hundred at a time", async () => {
    const ids = Array.from({ length: 150 }, (_, n) => `m-1_${n}`);
    const asked: unknown[] = [];
    webex(json)
      .post("/v1/meetingParticipants/admit", (body: unknown) => asked.push(body) > 0)
      .times(2)
      .reply(204);
    await aPerson().admit(GRANTED, ids);
    const items = ids.map((participantId) => ({ participantId }));
    expect(asked).toEqual([{ items: items.slice(0, 100) }, { items: items.slice(100) }]);
  });

  describe("all who wait", () => {
    const waits = (...ids: string[]) => ({
      items: [
        { id: "m-1_0", state: "joined" },
        ...ids.map((id) => ({ id, state: "lobby" })),
        { id: "m-1_9", state: "end" },
      ],
    });
    const admits = (...ids: string[]) => ({
      items: ids.map((participantId) => ({ participantId })),
    });

    test("are let in, and nobody else", async () => {
      webex()
        .get(first)
        .reply(200, waits("m-1_1", "m-1_2"))
        .post("/v1/meetingParticipants/admit", admits("m-1_1", "m-1_2"))
        .reply(204);
      expect(await aPerson().admitWaiting(GRANTED, "m-1")).toBe(2);
    });

    test("are nobody where nobody waits, and in a meeting that nobody has begun", async () => {
      webex().get(first).reply(200, waits()).get(first).reply(404);
      expect(await aPerson().admitWaiting(GRANTED, "m-1")).toBe(0);
      expect(await aPerson().admitWaiting(GRANTED, "m-1")).toBe(0);
    });

    test("are looked for once more where somebody of them is gone", async () => {
      webex()
        .get(first)
        .reply(200, waits("m-1_1", "m-1_2"))
        .post("/v1/meetingParticipants/admit")
        .reply(404)
        .get(first)
        .reply(200, waits("m-1_2"))
        .post("/v1/meetingParticipants/admit", admits("m-1_2"))
        .reply(204);
      expect(await aPerson().admitWaiting(GRANTED, "m-1")).toBe(1);
    });

    test.each([403, 429, 503])("stay where they are after a %d", async (status) => {
      webex()
        .get(first)
        .reply(200, waits("m-1_1"))
        .post("/v1/meetingParticipants/admit")
        .reply(status);
      expect(await failureOf(aPerson().admitWaiting(GRANTED, "m-1"))).toMatchObject({ status });
      webex().get(first).reply(status);
      expect(await failureOf(aPerson().listParticipants(GRANTED, "m-1"))).toMatchObject({ status });
    });
  });

  test("are not let in where there are none", async () => {
    await expect(aPerson().admit(GRANTED, [])).resolves.toBeUndefined();
  });
});
