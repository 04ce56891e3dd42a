import type { Effect } from "../../src/notify/outbox-row";
import { runEffect, type Talk } from "../../src/notify/run-effect";
import { ana, aMember, NOW, SPACE } from "../support/builders";
import { aFailure, aLobbyAdmit, aMeetingEnd, anEffectRow } from "../support/outbox-builders";

const post = { markdown: "Hello" };
const dan = aMember({ personId: "dan" });

/** Webex as it is when all is well; what was called is kept. */
function aTalk(overrides: Partial<Talk> = {}) {
  const calls: unknown[] = [];
  const note = (...call: unknown[]): void => void calls.push(call);
  const talk: Talk = {
    post: (to) => {
      note("post", to);
      return overrides.post?.(to, post) ?? Promise.resolve({ messageId: "m-1" });
    },
    edit: (spaceId, id, markdown) => {
      note("edit", spaceId, id, markdown);
      return Promise.resolve();
    },
    deleteMessage: (id) => {
      note("delete", id);
      return Promise.resolve();
    },
    addMember: (spaceId, who) => {
      note("add", spaceId, who);
      return overrides.addMember?.(spaceId, who) ?? Promise.resolve({ personId: "dan" });
    },
    getMembership: (spaceId, personId) => {
      note("look", spaceId, personId);
      return overrides.getMembership
        ? overrides.getMembership(spaceId, personId)
        : Promise.resolve(dan);
    },
    removeMember: (spaceId, personId) => {
      note("remove", spaceId, personId);
      return overrides.removeMember?.(spaceId, personId) ?? Promise.resolve("removed");
    },
    sendText: ({ id, keyNumber }, { to, text }) => {
      note("text", id, String(keyNumber), to, text);
      return Promise.resolve({ providerId: "m-1" });
    },
    endMeeting: (grantId, meetingId) => {
      note("end", grantId, meetingId);
      return overrides.endMeeting?.(grantId, meetingId) ?? Promise.resolve("ended");
    },
    admitWaiting: (hostPersonId, meetingId) => {
      note("admit", hostPersonId, meetingId);
      return overrides.admitWaiting?.(hostPersonId, meetingId) ?? Promise.resolve(3);
    },
  };
  return { talk, calls };
}

describe("a reply", () => {
  const toSpace = {
    kind: "reply",
    to: { kind: "space", spaceId: SPACE, fallbackPersonId: "ana" },
    post,
  } satisfies Effect;
  const refusesSpaces = (error: Error) => ({
    post: (to: { kind: string }) =>
      to.kind === "space" ? Promise.reject(error) : Promise.resolve({ messageId: "m-2" }),
  });

  test("goes where the person wrote", async () => {
    const { talk, calls } = aTalk();
    expect(await runEffect(anEffectRow(toSpace), talk, NOW)).toEqual({
      kind: "done",
      providerId: "m-1",
    });
    expect(calls).toEqual([["post", toSpace.to]]);
  });

  test("goes to the person directly where the bot may not write", async () => {
    const { talk, calls } = aTalk(refusesSpaces(aFailure({ status: 403 })));
    expect(await runEffect(anEffectRow(toSpace), talk, NOW)).toEqual({
      kind: "done",
      providerId: "m-2",
    });
    expect(calls.at(-1)).toEqual(["post", { kind: "person", personId: "ana" }]);
  });

  test("that fails otherwise is not sent elsewhere: it may be tried again", async () => {
    const failure = aFailure({ status: 503 });
    const { talk, calls } = aTalk(refusesSpaces(failure));
    await expect(runEffect(anEffectRow(toSpace), talk, NOW)).rejects.toBe(failure);
    expect(calls).toHaveLength(1);
  });

  test("that is for a space alone stays refused", async () => {
    const failure = aFailure({ status: 403 });
    const { talk, calls } = aTalk(refusesSpaces(failure));
    const effect: Effect = { kind: "reply", to: { kind: "space", spaceId: SPACE }, post };
    await expect(runEffect(anEffectRow(effect), talk, NOW)).rejects.toBe(failure);
    expect(calls).toHaveLength(1);
  });

  test("to a person who cannot be written to stays refused", async () => {
    const failure = aFailure({ status: 403 });
    const { talk } = aTalk({ post: () => Promise.reject(failure) });
    const effect: Effect = { kind: "reply", to: { kind: "person", personId: "ana" }, post };
    await expect(runEffect(anEffectRow(effect), talk, NOW)).rejects.toBe(failure);
  });
});

