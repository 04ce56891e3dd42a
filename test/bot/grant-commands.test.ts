import { announceGrants, announceSyncs } from "../../src/bot/announce-grants";
import type { GrantTools, Integration } from "../../src/bot/grant-tools";
import { ready } from "../../src/bot/views/ready";
import type { SyncFailure } from "../../src/directory/ports";
import { askGrant } from "../../src/grants/ask-grant";
import { GrantDeadError, type GrantRefusal } from "../../src/grants/ports";
import type { Change } from "../../src/incident/change";
import { refusalNote } from "../../src/incident/meeting-refusal";
import type { GrantsState } from "../../src/incident/space-state";
import type { Post } from "../../src/notify/notification";
import { ana, aMoment, bo, NOW, ofKind } from "../support/builders";
import {
  anaIsHere,
  aRig,
  boIsHere,
  data,
  deeds,
  DIRECT,
  type RigOptions,
} from "../support/bot-rig";
import { aReady } from "../support/card-builders";
import { janasGrant } from "../support/grant-samples";
import { aFailure } from "../support/outbox-builders";
import { linksOf } from "../support/story-cards";

const HOUR_MS = 3_600_000;
const directly = { spaceId: DIRECT, spaceKind: "direct" as const };
const counts = { people: 1_234, withoutEmail: 0, undialledNumbers: 0, skipped: 0 };
const status = { syncedAt: NOW - HOUR_MS, dueAt: NOW + HOUR_MS, counts };
const anasGrant = janasGrant({ ...ana, personName: ana.name });
const bosGrant = janasGrant({ ...bo, personName: bo.name });

interface Wish {
  grants?: GrantsState;
  tools?: RigOptions["grants"];
  people?: (typeof anaIsHere)[];
}

function aGrantRig({ grants = { status: {} }, tools, people }: Wish = {}) {
  const rig = aRig({ ...(people ? { people } : {}), ...(tools ? { grants: tools } : {}) });
  rig.decisions.grants = grants;
  return {
    rig,
    writes: (text: string, by: { personId: string } = ana, more = {}) =>
      rig.says(text, by, { ...directly, ...more }),
    presses: (action: string, kind: "authorize" | "directory" | "notice", payload: object) => {
      const card = { id: "card-x", kind, personId: "ana", payload: { ...payload } };
      rig.decisions.cards.set(card.id, card);
      return rig.presses(data(action, "card-x"), ana, { spaceId: DIRECT });
    },
  };
}

/** Nobody has registered the bot at Webex. */
const withoutIntegration: RigOptions["grants"] = (usual) => {
  const others: GrantTools = { ...usual };
  delete others.integration;
  return others;
};

function whereAdmins(isAdmin: Integration["isAdmin"]): RigOptions["grants"] {
  return (usual) => ({ ...usual, integration: { ...usual.integration, isAdmin } });
}

function answer({ answers }: ReturnType<typeof aRig>): Post {
  expect(answers).toHaveLength(1);
  return answers[0]!.post;
}

function statesIn(changes: readonly Change[]) {
  return ofKind(changes, "oauth-state.written").map(({ asked }) => asked);
}

