import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import type { FoundResult } from "../incident/conference";
import type { Incident } from "../incident/incident";
import type { Decisions } from "../incident/ports";
import type { AttemptRecord, ClaimedRow, Effect } from "../notify/outbox-row";
import type { MeetingGoesOn } from "../notify/run-effect";
import { announceMembership } from "./announce";
import { say } from "./replies";
import { meetingGoesOn, meetingNotOpened, meetingOpened } from "./views/meeting-sentences";

const PATIENCE_MS = 10 * 60_000;

/** What the space hears of a meeting that was opened, or could not be: each once for an incident. */
export function announceMeeting(result: FoundResult, botName: string, at: Moment): Change[] {
  switch (result.kind) {
    case "nothing":
      return [];
    case "opened":
      return [inThread(result.incident, "meeting", meetingOpened(result.hostName), at)];
    case "not-opened": {
      const { host, incident, instead } = result;
      const isBusy = host.refusal.why === "busy";
      const markdown = meetingNotOpened({ ...host, instead, botName, now: at.now });
      return [inThread(incident, isBusy ? "meeting-busy" : "meeting-refused", markdown, at)];
    }
  }
}

function inThread(incident: Incident, what: string, markdown: string, at: Moment): Change {
  const { id, spaceId, startedBy, threadMessageId } = incident;
  const to = {
    kind: "space" as const,
    spaceId,
    fallbackPersonId: startedBy.personId,
    ...(threadMessageId === undefined ? {} : { parentId: threadMessageId }),
  };
  return say(to, { markdown }, at, {
    isFollowing: true,
    patienceMs: PATIENCE_MS,
    spaceId,
    onceAs: `${what}:${id}`,
  });
}

/** A stop should have ended the meeting and did not: the space hears why. */
export async function tellMeetingGoesOn(
  decisions: Decisions,
  { effect }: Pick<ClaimedRow, "id"> & { effect: Effect },
  result: MeetingGoesOn,
  record: AttemptRecord,
): Promise<void> {
  if (effect.kind !== "meeting-end") throw new Error("That is no meeting's end.");
  const { asker, hostName, spaceId } = effect;
  await decisions.anywhere({ kind: "effect", record }, (_state, at) => ({
    changes: announceMembership(spaceId, asker, meetingGoesOn(hostName, result), at),
    result: undefined,
  }));
}
