import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import type { SpaceState } from "../incident/space-state";
import type { SpaceFacts } from "../roster/change";
import type { Member, RosterEntry } from "../roster/responder";
import type { Announcer } from "./announce";
import { greetSpace } from "./info-commands";
import type { ReadyFacts } from "./ready-facts";
import { say } from "./replies";

const PATIENCE_MS = 10 * 60_000;

/** The bot was just added to a space of which only this is known: how ready is it? */
export function greet(
  space: SpaceFacts,
  members: readonly Member[],
  announcer: Announcer & { facts: ReadyFacts },
  at: Moment,
): Change[] {
  const state = firstState(space, members, announcer.settings.botId);
  const { changes, post, cardId } = greetSpace(state, announcer, at);
  // Where only moderators may write, one of them gets to know.
  const moderator = members.find((member) => member.isModerator && !member.isBot);
  const to = {
    kind: "space" as const,
    spaceId: space.id,
    ...(moderator ? { fallbackPersonId: moderator.personId } : {}),
  };
  const note = { cardId };
  return [...changes, say(to, post, at, { note, isFollowing: true, patienceMs: PATIENCE_MS })];
}

function firstState(space: SpaceFacts, members: readonly Member[], botId: string): SpaceState {
  return {
    space,
    botIsModerator: members.some((one) => one.personId === botId && one.isModerator),
    members: [...members],
    roster: members.filter((member) => !member.isBot).map(entryOf),
    pendingMemberships: new Set<string>(),
    isForeignTold: false,
    recentPresses: [],
  };
}

function entryOf({ isModerator, name, personId }: Member): RosterEntry {
  return {
    responder: { id: personId, kind: "internal", name, personId, version: 1 },
    channels: { webex: true, sms: false, voice: false },
    isModerator,
  };
}
