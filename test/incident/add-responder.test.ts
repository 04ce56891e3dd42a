import {
  addKnownExternal,
  createExternal,
  membershipAdded,
  requestAdd,
} from "../../src/incident/add-responder";
import type { ReadState, SpaceState } from "../../src/incident/space-state";
import type { Responder } from "../../src/roster/responder";
import {
  ana,
  anEntry,
  anExternal,
  anIncident,
  aMember,
  aMoment,
  aPerson,
  aSettings,
  aSpace,
  aSpaceState,
  notifications,
  NOW,
  ofKind,
  sends,
  SPACE,
  timelineKinds,
} from "../support/builders";

const settings = aSettings();
const dan = { by: "email", email: "dan@corp.example" } as const;

describe("asking Webex to take somebody in", () => {
  test("writes only the effect: no roster, no record, no invite before Webex has answered", () => {
    const state = aSpaceState({ incident: anIncident() });
    expect(requestAdd(state, { invitee: dan, by: ana }, aMoment())).toEqual({
      changes: [
        {
          kind: "effect.queued",
          effect: {
            id: "id-1",
            effect: { kind: "membership-add", spaceId: SPACE, invitee: dan, asker: ana },
            spaceId: SPACE,
            dueAt: NOW,
            expiresAt: NOW + 10 * 60_000,
            priority: 1,
          },
        },
      ],
      result: { kind: "adding", who: "dan@corp.example" },
    });
  });

  test.each([
    ["by e-mail, however it is written", { by: "email", email: "BO@Corp.Example" }],
    ["by person", { by: "person", personId: "bo", name: "Bo" }],
  ] as const)("does nothing for who is there already, %s", (_what, invitee) => {
    expect(requestAdd(aSpaceState(), { invitee, by: ana }, aMoment())).toEqual({
      changes: [],
      result: { kind: "already-there", name: "Bo Alm" },
    });
  });

  test("is refused, with what to do, where the bot is not a moderator of a moderated space", () => {
    const state = aSpaceState({ botIsModerator: false });
    expect(() => requestAdd(state, { invitee: dan, by: ana }, aMoment())).toThrow(
      expect.objectContaining({
        name: "UserError",
        code: "bot-not-moderator",
        message: expect.stringContaining("Make moderator") as unknown,
      }) as Error,
    );
  });

  test("needs no moderator in a space without moderation", () => {
    const state = aSpaceState({ botIsModerator: false, space: aSpace({ isModerated: false }) });
    expect(requestAdd(state, { invitee: dan, by: ana }, aMoment()).result.kind).toBe("adding");
  });
});

describe("once Webex took somebody in", () => {
  const member = aMember({ personId: "dan", name: "Dan Ek" });
  const input = { spaceId: SPACE, member, by: ana, settings };

  function aReadState(known?: SpaceState, responders: Responder[] = []): ReadState {
    const byPerson = new Map(responders.map((one) => [one.personId ?? "", one]));
    return { responders: byPerson, ...(known ? { known } : {}) };
  }

  test("they are a member, a responder and on the roster; without an incident nothing is sent", () => {
    const { changes, result } = membershipAdded(aReadState(aSpaceState()), input, aMoment());
    expect(changes).toEqual([
      { kind: "member.saved", spaceId: SPACE, member },
      {
        kind: "responder.created",
        responder: {
          id: "id-1",
          kind: "internal",
          name: "Dan Ek",
          personId: "dan",
          email: "dan@corp.example",
          version: 1,
        },
        at: NOW,
      },
      {
        kind: "roster.set",
        spaceId: SPACE,
        responderId: "id-1",
        channels: { webex: true, sms: false, voice: false },
        at: NOW,
      },
    ]);
    expect(result).toEqual({ isInvited: false });
  });

  test("during an incident they are invited, and the record says who added them", () => {
    const state = aReadState(aSpaceState({ incident: anIncident() }));
    const { changes, result } = membershipAdded(state, input, aMoment());
    expect(result).toEqual({ isInvited: true });
    expect(sends(changes)).toEqual(["id-1 webex"]);
    expect(ofKind(changes, "timeline.added")[0]?.entry).toEqual({
      kind: "added",
      at: NOW,
      actor: "ana",
      payload: { name: "Dan Ek", by: "Ana Berg" },
    });
    expect(timelineKinds(changes)).toEqual(["added", "round-opened"]);
  });

  test("a person known from another space stays one responder", () => {
    const state = aReadState(aSpaceState(), [aPerson({ personId: "dan", id: "r-dan" })]);
    const { changes } = membershipAdded(state, input, aMoment());
    expect(ofKind(changes, "responder.created")).toEqual([]);
    expect(ofKind(changes, "roster.set")[0]?.responderId).toBe("r-dan");
  });

  test("who is on the roster already is not invited a second time, and keeps their channels", () => {
    const entry = anEntry(aPerson({ personId: "dan" }));
    const state = aReadState(aSpaceState({ incident: anIncident(), roster: [entry] }), [
      entry.responder,
    ]);
    const { changes, result } = membershipAdded(state, input, aMoment());
    expect(changes.map((change) => change.kind)).toEqual(["member.saved"]);
    expect(result).toEqual({ isInvited: false });
  });

  test("a bot becomes a member, never a responder", () => {
    const state = aReadState(aSpaceState({ incident: anIncident() }));
    const bot = { ...input, member: { ...member, isBot: true } };
    const { changes, result } = membershipAdded(state, bot, aMoment());
    expect(changes.map((change) => change.kind)).toEqual(["member.saved"]);
    expect(result).toEqual({ isInvited: false });
  });

  test("in a space that is not known any more they are kept, and nothing is sent", () => {
    const { changes, result } = membershipAdded(aReadState(), input, aMoment());
    expect(sends(changes)).toEqual([]);
    expect(result).toEqual({ isInvited: false });
  });
});

