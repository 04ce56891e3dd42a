import type { Clock } from "../clock";
import { RemoteError } from "../errors";
import type { Change, OwnEvent } from "../incident/change";
import { conferenceFound } from "../incident/conference";
import { UnknownSpaceError, type Decisions, type Trigger } from "../incident/ports";
import { loseSpace } from "../incident/lose-space";
import { reconcileSpace, type ReadResult } from "../incident/reconcile-space";
import type { ReadState } from "../incident/space-state";
import type { Conference } from "../notify/notification";
import type { SpaceFacts } from "../roster/change";
import type { Member } from "../roster/responder";
import type { Moment } from "../decision";
import type { Logger } from "../log";
import { announceSpaceLost, type Announcer } from "./announce";
import { greetSpace } from "./info-commands";
import { say } from "./replies";
import { nowOnWebex } from "./views/sentences";
import { isOrAre, nameList } from "./views/text";

const PATIENCE_MS = 10 * 60_000;

/** What is asked of Webex. Each call throws a `RemoteError` when it fails. */
export interface SpaceReader {
  /** `undefined` when the space is gone or the bot is not in it. */
  getSpace(spaceId: string): Promise<SpaceFacts | undefined>;
  listMembers(spaceId: string): Promise<Member[]>;
  getMeetingInfo(spaceId: string): Promise<Omit<Conference, "source"> | "ended">;
}

export interface OwnWorkOptions {
  clock: Clock;
  reader: SpaceReader;
  decisions: Decisions;
  announcer: () => Announcer;
  /** Is this space any of the bot's business? */
  mayActIn: (space: SpaceFacts) => boolean;
  log: Logger;
}

/** One answer says that the space is gone, the other that it is there: it is asked again. */
function contradiction(): RemoteError {
  return new RemoteError("Webex shows a space only in part", {
    service: "webex",
    retryable: true,
    unclear: false,
  });
}

interface SpaceRead {
  space: SpaceFacts;
  members: readonly Member[];
  /** It was read for a command: somebody is talking with the bot already and gets an answer. */
  isAsked: boolean;
}

function joinedAndLeft({ joined, left }: ReadResult): string[] {
  return [
    joined.length > 0 ? `${nameList(joined)} joined and ${isOrAre(joined)} told on Webex.` : "",
    left.length > 0 ? `${nameList(left)} left and ${isOrAre(left)} told nothing more.` : "",
  ];
}

/** What Muster asks of itself: reading a space anew, looking for a conference. */
export class OwnWork {
  constructor(private readonly options: OwnWorkOptions) {}

  run(event: OwnEvent, trigger: Trigger): Promise<void> {
    return event.kind === "reread-space"
      ? this.reread(event.spaceId, trigger)
      : this.findConference(event, trigger);
  }

  /** Takes over what Webex says of a space and its members. */
  async reread(spaceId: string, trigger: Trigger): Promise<void> {
    const { clock, decisions, reader } = this.options;
    const readAt = clock.now();
    const [space, members] = await Promise.all([reader.getSpace(spaceId), this.membersOf(spaceId)]);
    if (!space && !members) return this.lose(spaceId, trigger);
    if (!space || !members) throw contradiction();
    const announcer = this.options.announcer();
    const personIds = members.map((member) => member.personId);
    const emails = members.filter(({ isBot }) => !isBot).map(({ email }) => email);
    const about = { spaceId, personIds, emails, readAt };
    await decisions.forReading(trigger, about, (state, at) => {
      const input = { space, members, settings: announcer.settings };
      const { changes, result } = reconcileSpace(state, input, at);
      const isAsked = trigger.kind === "reading";
      const told = this.tellChanges(state, result, { space, members, isAsked }, at);
      return { changes: [...changes, ...told], result: undefined };
    });
  }