describe("authorize", () => {
  test.each(["authorize", "Authorise", "authorize directory", "Muster authorize."])(
    "%s gives a link for the one who asked, for ten minutes",
    async (line) => {
      const { rig, writes } = aGrantRig();
      await writes(line);
      const { card, markdown } = answer(rig);
      expect(rig.answers[0]!.to).toEqual({ kind: "person", personId: "ana" });
      const [link] = linksOf(card!);
      expect(link).toEqual({ title: "Authorise", url: "https://webex.example/authorize?state=1" });
      expect(markdown).toContain(`[Authorise](${link!.url})`);
      expect(markdown).toContain("The link works until 03:20 UTC, once, and only for you.");
      expect(statesIn(rig.changes)).toEqual([
        expect.objectContaining({
          kind: "directory",
          isLent: false,
          personId: "ana",
          personName: "Ana Berg",
          expiresAt: NOW + 600_000,
        }),
      ]);
      expect(ofKind(rig.changes, "card.written")[0]!.card).toMatchObject({
        kind: "authorize",
        personId: "ana",
        payload: { kind: "directory" },
      });
    },
  );

  test("for meetings gives two links, one of them also for others' incidents", async () => {
    const { rig, writes } = aGrantRig();
    await writes("authorise meetings");
    const { card, markdown } = answer(rig);
    expect(linksOf(card!).map(({ title }) => title)).toEqual([
      "For my incidents",
      "Also when other moderators start",
    ]);
    expect(new Set(linksOf(card!).map(({ url }) => url)).size).toBe(2);
    expect(statesIn(rig.changes).map(({ isLent, kind }) => [kind, isLent])).toEqual([
      ["meetings", false],
      ["meetings", true],
    ]);
    expect(markdown).toContain("(spark:all)");
    expect(markdown).toContain("no smaller right");
    expect(markdown).toContain("revoke meetings");
  });

  test("for meetings is for who moderates a space, or is an operator", async () => {
    const { rig, writes } = aGrantRig();
    await writes("authorize meetings", bo);
    expect(answer(rig).markdown).toContain("people who moderate a space that I am in");
    expect(deeds(rig.changes)).toEqual([]);
    const other = aGrantRig({ people: [{ ...boIsHere, isOperator: true }] });
    await other.writes("authorize meetings", bo);
    expect(statesIn(other.rig.changes)).toHaveLength(2);
  });

  test.each(["authorize", "authorize meetings"])(
    "%s without an integration says who can set one up",
    async (line) => {
      const { rig, writes } = aGrantRig({ tools: withoutIntegration });
      await writes(line);
      expect(answer(rig).markdown).toContain("CLIENT_ID and CLIENT_SECRET");
      expect(deeds(rig.changes)).toEqual([]);
      expect(rig.refusals).toEqual(["command no-integration"]);
    },
  );

  test.each([
    ["authorize everything", "Write **authorize** for the directory"],
    ["authorize meetings for all", "Write **authorize** for the directory"],
    ["directory jose", "write **add** and the name in the space"],
    ["directory refresh now", "**directory refresh** to read it anew"],
    ["revoke everything", "Write **revoke** for the directory"],
    ["revoke meetings of bo", "Write **revoke** for the directory"],
  ])("%s does nothing", async (line, sentence) => {
    const { rig, writes } = aGrantRig({ grants: { status, directory: anasGrant } });
    await writes(line);
    expect(answer(rig).markdown).toContain(sentence);
    expect(deeds(rig.changes)).toEqual([]);
  });

  test("says what was given already", async () => {
    const { rig, writes } = aGrantRig({ grants: { status, directory: bosGrant } });
    await writes("authorize");
    expect(answer(rig).markdown).toContain("Bo Alm gave me this at");
    const meetings = janasGrant({ ...anasGrant, kind: "meetings", isLent: true, diedAt: NOW });
    const own = aGrantRig({ grants: { status, meetings } });
    await own.writes("authorize meetings");
    expect(answer(own.rig).markdown).toMatch(
      /You gave me this at .*, also for incidents of other moderators\. It does not work any more\./,
    );
  });

  test("says what went wrong last with a grant that was given already, and until when", async () => {
    const lastError = refusalNote({ why: "quota", until: NOW });
    const meetings = janasGrant({ ...anasGrant, kind: "meetings", lastError });
    const says = async (more: object): Promise<string> => {
      const { rig, writes } = aGrantRig({ grants: { status, meetings: { ...meetings, ...more } } });
      await writes("authorize meetings");
      return answer(rig).markdown;
    };
    expect(await says({ restsUntil: NOW + HOUR_MS })).toContain(
      "What went wrong last: Webex opens no more meetings for this person today; I do not ask again before 04:10 UTC. A new grant",
    );
    expect(await says({ lastError: "Webex answers 503" })).toContain(
      "What went wrong last: Webex answers 503. A new grant",
    );
    // The quota of another day is no news.
    expect(await says({ restsUntil: NOW })).not.toContain("went wrong");
  });

  test("asks for meetings only what it does with them", async () => {
    const { rig, writes } = aGrantRig();
    await writes("authorize meetings");
    const { markdown } = answer(rig);
    expect(markdown).toContain(
      "Open the meeting of an incident's space, look who is in it, let in who waits when a " +
        "moderator wants that, and end it",
    );
    expect(markdown).toContain(
      "when you start the incident and, if you choose so, also when another moderator starts one",
    );
  });

  test("is refused to people of another organisation", async () => {
    const { rig, writes } = aGrantRig({ people: [{ ...anaIsHere, orgId: "org-other" }] });
    for (const line of ["authorize", "authorize meetings", "revoke meetings"]) await writes(line);
    expect(rig.said).toHaveLength(3);
    for (const said of rig.said) expect(said).toContain("organisation that runs me");
    expect(deeds(rig.changes)).toEqual([]);
  });

  test("delivered twice asks once", async () => {
    const { rig, writes } = aGrantRig();
    const trigger = { kind: "inbox", id: "event-x", leaseToken: "lease" } as const;
    const wrote = { kind: "message", id: "m", personId: "ana", personEmail: "", at: NOW } as const;
    const message = { ...wrote, text: "authorize", ...directly };
    await rig.handle(message, trigger);
    await rig.handle(message, trigger);
    expect(statesIn(rig.changes)).toHaveLength(1);
    await writes("authorize");
    expect(statesIn(rig.changes)).toHaveLength(2);
  });

  test.each(["authorize", "Authorise", "directory", "directory refresh", "revoke meetings"])(
    "%s in a space is answered with where to write it",
    async (line) => {
      const { rig } = aGrantRig();
      await rig.says(`Muster ${line}`);
      expect(answer(rig).markdown).toContain("That works in a direct message to me");
      expect(deeds(rig.changes)).toEqual([]);
    },
  );
});

