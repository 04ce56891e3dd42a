import { announceRoundClosed } from "../../src/bot/announce";
import { decideMembership } from "../../src/bot/membership-results";
import { switchChannels } from "../../src/incident/switch-channel";
import { renderMarkdown } from "../../src/sandbox/webex/markdown";
import {
  ana,
  anEntry,
  anExternal,
  anIncident,
  aMember,
  aMoment,
  aPerson,
  aProgressOf,
  aProgressState,
  aSettings,
  aSpaceState,
  NOW,
} from "../support/builders";
import { aRig, data, DIRECT } from "../support/bot-rig";
import { anEffectRow } from "../support/outbox-builders";

const NAME = "<@all> [x](http://y) **z**";

/** What a person reads, after checking that the name did nothing but be read. */
function read(markdown: string | undefined): string {
  const { mentionedGroups, mentionedPeople, html, text } = renderMarkdown(
    markdown ?? "",
    () => undefined,
  );
  expect({ mentionedGroups, mentionedPeople }).toEqual({
    mentionedGroups: [],
    mentionedPeople: [],
  });
  expect(html).not.toContain('href="http://y"');
  return text;
}

const mallory = aPerson({ personId: "mallory", name: NAME });
const incident = anIncident({ name: NAME });
const running = { incident, latest: incident };

const rosters = {
  one: [anEntry(mallory)],
  two: [anEntry(mallory), anEntry(aPerson({ personId: "other", name: NAME }))],
  moderator: [anEntry(mallory, { isModerator: true })],
  stopped: [anEntry(anExternal({ name: NAME, optOut: "stop" }))],
  off: [
    anEntry(anExternal({ name: NAME }), { channels: { webex: false, sms: false, voice: true } }),
  ],
};

test.each([
  ["has no number", rosters.one, `sms ${NAME} on`, "has no mobile number for texts"],
  ["has no number to call", rosters.one, `voice ${NAME} on`, "has no number for calls"],
  ["is one of several", rosters.two, `remind ${NAME}`, "Several people fit"],
  ["is one of several to be removed", rosters.two, `remove ${NAME}`, "Several people fit"],
  ["is nobody", [], `remind ${NAME}`, "I find nobody called"],
  ["is nobody to be switched", [], `sms ${NAME} on`, "I find nobody called"],
  ["is no address", [], `add ${NAME}`, "I cannot find"],
  ["cannot be texted", rosters.one, `text ${NAME} please call`, "has no number to text to"],
  ["has ended texts", rosters.stopped, `text ${NAME} please call`, "replied STOP"],
  ["has texts switched off", rosters.off, `text ${NAME} please call`, "switched off"],
  ["is one of several who come", rosters.two, `coming ${NAME}`, "Several people fit"],
  ["is nobody who comes", [], `coming ${NAME}`, "I find nobody called"],
  ["is a moderator", rosters.moderator, `remove ${NAME}`, "is a moderator of this space and stays"],
  ["names a running incident", [], "start incident x", "is already running here"],
  ["follows a mistyped command", [], `strat incident ${NAME}`, "Did you mean"],
])("somebody whose name %s is named and no more", async (_what, roster, line, says) => {
  const rig = aRig({ state: { ...running, roster } });
  await rig.says(`Muster ${line}`);
  expect(rig.said).toHaveLength(1);
  const text = read(rig.said[0]);
  expect(text).toContain(NAME);
  expect(text).toContain(says);
});

test("somebody who is marked as coming is named and no more", async () => {
  const progress = [aProgressOf(anEntry(mallory))];
  const rig = aRig({ state: { ...running, roster: rosters.one, progress } });
  await rig.says(`Muster coming ${NAME}`);
  expect(read(rig.said[0])).toBe(`Ana Berg: ${NAME} is coming.`);
});

