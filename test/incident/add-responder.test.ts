import { addKnownExternals } from "../../src/incident/add-externals";
import { createExternal } from "../../src/incident/create-external";
import { membershipAdded } from "../../src/incident/membership-added";
import { requestAdd } from "../../src/incident/add-responder";
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

describe("once Webex took in", () => {
  const eve = anExternal({ email: "eve@corp.example" });
  const member = aMember({ personId: "eve", email: "eve@corp.example", name: "Eve on Webex" });
  const input = { spaceId: SPACE, member, by: ana, settings };

  function added(known: SpaceState, more: object = {}, responders = new Map<string, Responder>()) {
    const externals = new Map([["eve@corp.example", [eve]]]);
    return membershipAdded({ known, responders, externals }, { ...input, ...more }, aMoment());
  }

  test("an external of the roster, they are that person, and told nothing twice", () => {
    const state = aSpaceState({ incident: anIncident(), roster: [anEntry(eve)] });
    const { changes, result } = added(state);
    expect(changes.map(({ kind }) => kind)).toEqual([
      "member.saved",
      "responder.joined",
      "responder.renamed",
      "roster.set",
      "timeline.added",
    ]);
    const nowOnWebex = { name: "Eve on Webex", knownAs: "Eve Dahl" };
    expect(result).toEqual({ isInvited: false, nowOnWebex });
  });

  test("an external of the roster without Webex, they are invited there alone", () => {
    const channels = { webex: false, sms: true, voice: true };
    const roster = [anEntry(eve, { channels })];
    const { changes } = added(aSpaceState({ incident: anIncident(), roster }));
    expect(sends(changes)).toEqual(["r-eve webex"]);
    expect(ofKind(changes, "roster.set").at(-1)?.channels).toEqual({ ...channels, webex: true });
  });

  test.each([
    ["known by the address", new Map<string, Responder>()],
    ["joined elsewhere", new Map([["eve", { ...eve, personId: "eve" }]])],
  ])("an external of another roster, %s, their phone is off here", (_how, responders) => {
    const { changes, result } = added(aSpaceState({ incident: anIncident() }), {}, responders);
    expect(sends(changes)).toEqual(["r-eve webex"]);
    expect(ofKind(changes, "roster.set")).toMatchObject([
      { responderId: "r-eve", channels: { webex: true, sms: false, voice: false } },
    ]);
    expect(ofKind(changes, "responder.created")).toEqual([]);
    expect(result).toEqual({ isInvited: true });
  });

  test("one of the team, they get their channels back, as far as there is a number", () => {
    const cleo = aPerson({ personId: "eve", id: "r-cleo", mobile: "+14085550103" });
    const { changes } = membershipAdded(
      { known: aSpaceState(), responders: new Map([["eve", cleo]]) },
      { ...input, channels: { webex: true, sms: true, voice: true } },
      aMoment(),
    );
    expect(ofKind(changes, "roster.set")[0]?.channels).toEqual({
      webex: true,
      sms: true,
      voice: false,
    });
  });

  test("somebody at their own wish, they are told on Webex like anybody who comes", () => {
    const state = aSpaceState({ incident: anIncident() });
    const { changes, result } = added(state, { by: { personId: "eve", name: "Eve" } });
    expect(sends(changes)).toEqual(["r-eve webex"]);
    expect(ofKind(changes, "round.opened")[0]?.round).toMatchObject({
      trigger: "join",
      openedBy: ana,
    });
    expect(result.isInvited).toBe(true);
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
    const { changes, result } = addKnownExternals(state, [anExternal()], input, aMoment());
    expect(ofKind(changes, "responder.created")).toEqual([]);
    expect(ofKind(changes, "roster.set")[0]).toMatchObject({
      responderId: "r-eve",
      channels: { webex: false, sms: true, voice: true },
    });
    expect(sends(changes)).toEqual(["r-eve sms", "r-eve voice"]);
    expect(result.invited).toMatchObject({ people: 1 });
  });

  test("is not added or invited twice", () => {
    const state = aSpaceState({ incident: anIncident(), roster: [anEntry(anExternal())] });
    expect(addKnownExternals(state, [anExternal()], input, aMoment())).toEqual({
      changes: [],
      result: { added: [], already: [anExternal()], invited: undefined },
    });
  });

  test("several come in one round, and who was there stays as they are", () => {
    const finn = anExternal({ id: "r-finn", name: "Finn" });
    delete finn.voice;
    const gil = anExternal({ id: "r-gil", name: "Gil" });
    const state = aSpaceState({ incident: anIncident(), roster: [anEntry(anExternal())] });
    const all = [anExternal(), finn, gil];
    const { changes, result } = addKnownExternals(state, all, input, aMoment());
    expect(ofKind(changes, "round.opened")).toHaveLength(1);
    expect(sends(changes)).toEqual(["r-finn sms", "r-gil sms", "r-gil voice"]);
    expect(timelineKinds(changes)).toEqual(["added", "added", "round-opened"]);
    expect(result).toEqual({
      added: [finn, gil],
      already: [anExternal()],
      invited: { people: 2, webex: 0, sms: 2, voice: 1, unreachable: [] },
    });
  });

  test("where no incident runs nobody is told", () => {
    const { changes, result } = addKnownExternals(aSpaceState(), [anExternal()], input, aMoment());
    expect(changes.map(({ kind }) => kind)).toEqual(["roster.set"]);
    expect(result.invited).toBeUndefined();
  });
});