describe("New link", () => {
  test.each([
    ["authorize", "directory", 1],
    ["authorize", "meetings", 2],
    ["directory", "directory", 1],
    ["notice", "meetings", 2],
  ] as const)("on the card %s asks anew for %s", async (kind, grant, links) => {
    const { presses, rig } = aGrantRig();
    await presses("grants.new-link", kind, { kind: grant });
    expect(statesIn(rig.changes).map((asked) => asked.kind)).toEqual(Array(links).fill(grant));
  });

  test.each([{}, { kind: "everything" }])(
    "on a card that is about nothing (%j) is refused",
    async (payload) => {
      const { presses, rig } = aGrantRig();
      await presses("grants.new-link", "notice", payload);
      expect(deeds(rig.changes)).toEqual([]);
      expect(rig.said).toEqual([expect.stringContaining("used already, or is too old")]);
    },
  );

  test("is for the one whose card it is", async () => {
    const { rig } = aGrantRig();
    rig.decisions.cards.set("card-x", {
      ...{ id: "card-x", kind: "authorize", personId: "ana", payload: { kind: "directory" } },
    });
    await rig.presses(data("grants.new-link", "card-x"), bo, { spaceId: DIRECT });
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual(["This card is for somebody else."]);
  });
});

describe("who is an administrator", () => {
  const grants = { status, directory: bosGrant };
  test("is asked of Webex with the directory's grant", async () => {
    const asked: string[][] = [];
    const tools = whereAdmins((...about) => {
      asked.push(about);
      return Promise.resolve(true);
    });
    const { rig, writes } = aGrantRig({ grants, tools });
    await writes("directory");
    expect(asked).toEqual([["grant-1", "ana"]]);
    expect(answer(rig).markdown).toContain("**Connected**");
  });

  test("is whoever gave the grant, whatever Webex says", async () => {
    const tools = whereAdmins(() => Promise.reject(new GrantDeadError()));
    const { rig, writes } = aGrantRig({ grants, tools });
    await writes("directory", bo);
    expect(answer(rig).markdown).toContain("Granted by Bo Alm");
  });

  test("cannot be told where nobody gave a grant: it says how", async () => {
    const { rig, writes } = aGrantRig();
    for (const line of ["directory", "directory refresh", "revoke"]) await writes(line);
    expect(rig.said).toHaveLength(3);
    for (const said of rig.said)
      expect(said).toMatch(
        /not connected\. An administrator .* can connect it: write \*\*authorize/,
      );
    expect(deeds(rig.changes)).toEqual([]);
  });

  test.each([
    ["is dead", () => Promise.reject(new GrantDeadError())],
    ["is refused", () => Promise.reject(aFailure({ status: 403 }))],
    ["shows no roles any more, not even its giver's", () => Promise.resolve(false)],
  ])("cannot be told where the grant %s", async (_why, isAdmin) => {
    const { rig, writes } = aGrantRig({ grants, tools: whereAdmins(isAdmin) });
    await writes("revoke");
    expect(answer(rig).markdown).toMatch(/grant that Bo Alm gave me .* write \*\*authorize\*\*/);
    expect(deeds(rig.changes)).toEqual([]);
  });

  test("cannot be told while the integration is refused", async () => {
    const isAdmin = () => Promise.reject(aFailure({ status: 401, code: "oauth-client" }));
    const { rig, writes } = aGrantRig({ grants, tools: whereAdmins(isAdmin) });
    await writes("directory");
    expect(answer(rig).markdown).toContain("CLIENT_ID or CLIENT_SECRET");
  });

  test("is asked again later where Webex is away: nothing is answered yet", async () => {
    const isAdmin = () => Promise.reject(aFailure({ status: 503 }));
    const { rig, writes } = aGrantRig({ grants, tools: whereAdmins(isAdmin) });
    await expect(writes("revoke")).rejects.toThrow("a call failed");
    expect(rig.changes).toEqual([]);
  });
});