describe("somebody who has only a phone", () => {
  const external = { name: "Eve Dahl", mobile: "+14085550101" };
  const input = { external, addsHere: true, by: ana, settings };

  test("is saved and on the roster, with the channels on that there is a number for", () => {
    const { changes, result } = createExternal(aSpaceState(), input, aMoment());
    const responder = { id: "id-1", kind: "external", version: 1, ...external };
    expect(changes).toEqual([
      { kind: "responder.created", responder, at: NOW },
      {
        kind: "roster.set",
        spaceId: SPACE,
        responderId: "id-1",
        channels: { webex: false, sms: true, voice: false },
        at: NOW,
      },
    ]);
    expect(result).toEqual({ kind: "saved", responder, isAdded: true, isInvited: false });
  });

  test("is invited at once during an incident, on every channel they have", () => {
    const everything = { ...external, voice: "+14085550102", email: "eve@else.example" };
    const { changes, result } = createExternal(
      aSpaceState({ incident: anIncident() }),
      { ...input, external: everything },
      aMoment(),
    );
    expect(result).toMatchObject({ isAdded: true, isInvited: true });
    expect(sends(changes)).toEqual(["id-1 webex", "id-1 sms", "id-1 voice"]);
    expect(timelineKinds(changes)).toEqual(["added", "round-opened"]);
  });

  test("is not called invited where their channels are not set up", () => {
    const { changes, result } = createExternal(
      aSpaceState({ incident: anIncident() }),
      { ...input, settings: aSettings({ isSmsReady: false }) },
      aMoment(),
    );
    expect(result).toMatchObject({ isAdded: true, isInvited: false });
    expect(notifications(changes)).toEqual([]);
  });

  test("may be saved without being added here", () => {
    const { changes, result } = createExternal(
      aSpaceState({ incident: anIncident() }),
      { ...input, addsHere: false },
      aMoment(),
    );
    expect(changes.map((change) => change.kind)).toEqual(["responder.created"]);
    expect(result).toMatchObject({ kind: "saved", isAdded: false, isInvited: false });
  });

  test.each([
    ["not on this roster", [], false],
    ["on this roster", [anEntry(anExternal())], true],
  ])("whose number is known already is not kept twice: %s", (_what, roster, isOnRoster) => {
    const existing = anExternal();
    const state = { ...aSpaceState({ roster }), existing };
    expect(createExternal(state, input, aMoment())).toEqual({
      changes: [],
      result: { kind: "number-known", existing, isOnRoster },
    });
  });
});

describe("an external who exists already", () => {
  const input = { by: ana, settings };

  test("comes onto this roster and is invited during an incident", () => {
    const state = aSpaceState({ incident: anIncident() });
    const { changes, result } = addKnownExternal(state, anExternal(), input, aMoment());
    expect(ofKind(changes, "responder.created")).toEqual([]);
    expect(ofKind(changes, "roster.set")[0]).toMatchObject({
      responderId: "r-eve",
      channels: { webex: false, sms: true, voice: true },
    });
    expect(sends(changes)).toEqual(["r-eve sms", "r-eve voice"]);
    expect(result).toEqual({ isInvited: true });
  });

  test("is not added or invited twice", () => {
    const state = aSpaceState({ incident: anIncident(), roster: [anEntry(anExternal())] });
    expect(addKnownExternal(state, anExternal(), input, aMoment())).toEqual({
      changes: [],
      result: { isInvited: false },
    });
  });
});
