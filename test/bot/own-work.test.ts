import type { Meetings } from "../../src/bot/find-conference";
import { OwnWork, type SpaceReader } from "../../src/bot/own-work";
import type { ProgressState } from "../../src/incident/space-state";
import type { Logger } from "../../src/log";
import {
  ana,
  aMeetingsGrant,
  aMember,
  anEntry,
  anExternal,
  anIncident,
  aMoment,
  aProgressState,
  aSettings,
  aSpace,
  aSpaceState,
  conferenceLookUp,
  HOME_ORG,
  NOW,
  ofKind,
  sends,
  SPACE,
  theBot,
} from "../support/builders";
import { MemoryDecisions, someGrants } from "../support/bot-rig";
import { janasGrant } from "../support/grant-samples";
import { aFailure } from "../support/outbox-builders";
import { ManualClock } from "../support/manual-clock";

const trigger = { kind: "inbox", id: "event-1", leaseToken: "lease" } as const;
const anasMembership = aMember({ ...ana, email: "ana@corp.example", isModerator: true });
const everybody = [theBot(), anasMembership, aMember()];
const dan = aMember({ personId: "dan", name: "Dan Ek" });

/** Ana lets the bot open meetings. */
const lends: Meetings = {
  findBasis: () =>
    Promise.resolve({ starterId: "ana", members: [{ personId: "ana", isModerator: true }] }),
  grantsOf: () => Promise.resolve([aMeetingsGrant()]),
  open: () => Promise.resolve({ link: "https://meet.example/adhoc", meeting: { id: "meeting-1" } }),
};

function aWork(
  state: ProgressState | undefined,
  overrides: Partial<SpaceReader> = {},
  meetings?: Meetings,
) {
  const warnings: string[] = [];
  const decisions = new MemoryDecisions(state, aMoment());
  const log: Logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: (_fields, msg) => void warnings.push(msg),
    error: () => undefined,
    child: () => log,
  };
  const work = new OwnWork({
    reader: {
      getSpace: () => Promise.resolve(aSpace()),
      listMembers: () => Promise.resolve(everybody),
      getMeetingInfo: () => Promise.resolve("ended"),
      ...overrides,
    },
    clock: new ManualClock(),
    decisions,
    ...(meetings ? { meetings } : {}),
    announcer: () => ({ botName: "Muster", settings: aSettings() }),
    grants: someGrants(decisions),
    mayActIn: ({ ownerOrgId }) => ownerOrgId === HOME_ORG,
    log,
  });
  return { work, decisions, warnings };
}

const idle: ProgressState = { ...aSpaceState(), progress: [], openRounds: new Set() };

function said(decisions: MemoryDecisions): string[] {
  return ofKind(decisions.changes, "effect.queued").flatMap(({ effect: { effect } }) =>
    effect.kind === "reply" ? [effect.post.markdown] : [],
  );
}