describe("directory", () => {
  const grants = { status, directory: anasGrant };

  test("shows age, counts, giver and the next reading", async () => {
    const { rig, writes } = aGrantRig({
      grants: {
        directory: anasGrant,
        status: {
          ...status,
          counts: { people: 1_234, withoutEmail: 1, undialledNumbers: 2, skipped: 3 },
        },
      },
    });
    await writes("directory");
    const { markdown } = answer(rig);
    for (const part of [
      "**Connected**",
      "1,234 people: Read at 02:10 UTC, 1 hour ago.",
      "1 person without an e-mail address",
      "2 numbers that I do not dial: Each is unreadable, premium-rate, or in a country that is not allowed.",
      "3 accounts left out",
      "Granted by Ana Berg",
      "Next reading at 04:10 UTC",
    ])
      expect(markdown).toContain(part);
    expect(ofKind(rig.changes, "card.written")[0]!.card.personId).toBe("ana");
  });

  test.each([
    [{ dueAt: NOW }, /Being read now/],
    [
      { ...status, lastError: "Webex answered no more", failedAt: NOW },
      /The last reading failed.*\n.*old copy with 1,234 people stays in use/,
    ],
    [{ dueAt: NOW + 1 }, /Connected, not read yet/],
  ])("says how it is: %j", async (now, pattern) => {
    const { rig, writes } = aGrantRig({ grants: { directory: anasGrant, status: now } });
    await writes("directory");
    expect(answer(rig).markdown).toMatch(pattern);
  });

  test("whose grant is dead cannot be refreshed", async () => {
    const dead = { ...anasGrant, diedAt: NOW };
    const { rig, writes } = aGrantRig({ grants: { status, directory: dead } });
    await writes("directory");
    expect(answer(rig).markdown).toContain("The grant does not work any more");
    expect(JSON.stringify(answer(rig).card)).not.toContain("directory.refresh");
    await writes("directory refresh");
    expect(rig.said.at(-1)).toContain("nothing can be read with it");
    expect(deeds(rig.changes)).toEqual([]);
  });

  test("refresh is wanted at once, by who asked, from the command and from the card", async () => {
    for (const ask of ["command", "press"]) {
      const { presses, rig, writes } = aGrantRig({ grants });
      if (ask === "command") await writes("refresh directory");
      else await presses("directory.refresh", "directory", { kind: "directory" });
      expect(ofKind(rig.changes, "directory.wanted")).toEqual([
        { kind: "directory.wanted", at: NOW, askedBy: "ana" },
      ]);
      expect(answer(rig).markdown).toContain("tell you here how it goes");
    }
  });

  test("that is being read is not asked for once more", async () => {
    const { rig, writes } = aGrantRig({ grants: { directory: anasGrant, status: { dueAt: NOW } } });
    await writes("directory refresh");
    expect(answer(rig).markdown).toContain("being read at this moment");
    expect(deeds(rig.changes)).toEqual([]);
  });

  const cutOff = { directory: anasGrant, status: { ...status, dueAt: NOW } };

  test("that is due without an integration is not read, and says so", async () => {
    const { rig, writes } = aGrantRig({ grants: cutOff, tools: withoutIntegration });
    await writes("directory");
    const { card, markdown } = answer(rig);
    expect(markdown).toMatch(
      /\*\*Not read any more\*\* {2}\nThe server has no Webex integration\. .* CLIENT_ID and CLIENT_SECRET again\. Until then the old copy with 1,234 people stays in use\./,
    );
    expect(markdown).not.toMatch(/Being read|Next reading/);
    expect(JSON.stringify(card)).not.toContain("directory.refresh");
    await writes("directory refresh");
    expect(rig.said.at(-1)).toContain("this server has no Webex integration");
    expect(deeds(rig.changes)).toEqual([]);
  });

  test("whose grant is not renewed for now says what Webex answers, and when it is tried again", async () => {
    const directory = { ...anasGrant, lastError: "Webex answers 503", dueAt: NOW + HOUR_MS };
    const { rig, writes } = aGrantRig({ grants: { status, directory } });
    await writes("directory");
    expect(answer(rig).markdown).toContain(
      "The grant could not be renewed: Webex answers 503; I try again at 04:10 UTC.",
    );
    const alone = aGrantRig({ grants: { status, directory }, tools: withoutIntegration });
    await alone.writes("directory");
    expect(answer(alone.rig).markdown).not.toContain("I try again");
  });
});