test("a message is edited", async () => {
  const { talk, calls } = aTalk();
  const effect: Effect = {
    kind: "message-edit",
    spaceId: SPACE,
    messageId: "m-9",
    markdown: "2 of 3 invited",
  };
  expect(await runEffect(anEffectRow(effect), talk, NOW)).toEqual({ kind: "done" });
  expect(calls).toEqual([["edit", SPACE, "m-9", "2 of 3 invited"]]);
});

test("a message is deleted", async () => {
  const { talk, calls } = aTalk();
  const effect: Effect = { kind: "message-delete", messageId: "m-9" };
  expect(await runEffect(anEffectRow(effect), talk, NOW)).toEqual({ kind: "done" });
  expect(calls).toEqual([["delete", "m-9"]]);
});

describe("a membership change", () => {
  const add: Effect = {
    kind: "membership-add",
    spaceId: SPACE,
    invitee: { by: "email", email: "dan@corp.example" },
    asker: ana,
  };
  const remove: Effect = { kind: "membership-remove", spaceId: SPACE, personId: "dan", asker: ana };

  const refusal = (reason: string) => ({
    kind: "membership",
    result: { kind: "refused", reason },
  });

  test("adds by e-mail and gives back the member as Webex knows them", async () => {
    const { talk, calls } = aTalk();
    expect(await runEffect(anEffectRow(add), talk, NOW)).toEqual({
      kind: "membership",
      result: { kind: "added", member: dan },
    });
    expect(calls).toEqual([
      ["add", SPACE, { email: "dan@corp.example" }],
      ["look", SPACE, "dan"],
    ]);
  });

  test("adds by person", async () => {
    const { talk, calls } = aTalk();
    const invitee = { by: "person", personId: "dan", name: "Dan" } as const;
    await runEffect(anEffectRow({ ...add, invitee }), talk, NOW);
    expect(calls[0]).toEqual(["add", SPACE, { personId: "dan" }]);
  });

  test("that Webex does not show afterwards is refused", async () => {
    const { talk } = aTalk({ getMembership: () => Promise.resolve(undefined) });
    expect(await runEffect(anEffectRow(add), talk, NOW)).toEqual(
      refusal("Webex does not show them as a member"),
    );
  });

  test("removes", async () => {
    const { talk, calls } = aTalk();
    expect(await runEffect(anEffectRow(remove), talk, NOW)).toEqual({
      kind: "membership",
      result: { kind: "removed" },
    });
    expect(calls).toEqual([["remove", SPACE, "dan"]]);
  });

  test("of somebody who is a moderator by now is refused", async () => {
    const { talk } = aTalk({ removeMember: () => Promise.resolve("moderator") });
    expect(await runEffect(anEffectRow(remove), talk, NOW)).toEqual(
      refusal("is a moderator and stays"),
    );
  });

  test("of somebody who left by themselves is done", async () => {
    const { talk } = aTalk({ removeMember: () => Promise.resolve("already") });
    expect(await runEffect(anEffectRow(remove), talk, NOW)).toEqual({
      kind: "membership",
      result: { kind: "removed" },
    });
  });

  test.each([
    [400, "Webex does not accept it"],
    [403, "Webex does not allow it"],
    [404, "Webex does not find them"],
    [401, "the provider does not accept my credentials"],
  ])("refused with %d is a result with its reason", async (status, reason) => {
    const failure = () => Promise.reject(aFailure({ status }));
    const { talk } = aTalk({ addMember: failure, removeMember: failure });
    expect(await runEffect(anEffectRow(add), talk, NOW)).toEqual(refusal(reason));
    expect(await runEffect(anEffectRow(remove), talk, NOW)).toEqual(refusal(reason));
  });

  test.each([undefined, 429, 500, 503])(
    "that failed with %s may be tried again",
    async (status) => {
      const failure = aFailure(status === undefined ? {} : { status });
      const { talk } = aTalk({
        addMember: () => Promise.reject(failure),
        removeMember: () => Promise.reject(failure),
      });
      await expect(runEffect(anEffectRow(add), talk, NOW)).rejects.toBe(failure);
      await expect(runEffect(anEffectRow(remove), talk, NOW)).rejects.toBe(failure);
    },
  );

  test("that had no answer until its time was over is refused without another call", async () => {
    const { talk, calls } = aTalk();
    for (const effect of [add, remove])
      expect(await runEffect(anEffectRow(effect, { expiresAt: NOW }), talk, NOW)).toEqual(
        refusal("Webex did not answer in time"),
      );
    expect(calls).toEqual([]);
  });

  test("that runs into a bug is no refusal", async () => {
    const bug = new Error("bug");
    const { talk } = aTalk({ addMember: () => Promise.reject(bug) });
    await expect(runEffect(anEffectRow(add), talk, NOW)).rejects.toBe(bug);
  });
});