describe("reading a space", () => {
  const event = { kind: "reread-space", spaceId: SPACE } as const;

  test("for the first time takes it over and shows how ready it is", async () => {
    const { work, decisions } = aWork(undefined);
    await work.run(event, trigger, NOW);
    expect(ofKind(decisions.changes, "space.saved")).toHaveLength(1);
    expect(ofKind(decisions.changes, "card.written").map(({ card }) => card.kind)).toEqual([
      "ready",
    ]);
  });

  test.each([
    ["that another organisation owns", aSpace({ ownerOrgId: "org-other" })],
    ["that is a direct conversation", aSpace({ kind: "direct" })],
  ])("for the first time, one %s is not greeted", async (_what, space) => {
    const { work, decisions } = aWork(undefined, { getSpace: () => Promise.resolve(space) });
    await work.run(event, trigger, NOW);
    expect(ofKind(decisions.changes, "space.saved")).toHaveLength(1);
    expect(said(decisions)).toEqual([]);
  });

  test("in which nothing changed is not spoken of", async () => {
    const { work, decisions } = aWork(aProgressState());
    await work.run(event, trigger, NOW);
    expect(decisions.changes.map((change) => change.kind)).toEqual(["space.saved"]);
  });

  test("during an incident says in one line who came and who left", async () => {
    const { work, decisions } = aWork(aProgressState(), {
      listMembers: () => Promise.resolve([theBot(), anasMembership, dan]),
    });
    await work.run(event, trigger, NOW);
    expect(said(decisions)).toEqual([
      "Dan Ek joined and is told on Webex. Bo Alm left and is told nothing more.",
    ]);
    expect(sends(decisions.changes)).toEqual([expect.stringContaining("webex")]);
  });

  test("without an incident says nothing about who came", async () => {
    const { work, decisions } = aWork(idle, {
      listMembers: () => Promise.resolve([...everybody, dan]),
    });
    await work.run(event, trigger, NOW);
    expect(ofKind(decisions.changes, "roster.set")).toHaveLength(1);
    expect(said(decisions)).toEqual([]);
  });

  const onPhone = ["Dan", "Eli"].map((name) =>
    anExternal({ id: `r-${name}`, name, email: `${name.toLowerCase()}@corp.example` }),
  );
  const both = [dan, aMember({ personId: "eli", name: "Eli", email: "eli@corp.example" })];
  const known = onPhone.map((responder) => ({ responder, rosters: [] }));

  test.each([
    ["by itself", trigger],
    ["for a command", { kind: "reading" } as const],
  ])("during an incident says who of the roster are on Webex now: %s", async (_why, why) => {
    const roster = [...aProgressState().roster, ...onPhone.map((one) => anEntry(one))];
    const { work, decisions } = aWork(
      { ...aProgressState(), roster },
      { listMembers: () => Promise.resolve([...everybody, ...both]) },
    );
    decisions.externals = known;
    await work.reread(SPACE, why);
    expect(said(decisions)).toEqual([
      "Dan (Dan Ek), Eli, who had only a phone here, are on Webex now: one entry each, numbers kept.",
    ]);
  });

  test("without an incident says nothing of it", async () => {
    const roster = [...idle.roster, ...onPhone.map((one) => anEntry(one))];
    const { work, decisions } = aWork(
      { ...idle, roster },
      { listMembers: () => Promise.resolve([...everybody, ...both]) },
    );
    decisions.externals = known;
    await work.run(event, trigger, NOW);
    expect(ofKind(decisions.changes, "responder.joined")).toHaveLength(2);
    expect(said(decisions)).toEqual([]);
  });

  const gone: Partial<SpaceReader> = {
    getSpace: () => Promise.resolve(undefined),
    listMembers: () => Promise.reject(aFailure({ status: 404 })),
  };

  test("that is lost ends its incident and tells the starter", async () => {
    const { work, decisions } = aWork(aProgressState(), gone);
    await work.run(event, trigger, NOW);
    expect(ofKind(decisions.changes, "incident.stopped")[0]?.reason).toBe("space lost");
    expect(ofKind(decisions.changes, "space.gone")).toHaveLength(1);
    expect(said(decisions)).toEqual([expect.stringContaining("I am no longer in the space")]);
  });

  test("that is lost and was never known is finished", async () => {
    const { work, decisions } = aWork(undefined, gone);
    await work.run(event, trigger, NOW);
    expect(decisions.changes).toEqual([]);
    expect(decisions.triggers).toEqual([trigger]);
  });

  test.each([
    ["the space", { getSpace: gone.getSpace }],
    ["its members", { listMembers: gone.listMembers }],
  ])("of which Webex hides only %s is asked for again, and nothing ends", async (_what, reader) => {
    const { work, decisions } = aWork(aProgressState(), reader as Partial<SpaceReader>);
    await expect(work.run(event, trigger, NOW)).rejects.toMatchObject({
      failure: { retryable: true },
    });
    expect(decisions.changes).toEqual([]);
  });

  test("that cannot be read now is not taken for lost", async () => {
    const failure = aFailure({ status: 503 });
    const { work, decisions } = aWork(aProgressState(), {
      listMembers: () => Promise.reject(failure),
    });
    await expect(work.run(event, trigger, NOW)).rejects.toBe(failure);
    expect(decisions.triggers).toEqual([]);
  });
});