  /** "Not a member" and "no such space" look alike here as well. */
  private async membersOf(spaceId: string): Promise<Member[] | undefined> {
    try {
      return await this.options.reader.listMembers(spaceId);
    } catch (error) {
      if (error instanceof RemoteError && error.failure.status === 404) return undefined;
      throw error;
    }
  }

  private tellChanges(
    state: ReadState,
    result: ReadResult,
    { isAsked, members, space }: SpaceRead,
    at: Moment,
  ): Change[] {
    if (space.kind !== "group") return [];
    if (result.isFirst)
      return isAsked ? [] : this.greet(space, members, this.options.announcer(), at);
    if (!state.known?.incident) return [];
    // No answer to a command tells that two records are one.
    const cameAndWent = isAsked ? [] : joinedAndLeft(result);
    const parts = [...cameAndWent, nowOnWebex(result.nowOnWebex)].filter((part) => part !== "");
    if (parts.length === 0) return [];
    const markdown = parts.join(" ");
    return [
      say({ kind: "space", spaceId: space.id }, { markdown }, at, {
        isFollowing: true,
        patienceMs: PATIENCE_MS,
        spaceId: space.id,
      }),
    ];
  }

  /** The bot was just added: how ready is this space? */
  private greet(
    space: SpaceFacts,
    members: readonly Member[],
    announcer: Announcer,
    at: Moment,
  ): Change[] {
    if (!this.options.mayActIn(space)) return [];
    const { botId } = announcer.settings;
    const roster = members.filter((member) => !member.isBot);
    const state = {
      space,
      botIsModerator: members.some((one) => one.personId === botId && one.isModerator),
      members,
      roster: roster.map((member) => ({
        responder: {
          id: member.personId,
          kind: "internal" as const,
          name: member.name,
          personId: member.personId,
          version: 1,
        },
        channels: { webex: true, sms: false, voice: false },
        isModerator: member.isModerator,
      })),
      pendingMemberships: new Set<string>(),
      isForeignTold: false,
      recentPresses: [],
    };
    const { changes, post, cardId } = greetSpace(state, announcer, at);
    // Where only moderators may write, one of them gets to know.
    const moderator = members.find((member) => member.isModerator && !member.isBot);
    const to = {
      kind: "space" as const,
      spaceId: space.id,
      ...(moderator ? { fallbackPersonId: moderator.personId } : {}),
    };
    return [
      ...changes,
      say(to, post, at, { note: { cardId }, isFollowing: true, patienceMs: PATIENCE_MS }),
    ];
  }

  private async lose(spaceId: string, trigger: Trigger): Promise<void> {
    const { decisions } = this.options;
    try {
      await decisions.withProgress(trigger, { spaceId }, (state, at) => {
        const { changes, result } = loseSpace(state, at);
        return {
          changes: [...changes, ...announceSpaceLost(state, result, at)],
          result: undefined,
        };
      });
    } catch (error) {
      if (!(error instanceof UnknownSpaceError)) throw error;
      await decisions.anywhere(trigger, () => ({ changes: [], result: undefined }));
    }
  }

  private async findConference(
    event: Extract<OwnEvent, { kind: "find-conference" }>,
    trigger: Trigger,
  ): Promise<void> {
    const { decisions, announcer } = this.options;
    const found = await this.askForConference(event.spaceId);
    const { settings } = announcer();
    const { incidentId, roundId, spaceId } = event;
    await decisions.withProgress(trigger, { spaceId }, (state, at) =>
      conferenceFound(state, { incidentId, roundId, found, settings }, at),
    );
  }

  /** Nobody's notification waits for Webex to get well: what cannot be asked now is not known. */
  private async askForConference(spaceId: string): Promise<Conference | "ended" | undefined> {
    try {
      const info = await this.options.reader.getMeetingInfo(spaceId);
      return info === "ended" ? info : { ...info, source: "meeting-info" };
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      this.options.log.warn({ err: error }, "Webex could not be asked for the space's meeting");
      return undefined;
    }
  }
}
