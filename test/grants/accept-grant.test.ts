import {
  createAcceptGrant,
  type AcceptGrantOptions,
  type AcceptOutcome,
  type ReturnFromWebex,
} from "../../src/grants/accept-grant";
import type { GrantKind, IssuedTokens } from "../../src/grants/grant";
import type { GrantRefusal, GrantStore } from "../../src/grants/ports";
import { scopesOf } from "../../src/grants/scopes";
import { aMoment, HOME_ORG, NOW } from "../support/builders";
import { MemoryDecisions } from "../support/bot-rig";
import {
  aGrant,
  anIssue,
  anOAuthState,
  DAY,
  oauthRefusal,
  recordingAnnouncements,
  webexFailure,
  without,
} from "../support/grant-builders";
import { recordingLog } from "../http/serving";

const back = { state: "the-state", code: "the-code" };

interface Rig {
  kind?: GrantKind;
  isLent?: boolean;
  taken?: Awaited<ReturnType<GrantStore["takeState"]>>;
  tokens?: IssuedTokens | Error;
  me?: { id: string; orgId: string; name: string } | Error;
  canListPeople?: boolean | Error;
  homeOrgId?: string | undefined;
}

function rig(parts: Rig = {}) {
  const { isLent = false, kind = "directory" } = parts;
  const decisions = new MemoryDecisions(undefined, aMoment());
  const announce = recordingAnnouncements();
  const { log, logged } = recordingLog();
  const calls: string[] = [];
  const reported: string[] = [];
  const answer = <T>(call: string, value: T | Error): Promise<T> => {
    calls.push(call);
    return value instanceof Error ? Promise.reject(value) : Promise.resolve(value);
  };
  const options: AcceptGrantOptions = {
    store: {
      takeState: (state) =>
        answer(`take ${state}`, parts.taken ?? { asked: anOAuthState({ kind, isLent }) }),
    },
    decisions,
    oauth: {
      exchange: (code, verifier) =>
        answer(`exchange ${code} ${verifier}`, parts.tokens ?? anIssue()),
    },
    check: {
      me: (token) =>
        answer(`me ${token}`, parts.me ?? { id: "ada", orgId: HOME_ORG, name: "Ada Obi" }),
      canListPeople: (token) => answer(`list ${token}`, parts.canListPeople ?? true),
    },
    announce,
    homeOrgId: () => ("homeOrgId" in parts ? parts.homeOrgId : HOME_ORG),
    log,
    report: (outcome) => reported.push(outcome),
  };
  const accept = createAcceptGrant(options);
  return { accept, announce, calls, decisions, logged, reported };
}

test("who is back from Webex, is who asked, and may list people, has given the directory", async () => {
  const { accept, announce, calls, decisions, reported } = rig();
  const outcome = await accept(back);
  const grant = { ...aGrant(), id: "id-1" };
  expect(outcome).toEqual({ kind: "granted", grant });
  expect(calls).toEqual([
    "take the-state",
    "exchange the-code the-verifier",
    "me access-1",
    "list access-1",
  ]);
  expect(decisions.triggers).toEqual([{ kind: "oauth", stateId: "state-1" }]);
  expect(decisions.changes).toEqual([
    { kind: "grant.saved", grant, tokens: { access: "access-1", refresh: "refresh-1" } },
    { kind: "directory.wanted", at: NOW, askedBy: "ada" },
  ]);
  expect([announce.told, reported]).toEqual([["ada granted directory"], ["granted"]]);
});

test.each([true, false])(
  "for meetings (lent: %s) nobody need be an administrator",
  async (isLent) => {
    const { accept, calls, decisions } = rig({ kind: "meetings", isLent, canListPeople: false });
    const outcome = await accept(back);
    expect(outcome).toMatchObject({ kind: "granted", grant: { kind: "meetings", isLent } });
    expect(calls).not.toContain("list access-1");
    expect(decisions.changes.map(({ kind }) => kind)).toEqual(["grant.saved"]);
  },
);

test("what Webex says of scopes and lives is kept", async () => {
  const scopes = [...scopesOf.directory, "spark:kms"];
  const tokens = without(anIssue({ scopes, accessExpiresAt: NOW + DAY }), "refreshExpiresAt");
  const { accept } = rig({ tokens });
  const outcome = (await accept(back)) as Extract<AcceptOutcome, { kind: "granted" }>;
  expect(outcome.grant).toMatchObject({ scopes, accessExpiresAt: NOW + DAY });
  expect(outcome.grant.refreshExpiresAt).toBeUndefined();
  expect(outcome.grant.dueAt).toBe(NOW + 0.75 * DAY);
});

test("whose directory grant is replaced is told", async () => {
  const { accept, announce, decisions } = rig();
  decisions.grants = { status: {}, directory: aGrant({ id: "old", personId: "cy" }) };
  await accept(back);
  expect(announce.told).toEqual(["ada granted directory, replacing cy"]);
});

const elsewhere = { id: "ada", orgId: "org-other", name: "Ada Obi" };
const bo = { id: "bo", orgId: HOME_ORG, name: "Bo Alm" };