describe("looking for the conference", () => {
  const event = conferenceLookUp;
  const waiting = aProgressState({ openRounds: new Set(["round-1"]) });
  const released = { kind: "round.released", roundId: "round-1" };

  test("takes over what Webex says", async () => {
    const { work, decisions } = aWork(aProgressState(), {
      getMeetingInfo: () => Promise.resolve({ link: "https://meet.example/1" }),
    });
    await work.run(event, trigger, NOW);
    expect(ofKind(decisions.changes, "incident.conference")[0]?.conference).toEqual({
      link: "https://meet.example/1",
      source: "meeting-info",
    });
    expect(said(decisions)).toEqual([]);
  });

  test("remembers that Webex does not tell", async () => {
    const { work, decisions } = aWork(waiting);
    await work.run(event, trigger, NOW);
    expect(decisions.changes.map((change) => change.kind)).toEqual([
      "meeting-info.ended",
      "round.released",
    ]);
  });

  test("lets the round go when Webex cannot be asked, with a line in the log", async () => {
    const { work, decisions, warnings } = aWork(waiting, {
      getMeetingInfo: () => Promise.reject(aFailure({})),
    });
    await work.run(event, trigger, NOW);
    expect(decisions.changes).toEqual([released]);
    expect(warnings).toHaveLength(1);
  });

  test("a bug is not taken for Webex being ill", async () => {
    const { work } = aWork(aProgressState({ incident: anIncident() }), {
      getMeetingInfo: () => Promise.reject(new Error("bug")),
    });
    await expect(work.run(event, trigger, NOW)).rejects.toThrow("bug");
  });

  test("opens the meeting, and says so in the thread, once for the incident", async () => {
    const incident = anIncident({ threadMessageId: "message-9" });
    const { work, decisions } = aWork(aProgressState({ incident, latest: incident }), {}, lends);
    await work.run(event, trigger, NOW);
    expect(ofKind(decisions.changes, "incident.conference")[0]?.conference).toMatchObject({
      link: "https://meet.example/adhoc",
      source: "meeting",
      meeting: { id: "meeting-1", grantId: "grant-1", hostName: ana.name },
    });
    const [line] = ofKind(decisions.changes, "effect.queued");
    expect(line?.effect).toMatchObject({
      uniqueKey: "meeting:incident-1",
      effect: { to: { kind: "space", spaceId: SPACE, parentId: "message-9" } },
    });
    expect(said(decisions)).toEqual([
      "This is the meeting of this space, opened in the name of Ana Berg. People who dial in may wait in the lobby: open Participants, then Admit.",
    ]);
  });

  test("says once for the incident why no meeting was opened", async () => {
    const { work, decisions } = aWork(
      aProgressState(),
      {},
      {
        ...lends,
        open: () => Promise.reject(aFailure({ status: 403 })),
      },
    );
    await work.run(event, trigger, NOW);
    expect(ofKind(decisions.changes, "effect.queued")[0]?.effect.uniqueKey).toBe(
      "meeting-refused:incident-1",
    );
    expect(said(decisions)).toEqual([
      expect.stringMatching(/^Webex does not let Ana Berg open a meeting here: .* press Meet\./),
    ]);
  });

  test("of a space that is gone meanwhile is finished", async () => {
    const { work, decisions } = aWork(undefined);
    await work.run(event, trigger, NOW);
    expect(decisions.changes).toEqual([]);
    expect(decisions.triggers).toEqual([trigger]);
  });
});

describe("the copy of the directory", () => {
  const event = { kind: "clear-directory" } as const;
  const status = {
    syncedAt: NOW,
    counts: { people: 1, withoutEmail: 0, undialledNumbers: 0, skipped: 0 },
  };

  test("goes with the grant", async () => {
    const { work, decisions } = aWork(idle);
    decisions.grants = { status };
    await work.run(event, trigger, NOW);
    expect(decisions.grants.status).toEqual({});
    expect(decisions.triggers).toEqual([trigger]);
  });

  test("stays where a grant was given again meanwhile", async () => {
    const { work, decisions } = aWork(idle);
    decisions.grants = { status, directory: janasGrant() };
    await work.run(event, trigger, NOW);
    expect(decisions.grants.status).toEqual(status);
    expect(decisions.triggers).toEqual([trigger]);
  });
});