describe("revoke", () => {
  test("deletes the grant and the copy, and names both", async () => {
    for (const ask of ["command", "press"]) {
      const { presses, rig, writes } = aGrantRig({ grants: { status, directory: anasGrant } });
      if (ask === "command") await writes("revoke");
      else await presses("grants.revoke", "directory", { kind: "directory" });
      expect(deeds(rig.changes)).toEqual([
        "grant.revoked",
        "directory.unwanted",
        "own-event.queued",
      ]);
      expect(ofKind(rig.changes, "own-event.queued")[0]!.event).toEqual({
        kind: "clear-directory",
      });
      expect(answer(rig).markdown).toMatch(
        /^Your grant and my copy of the directory \(1,234 people\) are deleted\..* At Webex its token stays valid until it expires; you can end it sooner, on the profile page of your Webex account\.$/,
      );
    }
  });

  test("by another administrator tells who gave it", async () => {
    const { rig, writes } = aGrantRig({
      grants: { status, directory: bosGrant },
      tools: whereAdmins(() => Promise.resolve(true)),
    });
    await writes("revoke");
    expect(rig.answers.map(({ to }) => to)).toEqual([
      { kind: "space", spaceId: DIRECT },
      { kind: "person", personId: "bo" },
    ]);
    expect(rig.said[0]).toMatch(
      /^The grant of Bo Alm and my copy.*; who gave it can end it sooner/,
    );
    expect(rig.said[1]).toMatch(/^Ana Berg revoked the grant.*; you can end it sooner/);
  });

  test("works without an integration for who gave the grant", async () => {
    const { rig, writes } = aGrantRig({
      grants: { status, directory: anasGrant },
      tools: withoutIntegration,
    });
    await writes("revoke");
    expect(deeds(rig.changes)).toContain("grant.revoked");
  });

  test("of a grant that does not work any more speaks of no token", async () => {
    const directory = { ...anasGrant, diedAt: NOW };
    const { rig, writes } = aGrantRig({ grants: { status, directory } });
    await writes("revoke");
    expect(answer(rig).markdown).toMatch(/connects the directory again\.$/);
  });

  test("meetings deletes the own grant only", async () => {
    const meetings = { ...anasGrant, id: "grant-2", kind: "meetings" as const };
    const { rig, writes } = aGrantRig({ grants: { status, directory: anasGrant, meetings } });
    await writes("revoke meetings");
    expect(ofKind(rig.changes, "grant.revoked")).toEqual([
      { kind: "grant.revoked", grantId: "grant-2" },
    ]);
    expect(deeds(rig.changes)).toEqual(["grant.revoked"]);
    expect(answer(rig).markdown).toMatch(
      /At Webex its token stays valid until it expires; you can/,
    );
    const none = aGrantRig({ grants: { status, directory: anasGrant } });
    await none.writes("revoke meetings", bo);
    expect(answer(none.rig).markdown).toContain("nothing to revoke");
    expect(deeds(none.rig.changes)).toEqual([]);
  });
});

const at = aMoment();

function toldBy(changes: readonly Change[]): { to: string; markdown: string; post: Post }[] {
  return ofKind(changes, "effect.queued").map(({ effect: { effect } }) => {
    if (effect.kind !== "reply" || effect.to.kind !== "person") throw new Error("not direct");
    return { to: effect.to.personId, markdown: effect.post.markdown, post: effect.post };
  });
}

