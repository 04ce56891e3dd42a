import { UserError } from "../errors";
import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import { chooseConference } from "../incident/conference";
import { setBridge } from "../incident/set-bridge";
import type { IncidentSettings } from "../incident/settings";
import type { SpaceState } from "../incident/space-state";
import type { Post } from "../notify/notification";
import { MOST_OF_LINK, parseBridge } from "./arguments";
import { aboutGrants } from "./directory-command";
import { aboutNewLink } from "./grant-links";
import { readyFacts, type ReadyFacts } from "./ready-facts";
import { cardDirectly, newCard, reply, replyCard, replyText } from "./replies";
import { dryCounts, postStatus } from "./status-post";
import { offeringTell } from "./tell-commands";
import { aboutOf, personOf, type Turn } from "./turn";
import { help, helpDirect } from "./views/help";
import { ready, type ReadyInput } from "./views/ready";
import { bridgeTooLong, bridgeUsage } from "./views/sentences";

/** `help` in a space. */
export async function helpInSpace(turn: Turn): Promise<void> {
  const { actor, tools } = turn;
  await tools.decisions.inSpace(turn.trigger, aboutOf(turn), (state, at) => ({
    changes: replyCard(
      turn,
      "help",
      (cardId) =>
        help({
          cardId,
          botName: tools.botName,
          isModerator: actor.isModerator || actor.isOperator,
          isModerated: state.space.isModerated,
          canStart: (actor.isModerator || actor.isOperator) && !state.incident,
          ...(state.incident ? { incident: state.incident } : {}),
        }),
      at,
    ),
    result: undefined,
  }));
}

/** `help` in a direct message. */
export async function helpDirectly(turn: Turn): Promise<void> {
  const { botName, decisions, grants, numbers } = turn.tools;
  const hasIntegration = grants.integration !== undefined;
  await decisions.forGrants(turn.trigger, aboutGrants(turn), (state, at) => {
    const canConnect = hasIntegration && !state.directory;
    const view = (cardId: string) =>
      helpDirect({ cardId, botName, numbers, hasIntegration, canConnect });
    const changes = canConnect
      ? cardDirectly(turn, "help", view, at, aboutNewLink("directory"))
      : [reply(turn, view(""), at)];
    return { changes, result: undefined };
  });
}

/** `status`: the card anew, the old one goes. */
export async function status(turn: Turn): Promise<void> {
  const { settings, botName } = turn.tools;
  await turn.tools.decisions.withProgress(turn.trigger, aboutOf(turn), (state, at) => ({
    changes: postStatus(
      state,
      { botName, settings, isAnswer: true, fallbackPersonId: turn.actor.personId },
      at,
    ),
    result: undefined,
  }));
}

/** `ready`. */
export async function readiness(turn: Turn): Promise<void> {
  const { grants } = turn.tools;
  const facts = await readyFacts(grants, await grants.moderatorsOf(turn.spaceId));
  await turn.tools.decisions.inSpace(turn.trigger, aboutOf(turn), (state, at) => {
    const { botName, settings } = turn.tools;
    const changes = replyCard(
      turn,
      "ready",
      (cardId) => readyPost(state, { cardId, botName, settings, facts }, at),
      at,
    );
    return { changes, result: undefined };
  });
}

/** The readiness card for the space itself, when the bot was just added to it. */
export function greetSpace(
  state: SpaceState,
  { botName, facts, settings }: Omit<ReadyPostInput, "cardId">,
  at: Moment,
): { changes: Change[]; post: Post; cardId: string } {
  const card = newCard("ready", { spaceId: state.space.id }, at);
  const post = readyPost(state, { cardId: card.id, botName, settings, facts }, at);
  return { changes: [card.change], post, cardId: card.id };
}

interface ReadyPostInput {
  cardId: string;
  botName: string;
  settings: IncidentSettings;
  facts: ReadyFacts;
}

function readyPost(
  state: SpaceState,
  { cardId, botName, facts, settings }: ReadyPostInput,
  at: Moment,
): Post {
  const counts = dryCounts(state, settings, at);
  const notSetUp = { isReady: false, reason: "not set up" };
  return ready({
    cardId,
    botName,
    spaceTitle: state.space.title,
    isModerated: state.space.isModerated,
    botIsModerator: state.botIsModerator,
    isAnnouncementOnly: state.space.isAnnouncementOnly,
    isHomeOrg: true,
    conference: conferenceKind(state, settings, at.now),
    facts,
    now: at.now,
    sms: settings.isSmsReady ? { isReady: true } : notSetUp,
    voice: settings.isVoiceReady ? { isReady: true } : notSetUp,
    counts,
    unreachable: counts.unreachable.map((one) => one.name),
  });
}

function conferenceKind(
  state: SpaceState,
  settings: IncidentSettings,
  now: number,
): ReadyInput["conference"] {
  // Whoever lets the bot open a meeting is looked up besides.
  const choice = chooseConference(state, { ...settings, canOpenMeetings: false }, now);
  if (!choice.isKnown) return settings.defaultConference ? "configuration" : "meeting-info";
  return choice.conference?.source ?? "none";
}

/** `bridge <link> [phone] [code]`, `bridge off`. */
export async function bridge(turn: Turn, rest: string): Promise<void> {
  const parsed = parseBridge(rest);
  if (!parsed) throw new UserError("bridge-usage", bridgeUsage());
  if ("link" in parsed && parsed.link.length > MOST_OF_LINK)
    throw new UserError("bridge-too-long", bridgeTooLong(parsed.link.length, MOST_OF_LINK));
  const wanted = "off" in parsed ? undefined : parsed;
  await turn.tools.decisions.withProgress(turn.trigger, aboutOf(turn), (state, at) => {
    const input = { bridge: wanted, by: personOf(turn.actor), settings: turn.tools.settings };
    const { changes, result } = setBridge(state, input, at);
    const later = result.isRunning ? " Texts from now on carry it." : "";
    const answer = result.isSet
      ? `This is the conference of this space from now on.${later}`
      : "This space has no fixed conference any more.";
    const told = result.isSet
      ? offeringTell(turn, state, answer, at)
      : [replyText(turn, answer, at)];
    return { changes: [...changes, ...told], result: undefined };
  });
}