test("an incident that somebody answers is named and no more", async () => {
  const progress = [aProgressOf(anEntry(mallory))];
  const rig = aRig({ state: { ...running, progress } });
  const called = { spaceId: incident.spaceId, isDrill: false, name: NAME };
  const invitation = { ...called, incidentId: incident.id, responderId: mallory.id, number: 42 };
  const directly = { spaceId: DIRECT, spaceKind: "direct" } as const;
  const who = { personId: "mallory" };
  rig.decisions.invitations = [invitation];
  for (const line of ["coming", "declined", "no idea", "coming 43"])
    await rig.says(line, who, directly);
  rig.decisions.invitations = [invitation, { ...invitation, number: 41 }];
  await rig.says("coming", who, directly);
  expect(rig.said).toHaveLength(5);
  for (const said of rig.said) expect(read(said)).toContain(NAME);
});

test("a command that is read late is named and no more", async () => {
  const rig = aRig();
  await rig.says(`Muster start incident ${NAME}`, ana, { at: NOW - 3_600_000 });
  expect(read(rig.said[0])).toContain(`You wrote start incident ${NAME}`);
});

test("who is in the space already is named and no more", async () => {
  const { members } = aSpaceState();
  const member = aMember({ personId: "mallory", name: NAME });
  const rig = aRig({ state: { members: [...members, member] } });
  await rig.says(`Muster add ${member.email}`);
  expect(read(rig.said[0])).toBe(`${NAME} is in this space already.`);
});

test("whose number is known is named and no more, also to the one who may add them", async () => {
  const rig = aRig();
  rig.decisions.existing = anExternal({ name: NAME });
  rig.withCard({ id: "card-form", kind: "external-form" });
  const form = { name: "Eve", mobile: "+1 408 555 0101", addHere: true };
  await rig.presses(data("roster.save-external", "card-form", form));
  expect(read(rig.said[0])).toContain(`it is ${NAME}'s`);
});

test("whom Webex does not remove is named and no more", async () => {
  const roster = [anEntry(mallory)];
  const rig = aRig({ state: { roster } });
  const effect = {
    kind: "membership-remove",
    spaceId: "space-payments",
    personId: "mallory",
  } as const;
  await decideMembership(
    rig.decisions,
    { botName: "Muster", settings: aSettings() },
    anEffectRow({ ...effect, asker: ana }),
    { kind: "refused", reason: "is a moderator and stays" },
    {
      id: "effect-1",
      leaseToken: "lease",
      state: "accepted",
      keyNumber: 1,
      unclearSince: null,
      maybeSent: false,
    },
  );
  expect(read(rig.said[0])).toBe(`${NAME} was not removed: is a moderator and stays.`);
});

test("whom nothing reached is named and no more", () => {
  const counts = {
    total: 1,
    invited: 0,
    reached: 0,
    coming: 0,
    declined: 0,
    inMeeting: 0,
    waiting: 0,
    answered: 0,
  };
  const changes = announceRoundClosed(
    aProgressState({ incident }),
    {
      kind: "closed",
      incident,
      openedBy: ana,
      counts: { ...counts, notReached: 1 },
      notReached: [{ responderId: "r-mallory", name: NAME, reason: NAME }],
      unanswered: [],
      isLastAutomatic: false,
    },
    { botName: "Muster", settings: aSettings() },
    aMoment(),
  );
  const posts = changes.flatMap((change) =>
    change.kind === "effect.queued" && change.effect.effect.kind === "reply"
      ? [change.effect.effect.post.markdown]
      : [],
  );
  expect(read(posts[1])).toContain(`${NAME} (${NAME})`);
});

test("a refusal's sentence is safe where it is made, not only where it is posted", () => {
  const sms = { channel: "sms", isOn: true, by: ana, hasDirectory: true } as const;
  const input = { ...sms, entries: [anEntry(mallory)] };
  expect(() => switchChannels(aSpaceState(), input, aMoment())).toThrow(
    "&lt;@all> \\[x\\](http://y) \\*\\*z\\*\\* has no mobile number",
  );
});
