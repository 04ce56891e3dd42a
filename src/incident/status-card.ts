import type { Change } from "./change";
import type { ProgressState, StatusCard } from "./space-state";

/** The line between two status cards is written at most so often. */
export const LINE_EVERY_MS = 5_000;
/** Webex allows ten edits of a message; one is left over. */
const MOST_LINE_EDITS = 9;
/** Somebody may be choosing on the card that they just pressed. */
const CALM_AFTER_PRESS_MS = 30_000;

export interface StatusLook {
  /** What a card posted now would show. */
  picture: string;
  /** What the line in the thread would say now. */
  line: string;
  /** A card is replaced no more often by itself, ms. */
  statusCardMs: number;
}

/** What is to be done about a status card that may be out of date. */
export type StatusWork =
  | { kind: "nothing" }
  | { kind: "card" }
  | {
      kind: "later";
      /** When the card itself is replaced, or it is worth looking again. */
      dueAt: number;
      line?: { kind: "post"; threadMessageId: string } | { kind: "edit"; messageId: string };
    };

/**
 * The card is replaced once it stood long enough and nobody has just pressed it; until then a line
 * in the thread tells how far the open round is, and, from the first one on, how many have
 * answered. Nothing is done where nothing has changed.
 */
export function statusWork(
  state: ProgressState,
  { line, picture, statusCardMs }: StatusLook,
  now: number,
): StatusWork {
  const { incident, openRounds, progress, statusCard } = state;
  const isWanted = incident && statusCard && canSpeak(state) && statusCard.picture !== picture;
  if (!isWanted) return { kind: "nothing" };
  const cardDueAt = Math.max(
    statusCard.replacedAt + statusCardMs,
    (statusCard.pressedAt ?? -Infinity) + CALM_AFTER_PRESS_MS,
  );
  if (now >= cardDueAt) return { kind: "card" };
  const isOpen = openRounds.size > 0 || progress.some(({ answer }) => answer !== undefined);
  const work = isOpen ? lineWork(statusCard, incident.threadMessageId, line) : {};
  // Of a line that is being posted nobody knows yet how to edit it.
  const isUnderWay = isOpen && statusCard.line?.isUnderWay === true;
  return {
    kind: "later",
    dueAt: isUnderWay ? Math.min(cardDueAt, now + LINE_EVERY_MS) : cardDueAt,
    ...work,
  };
}

/** Among announcements a card is posted for who asks, and goes to them directly. */
function canSpeak({ botIsModerator, space }: ProgressState): boolean {
  return botIsModerator || !space.isAnnouncementOnly;
}

function lineWork(
  { line }: StatusCard,
  threadMessageId: string | undefined,
  text: string,
): Pick<Extract<StatusWork, { kind: "later" }>, "line"> {
  if (threadMessageId === undefined || line?.isUnderWay || line?.text === text) return {};
  if (line?.messageId !== undefined && line.edits < MOST_LINE_EDITS)
    return { line: { kind: "edit", messageId: line.messageId } };
  return { line: { kind: "post", threadMessageId } };
}

/** What a status card shows of a space may be different after these changes. */
export interface Touched {
  spaceIds: ReadonlySet<string>;
  incidentIds: ReadonlySet<string>;
  responderIds: ReadonlySet<string>;
}

/** Whose status card a decision's changes may have made out of date; a card posted by it is not. */
export function touchedBy(changes: readonly Change[]): Touched {
  const spaceIds = new Set<string>();
  const incidentIds = new Set<string>();
  const responderIds = new Set<string>();
  for (const change of changes)
    switch (change.kind) {
      case "roster.set":
      case "roster.removed":
        spaceIds.add(change.spaceId);
        break;
      case "incident.renamed":
      case "incident.conference":
      case "answer.recorded":
      case "attendance.changed":
        incidentIds.add(change.incidentId);
        break;
      case "responder.renamed":
      case "responder.joined":
        responderIds.add(change.responderId);
        break;
      case "responder.edited":
        responderIds.add(change.responder.id);
        break;
      default:
    }
  return { spaceIds, incidentIds, responderIds };
}