describe("what people are told of a grant", () => {
  const random = (size: number): Buffer => Buffer.alloc(size, 7);
  const authorizeUrl = () => "https://webex.example/authorize";
  const announce = announceGrants({
    ask: (wish, now) => askGrant(wish, { random, authorizeUrl }, now),
  });
  const wish = {
    kind: "directory",
    isLent: false,
    personId: "ana",
    personName: "Ana Berg",
  } as const;

  test("given: what happens next", () => {
    expect(toldBy(announce.granted(anasGrant, at))).toEqual([
      expect.objectContaining({
        to: "ana",
        markdown: expect.stringContaining("I read it now") as string,
      }),
    ]);
    const meetings = { ...anasGrant, kind: "meetings" as const };
    expect(toldBy(announce.granted(meetings, at))[0]!.markdown).toContain(
      "When you start an incident",
    );
    expect(toldBy(announce.granted({ ...meetings, isLent: true }, at))[0]!.markdown).toContain(
      "When you or another moderator start",
    );
  });

  test("in the place of another's: both hear of it, and nobody of their own", () => {
    const told = toldBy(announce.granted(anasGrant, at, bosGrant));
    expect(told.map(({ to }) => to)).toEqual(["ana", "bo"]);
    expect(told[1]!.markdown).toMatch(
      /^Ana Berg connected the directory anew\. Your grant is deleted/,
    );
    expect(announce.granted(anasGrant, at, anasGrant)).toHaveLength(1);
  });

  test.each<[GrantRefusal, RegExp]>([
    [{ why: "cancelled" }, /You did not allow it/],
    [{ why: "webex-error", error: "invalid_scope" }, /Webex refused with “invalid_scope”/],
    [{ why: "expired" }, /too old: it works for ten minutes/],
    [{ why: "client" }, /CLIENT_ID or CLIENT_SECRET/],
    [{ why: "code" }, /one-time code that Webex gave you was used up or too old/],
    [{ why: "webex-error", error: "server_error" }, /try again in a few minutes\.$/],
    [{ why: "webex-error", error: "temporarily_unavailable" }, /try again in a few minutes\.$/],
    [{ why: "other-person", openedBy: "Bo *Alm*" }, /Somebody else, Bo \\\*Alm\\\*, signed in/],
    [{ why: "other-organisation" }, /opened with an account of another organisation/],
    [
      { why: "missing-scope", missing: ["spark:people_read"] },
      /a right that I need: spark:people_read\./,
    ],
    [{ why: "missing-scope", missing: [] }, /a right that I need\. I kept nothing/],
    [{ why: "not-admin" }, /Ask an administrator/],
    [{ why: "unreachable" }, /Webex could not be reached/],
  ])("not given, since %j: why, and what to do next", (refusal, pattern) => {
    const changes = announce.refused(wish, refusal, at);
    const [told, ...more] = toldBy(changes);
    expect(more).toEqual([]);
    expect(told!.to).toBe("ana");
    expect(told!.markdown).toMatch(pattern);
    const [card] = ofKind(changes, "card.written");
    if (refusal.why === "not-admin") expect(card).toBeUndefined();
    else expect(card!.card).toMatchObject({ personId: "ana", payload: { kind: "directory" } });
  });

  test("dead: the way to a new one, for months of holidays", () => {
    for (const kind of ["directory", "meetings"] as const) {
      const changes = announce.died({ ...anasGrant, kind }, at);
      const [told] = toldBy(changes);
      expect(told!.markdown).toMatch(/Webex does not renew the grant that you gave at .* any more/);
      expect(linksOf(told!.post.card!)).toHaveLength(kind === "directory" ? 1 : 2);
      expect(statesIn(changes)).toHaveLength(kind === "directory" ? 1 : 2);
      const [card] = ofKind(changes, "card.written");
      expect(card!.card.expiresAt).toBe(NOW + 30 * 24 * HOUR_MS);
    }
  });
});

describe("what who waits for the directory is told when its grant is dead", () => {
  const announce = announceGrants({
    ask: (wish, now) =>
      askGrant(
        wish,
        { random: (size) => Buffer.alloc(size, 7), authorizeUrl: () => "https://w" },
        now,
      ),
  });

  test("why, what stays, and the way to a new one", () => {
    const changes = announce.died(anasGrant, at, { askedBy: "otto", syncedAt: 1, counts });
    expect(toldBy(changes).map(({ to }) => to)).toEqual(["ana", "otto"]);
    expect(toldBy(changes)[1]!.markdown).toMatch(
      /^The directory could not be read, because the grant does not work\. Until it is, the old copy with 1,234 people stays in use\. An administrator can authorise anew\./,
    );
    const [, card] = ofKind(changes, "card.written");
    expect(card!.card).toMatchObject({ personId: "otto", payload: { kind: "directory" } });
  });

  test("nothing, where nobody waits or only the giver does", () => {
    for (const status of [{}, { askedBy: "ana" }])
      expect(toldBy(announce.died(anasGrant, at, status)).map(({ to }) => to)).toEqual(["ana"]);
  });
});

