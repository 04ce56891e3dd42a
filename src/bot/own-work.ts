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
import { announceMeeting } from "./announce-meeting";
import { findConference, type Meetings } from "./find-conference";
import type { GrantTools } from "./grant-tools";
import { greet } from "./greet";
import { readyFacts, type ReadyFacts } from "./ready-facts";
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
  /** Absent without an integration. */
  meetings?: Meetings;
  announcer: () => Announcer;
  grants: GrantTools;
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
  /** For the greeting; absent where nobody is greeted. */
  facts?: ReadyFacts;
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

  /** `queuedAt` is when the work was asked for. */
  run(event: OwnEvent, trigger: Trigger, queuedAt: number): Promise<void> {
    switch (event.kind) {
      case "reread-space":
        return this.reread(event.spaceId, trigger);
      case "find-conference":
        return this.findConference(event, trigger, queuedAt);
      case "clear-directory":
        return this.clearDirectory(trigger);
    }
  }

  /** A grant that was given meanwhile has a copy of its own. */
  private async clearDirectory(trigger: Trigger): Promise<void> {
    const { decisions, grants } = this.options;
    if (!(await grants.directoryGrant())) await grants.clearDirectory();
    await decisions.anywhere(trigger, () => ({ changes: [], result: undefined }));
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
    const isAsked = trigger.kind === "reading";
    const facts = isAsked ? undefined : await this.readyFacts(members);
    await decisions.forReading(trigger, about, (state, at) => {
      const input = { space, members, settings: announcer.settings };
      const { changes, result } = reconcileSpace(state, input, at);
      const read = { space, members, isAsked, ...(facts ? { facts } : {}) };
      const told = this.tellChanges(state, result, read, at);
      return { changes: [...changes, ...told], result: undefined };
    });
  }

  private readyFacts(members: readonly Member[]): Promise<ReadyFacts> {
    const moderators = members.filter((one) => one.isModerator && !one.isBot);
    const personIds = moderators.map(({ personId }) => personId);
    return readyFacts(this.options.grants, personIds);
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
    { facts, isAsked, members, space }: SpaceRead,
    at: Moment,
  ): Change[] {
    if (space.kind !== "group") return [];
    if (result.isFirst)
      return facts && this.options.mayActIn(space)
        ? greet(space, members, { ...this.options.announcer(), facts }, at)
        : [];
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

  private async lose(spaceId: string, trigger: Trigger): Promise<void> {
    const { decisions } = this.options;
    await this.inKnownSpace(trigger, () =>
      decisions.withProgress(trigger, { spaceId }, (state, at) => {
        const { changes, result } = loseSpace(state, at);
        return {
          changes: [...changes, ...announceSpaceLost(state, result, at)],
          result: undefined,
        };
      }),
    );
  }

  private async findConference(
    event: Extract<OwnEvent, { kind: "find-conference" }>,
    trigger: Trigger,
    queuedAt: number,
  ): Promise<void> {
    const { announcer, clock, decisions, log, meetings, reader } = this.options;
    const found = await findConference(
      {
        clock,
        log,
        getMeetingInfo: (spaceId) => reader.getMeetingInfo(spaceId),
        ...(meetings ? { meetings } : {}),
      },
      event,
      queuedAt,
    );
    const { botName, settings } = announcer();
    const { incidentId, spaceId } = event;
    await this.inKnownSpace(trigger, () =>
      decisions.withProgress(trigger, { spaceId }, (state, at) => {
        const { changes, result } = conferenceFound(state, { incidentId, found, settings }, at);
        return {
          changes: [...changes, ...announceMeeting(result, botName, at)],
          result: undefined,
        };
      }),
    );
  }

  /** Where the space is gone meanwhile there is nothing to decide: the work just ends. */
  private async inKnownSpace(trigger: Trigger, decide: () => Promise<unknown>): Promise<void> {
    try {
      await decide();
    } catch (error) {
      if (!(error instanceof UnknownSpaceError)) throw error;
      await this.options.decisions.anywhere(trigger, () => ({ changes: [], result: undefined }));
    }
  }
}