describe("the end of a meeting", () => {
  const end = aMeetingEnd();
  const goesOn = (result: object) => ({ kind: "meeting-goes-on", result });

  test("is asked for with the grant that it was opened with", async () => {
    const { talk, calls } = aTalk();
    expect(await runEffect(anEffectRow(end), talk, NOW)).toEqual({ kind: "done" });
    expect(calls).toEqual([["end", "grant-1", "meeting-1"]]);
  });

  test("is nobody's to ask for once that grant is gone", async () => {
    const { talk } = aTalk({ endMeeting: () => Promise.resolve("no grant") });
    expect(await runEffect(anEffectRow(end), talk, NOW)).toEqual(goesOn({ why: "no grant" }));
  });

  test.each([
    [403, "Webex lets only its host do that"],
    [400, "Webex does not accept it"],
    [401, "the provider does not accept my credentials"],
  ])("refused with %d is a result with its reason", async (status, reason) => {
    const { talk } = aTalk({ endMeeting: () => Promise.reject(aFailure({ status })) });
    expect(await runEffect(anEffectRow(end), talk, NOW)).toEqual(
      goesOn({ why: "refused", reason }),
    );
  });

  test.each([undefined, 429, 503])("that failed with %s may be tried again", async (status) => {
    const failure = aFailure(status === undefined ? {} : { status });
    const { talk } = aTalk({ endMeeting: () => Promise.reject(failure) });
    await expect(runEffect(anEffectRow(end), talk, NOW)).rejects.toBe(failure);
  });

  test("that had no answer until its time was over is a result without another call", async () => {
    const { talk, calls } = aTalk();
    expect(await runEffect(anEffectRow(end, { expiresAt: NOW }), talk, NOW)).toEqual(
      goesOn({ why: "refused", reason: "Webex did not answer in time" }),
    );
    expect(calls).toEqual([]);
  });

  test("that runs into a bug is no result", async () => {
    const bug = new Error("bug");
    const { talk } = aTalk({ endMeeting: () => Promise.reject(bug) });
    await expect(runEffect(anEffectRow(end), talk, NOW)).rejects.toBe(bug);
  });
});

describe("letting in from a lobby", () => {
  const admit = aLobbyAdmit();
  const lobby = (result: object) => ({ kind: "lobby", result });
  const fails = (failure: Parameters<typeof aFailure>[0]) =>
    aTalk({ admitWaiting: () => Promise.reject(aFailure(failure)) }).talk;

  test("is asked for in the name of the meeting's host", async () => {
    const { talk, calls } = aTalk();
    expect(await runEffect(anEffectRow(admit), talk, NOW)).toEqual(
      lobby({ kind: "admitted", count: 3 }),
    );
    expect(calls).toEqual([["admit", ana.personId, "meeting-1"]]);
  });

  test("is nobody's to ask for once there is no grant of the host's", async () => {
    const { talk } = aTalk({ admitWaiting: () => Promise.resolve("no grant") });
    expect(await runEffect(anEffectRow(admit), talk, NOW)).toEqual(lobby({ kind: "no-grant" }));
  });

  test.each([
    [403, "Webex lets only its host do that"],
    [404, "Webex does not find them"],
    [401, "the provider does not accept my credentials"],
  ])("refused with %d is a result with its reason", async (status, reason) => {
    expect(await runEffect(anEffectRow(admit), fails({ status }), NOW)).toEqual(
      lobby({ kind: "refused", reason }),
    );
  });

  test("that Webex cannot do now is tried again while somebody waits for it", async () => {
    const row = anEffectRow(admit, { expiresAt: NOW + 30_000 });
    for (const failure of [{ status: 503 }, { status: 429, retryAfterMs: 29_000 }, {}])
      await expect(runEffect(row, fails(failure), NOW)).rejects.toThrow();
    for (const late of [
      await runEffect(row, fails({ status: 429, retryAfterMs: 30_000 }), NOW),
      await runEffect(row, fails({ status: 503 }), NOW + 30_000),
    ])
      expect(late).toEqual(
        lobby({ kind: "refused", reason: expect.stringMatching(/Webex|provider/) as string }),
      );
  });

  test("that runs into a bug is no result", async () => {
    const bug = new Error("bug");
    const { talk } = aTalk({ admitWaiting: () => Promise.reject(bug) });
    await expect(runEffect(anEffectRow(admit), talk, NOW)).rejects.toBe(bug);
  });
});