describe("what people are told of reading the directory", () => {
  const announce = announceSyncs();
  const to = "ana";

  test("while it is read", () => {
    expect(announce.progress({ people: 12_000 })).toBe(
      "Reading the directory: 12,000 people so far.",
    );
    expect(announce.progress({ people: 1, waitsUntil: NOW })).toContain(
      "1 person so far. Webex is busy; I go on at 03:10 UTC.",
    );
  });

  test("when it is read", () => {
    const [told] = toldBy(announce.synced({ counts, dueAt: NOW + HOUR_MS }, to, at));
    expect(told).toMatchObject({ to: "ana" });
    expect(told!.markdown).toMatch(/^The directory is read: 1,234 people\. .* at 04:10 UTC\.$/);
    const messy = { ...counts, withoutEmail: 3, undialledNumbers: 1 };
    const [more] = toldBy(announce.synced({ counts: messy, dueAt: NOW }, to, at));
    expect(more!.markdown).toContain("3 people without an e-mail address");
    expect(more!.markdown).toContain(
      "1 number that I do not dial: unreadable, premium-rate, or in a country that is not allowed.",
    );
  });

  const failure: SyncFailure = {
    why: "no-answer",
    reason: "Webex answered no more at page 57",
    people: 56_000,
    dueAt: NOW + HOUR_MS,
    inUse: 1_234,
  };

  test.each<[Partial<SyncFailure>, RegExp, boolean]>([
    [
      {},
      /because Webex answered no more at page 57\. I stopped after 56,000 people\. Until it is, the old copy with 1,234 people stays in use\. I try again at 04:10 UTC\.$/,
      false,
    ],
    [{ why: "strange" }, /04:10 UTC\.$/, false],
    [{ why: "broken" }, /in the log\.$/, false],
    [{ why: "client" }, /CLIENT_ID and CLIENT_SECRET\.$/, false],
    [{ why: "grant" }, /An administrator can authorise anew\.$/, true],
    [{ why: "refused" }, /no administrator any more/, true],
  ])("when it failed: %j", (more, pattern, hasLink) => {
    const changes = announce.failed({ ...failure, ...more }, to, at);
    const [told, ...others] = toldBy(changes);
    expect(others).toEqual([]);
    expect(told!.markdown).toMatch(pattern);
    expect(ofKind(changes, "card.written")).toHaveLength(hasLink ? 1 : 0);
  });

  test("when the first one failed", () => {
    const first = { why: "strange", reason: "its pages make no sense", people: 0 } as const;
    expect(toldBy(announce.failed(first, to, at))[0]!.markdown).toBe(
      "The directory could not be read, because its pages make no sense. Until it is, people are added by their full e-mail address.",
    );
  });
});