const refusals: [what: string, refusal: GrantRefusal, parts: Rig, came?: ReturnFromWebex][] = [
  ["declines", { why: "cancelled" }, {}, { state: "s", error: "access_denied" }],
  [
    "is sent back with another error",
    { why: "webex-error", error: "invalid_scope" },
    {},
    { state: "s", error: "invalid_scope" },
  ],
  [
    "brings an error of their own making",
    { why: "webex-error", error: "unknown" },
    {},
    { state: "s", error: "<b>call +1 408 555 0100</b>" },
  ],
  [
    "comes with a wrong secret of ours",
    { why: "client" },
    { tokens: oauthRefusal("oauth-client") },
  ],
  ["brings a code that was used", { why: "code" }, { tokens: oauthRefusal("oauth-grant") }],
  ["comes while Webex is away", { why: "unreachable" }, { tokens: webexFailure() }],
  ["comes while Webex is ill", { why: "unreachable" }, { tokens: webexFailure(503) }],
  ["cannot be asked who they are", { why: "unreachable" }, { me: webexFailure(500) }],
  [
    "gave no right to ask who they are",
    { why: "missing-scope", missing: [] },
    { me: webexFailure(403) },
  ],
  ["is another person", { why: "other-person", openedBy: "Bo Alm" }, { me: bo }],
  [
    "is signed in with an account of another organisation",
    { why: "other-organisation" },
    { me: elsewhere },
  ],
  [
    "is another person, and of another organisation",
    { why: "other-organisation" },
    { me: { ...bo, orgId: "org-other" } },
  ],
  [
    "gave one scope less",
    { why: "missing-scope", missing: ["spark-admin:people_read"] },
    { tokens: anIssue({ scopes: ["spark:people_read", "spark:kms"] }) },
  ],
  ["is no administrator", { why: "not-admin" }, { canListPeople: false }],
  [
    "cannot be asked whether they list people",
    { why: "unreachable" },
    { canListPeople: webexFailure(429) },
  ],
];

test.each(refusals.map(([what, refusal, parts, came = back]) => ({ what, refusal, parts, came })))(
  "who $what gives nothing, is told so, and nothing is kept",
  async ({ refusal, parts, came }) => {
    const { accept, announce, decisions, logged, reported } = rig(parts);
    const { why } = refusal;
    const asked = { kind: "directory", isLent: false, personId: "ada", personName: "Ada Obi" };
    expect(await accept(came)).toEqual({ kind: "refused", asked, refusal });
    expect(decisions.triggers).toEqual([{ kind: "oauth", stateId: "state-1" }]);
    expect(decisions.changes).toEqual([]);
    expect([announce.told, reported]).toEqual([[`ada refused directory: ${why}`], [why]]);
    expect(logged).toContainEqual(expect.objectContaining({ msg: "a grant was not taken", why }));
    expect(JSON.stringify(logged)).not.toMatch(/(access|refresh)-1|the-(code|state|verifier)|408/);
  },
);

test("a wrong secret of ours is an error in the log that names the variables", async () => {
  const { accept, logged } = rig({ tokens: oauthRefusal("oauth-client") });
  await accept(back);
  expect(logged.filter(({ level }) => level === "error").map(({ msg }) => msg)).toEqual([
    expect.stringContaining("CLIENT_ID and CLIENT_SECRET"),
  ]);
});

test.each([
  ["other-person", bo],
  ["other-organisation", { ...bo, orgId: "org-other" }],
])(
  "a stranger (%s) who uses the link is told apart before anything else about the token is",
  async (why, me) => {
    const { accept, calls } = rig({ me, tokens: anIssue({ scopes: [] }), canListPeople: false });
    expect(await accept(back)).toMatchObject({ refusal: { why } });
    expect(calls).not.toContain("list access-1");
  },
);

describe("a link that opens nothing any more", () => {
  const asked = without(anOAuthState(), "verifier");

  test("because it is unknown, decides nothing and asks Webex nothing", async () => {
    const { accept, calls, decisions } = rig({ taken: { refused: { why: "unknown" } } });
    expect(await accept(back)).toEqual({ kind: "unknown" });
    expect([calls, decisions.triggers]).toEqual([["take the-state"], []]);
  });

  test("because it was used, tells nobody a second time", async () => {
    const { accept, announce, calls } = rig({ taken: { refused: { why: "used", asked } } });
    expect(await accept(back)).toEqual({ kind: "used", grant: "directory" });
    expect([calls, announce.told]).toEqual([["take the-state"], []]);
  });

  test("because it is too old, is told once, however often it is opened", async () => {
    const { accept, announce, calls } = rig({ taken: { refused: { why: "expired", asked } } });
    for (let times = 0; times < 2; times += 1)
      expect(await accept(back)).toMatchObject({ kind: "refused", refusal: { why: "expired" } });
    expect(calls).toEqual(["take the-state", "take the-state"]);
    expect(announce.told).toEqual(["ada refused directory: expired"]);
  });
});

test("before the bot knows its organisation the link is left as it is", async () => {
  const { accept, calls, reported } = rig({ homeOrgId: undefined });
  expect(await accept(back)).toEqual({ kind: "not-ready" });
  expect([calls, reported]).toEqual([[], ["not-ready"]]);
});

test("the same return decided twice gives one grant", async () => {
  const { accept, announce } = rig();
  await accept(back);
  expect(await accept(back)).toEqual({ kind: "used", grant: "directory" });
  expect(announce.told).toEqual(["ada granted directory"]);
});

test("a fault of ours is not taken for Webex's", async () => {
  const { accept } = rig({ me: new TypeError("no such method") });
  await expect(accept(back)).rejects.toThrow("no such method");
});