describe("readiness", () => {
  const facts = {
    hasIntegration: true,
    directory: status,
    directoryGrant: anasGrant,
    meetings: [],
  };
  const meetings = janasGrant({ ...anasGrant, kind: "meetings" });

  test.each([
    [
      { hasIntegration: false, directory: {}, meetings: [] },
      /\*\*Note\*\*: The directory is not connected.*The administrator of the server/,
    ],
    [{ hasIntegration: true, directory: {}, meetings: [] }, /not connected.*\*\*authorize\*\*/],
    [
      { ...facts, directory: { dueAt: NOW } },
      /\*\*Note\*\*: Directory: connected, and being read\./,
    ],
    [facts, /\*\*OK\*\*: Directory: 1,234 people, read 1 hour ago\./],
    [
      { ...facts, directory: { ...status, lastError: "x" } },
      /\*\*To do\*\*: Directory: it could not be read; 1,234 people, read 1 hour ago/,
    ],
    [
      { ...facts, hasIntegration: false, directory: { ...status, dueAt: NOW } },
      /\*\*To do\*\*: Directory: not read any more, since the server has no Webex integration; 1,234 people, read 1 hour ago\. .*CLIENT_ID and CLIENT_SECRET again/,
    ],
    [
      { ...facts, directory: { dueAt: NOW + 1 } },
      /\*\*Note\*\*: Directory: connected, not read yet\./,
    ],
    [
      { ...facts, directoryGrant: { ...anasGrant, diedAt: NOW } },
      /\*\*To do\*\*: Directory: the grant does not work any more/,
    ],
  ])("says of the directory what is known: %#", (known, pattern) => {
    expect(ready(aReady({ now: NOW, facts: known })).markdown).toMatch(pattern);
  });

  test.each([
    [
      { conference: "none" as const, facts },
      /\*\*To do\*\*: No conference.*\*\*authorize meetings\*\*/,
    ],
    [
      { conference: "none" as const, facts: { ...facts, meetings: [meetings] } },
      /\*\*Note\*\*: Conference: if Ana Berg starts, this space's meeting is opened in Ana Berg's name; otherwise people are told to open the space and press Meet\. A moderator can lend theirs for all: they write \*\*authorize meetings\*\* to me directly\./,
    ],
    [
      {
        conference: "none" as const,
        facts: { ...facts, meetings: [{ ...meetings, isLent: true }] },
      },
      /\*\*OK\*\*: Conference: whoever starts, this space's meeting is opened in the name of Ana Berg\./,
    ],
    [
      { conference: "bridge" as const, facts: { ...facts, meetings: [meetings] } },
      /\*\*OK\*\*: Conference: the one that was set/,
    ],
  ])("says of the conference who lends theirs: %#", (overrides, pattern) => {
    expect(ready(aReady({ now: NOW, ...overrides })).markdown).toMatch(pattern);
  });

  const quota = { lastError: refusalNote({ why: "quota", until: NOW }), isLent: true };
  const others = { ...meetings, id: "grant-3", personId: "bo", personName: bo.name };
  const noneBefore =
    "No meeting is opened in the name of Ana Berg before 04:10 UTC: Webex opens no more meetings for this person today.";
  const notAllowed =
    "Last time no meeting could be opened in the name of Ana Berg: Webex did not let this person open a meeting.";

  test.each([
    [
      "the only one's quota is used up",
      [{ ...meetings, ...quota, restsUntil: NOW + HOUR_MS }],
      `**To do**: Conference: people are told to open the space and press Meet. ${noneBefore} A moderator can lend theirs`,
    ],
    [
      "one's quota is used up, another's is not",
      [
        { ...meetings, ...quota, restsUntil: NOW + HOUR_MS },
        { ...others, isLent: true },
      ],
      `**OK**: Conference: whoever starts, this space's meeting is opened in the name of Bo Alm. ${noneBefore}`,
    ],
    [
      "the quota is full again",
      [{ ...meetings, ...quota, restsUntil: NOW }],
      "**OK**: Conference: whoever starts, this space's meeting is opened in the name of Ana Berg.",
    ],
    [
      "Webex did not allow it last time",
      [{ ...meetings, isLent: true, lastError: refusalNote({ why: "not-allowed" }) }],
      `**To do**: Conference: whoever starts, this space's meeting is opened in the name of Ana Berg. ${notAllowed} A moderator`,
    ],
    [
      "some lend theirs and some do not",
      [{ ...meetings, isLent: true }, others],
      "**OK**: Conference: whoever starts, this space's meeting is opened in the name of Ana Berg, or in their own if Bo Alm starts.",
    ],
    [
      "several open it for themselves",
      [meetings, others],
      "**Note**: Conference: if one of Ana Berg, Bo Alm starts, this space's meeting is opened in their name; otherwise people",
    ],
  ])("says of the conference what Webex refuses where %s", (_what, grants, says) => {
    const { markdown } = ready(
      aReady({ now: NOW, conference: "none", facts: { ...facts, meetings: grants } }),
    );
    expect(markdown).toContain(says);
    if (says.endsWith("Ana Berg.")) expect(markdown).not.toContain("no more meetings");
  });

  test("asked for in a space looks at its moderators", async () => {
    const { rig } = aGrantRig({ grants: { status, directory: anasGrant, meetings } });
    await rig.says("Muster ready", bo);
    expect(answer(rig).markdown).toContain("if Ana Berg starts, this space's meeting");
    expect(answer(rig).markdown).toContain("Directory: 1,234 people");
  });
});

describe("help", () => {
  test("offers to connect a directory that nobody connected", async () => {
    const { rig, writes } = aGrantRig();
    await writes("help");
    expect(JSON.stringify(answer(rig).card)).toContain("Connect the directory");
    expect(ofKind(rig.changes, "card.written")[0]!.card).toMatchObject({
      kind: "help",
      payload: { kind: "directory" },
    });
  });

  test("offers nothing that is there, or cannot be", async () => {
    const connected = aGrantRig({ grants: { status, directory: anasGrant } });
    await connected.writes("help");
    expect(answer(connected.rig).markdown).toContain("**authorize");
    expect(JSON.stringify(answer(connected.rig).card)).not.toContain("Connect the directory");
    const without = aGrantRig({ tools: withoutIntegration });
    await without.writes("help");
    expect(answer(without.rig).markdown).not.toContain("authorize");
  });
});
