import type { Decide, Moment } from "../decision";
import type { Change } from "../incident/change";
import type { GrantsState } from "../incident/space-state";
import type { SyncCounts } from "./directory";
import type { SyncAnnouncements, SyncFailure } from "./ports";

const HOUR_MS = 60 * 60_000;
const PATIENCE_MS = 10 * 60_000;
const LAST = 4;

export type SyncEnd =
  | { kind: "complete"; counts: SyncCounts }
  | { kind: "failed"; failure: Omit<SyncFailure, "dueAt"> };

export interface SyncRules {
  maxAgeMs: number;
  announce: SyncAnnouncements<Change>;
}

/**
 * What a sync's end changes: when the next one is due, and who is told. `line` is the message that
 * told of its progress.
 */
export function decideSync(
  end: SyncEnd,
  rules: SyncRules,
  line: string | undefined,
): Decide<GrantsState, Change> {
  return (state, at) => {
    const changes =
      end.kind === "complete" ? synced(end, rules, state, at) : failed(end, rules, state, at);
    return {
      changes: [...changes, ...(line === undefined ? [] : [removed(line, at)])],
      result: undefined,
    };
  };
}

function synced(
  { counts }: Extract<SyncEnd, { kind: "complete" }>,
  { announce, maxAgeMs }: SyncRules,
  state: GrantsState,
  at: Moment,
): Change[] {
  const dueAt = at.now + maxAgeMs;
  // Who was told that nothing can be read any more hears that it can.
  const isBack = state.status.toldAt !== undefined;
  return [
    { kind: "directory.synced", at: at.now, counts, dueAt },
    ...listeners(state, isBack).flatMap((personId) =>
      announce.synced({ counts, dueAt }, personId, at),
    ),
  ];
}

function failed(
  { failure }: Extract<SyncEnd, { kind: "failed" }>,
  { announce, maxAgeMs }: SyncRules,
  state: GrantsState,
  at: Moment,
): Change[] {
  const { reason, why } = failure;
  const dueAt = nextTry(why, at.now, maxAgeMs);
  const next = dueAt === undefined ? {} : { dueAt };
  const isNew =
    why === "refused" && state.status.toldAt === undefined && state.directory !== undefined;
  return [
    { kind: "directory.failed", at: at.now, reason, ...next, ...(isNew ? { isTold: true } : {}) },
    ...listeners(state, isNew).flatMap((personId) =>
      announce.failed({ ...failure, ...next, ...inUse(state) }, personId, at),
    ),
  ];
}

function inUse({ status: { counts } }: GrantsState): { inUse?: number } {
  return counts === undefined ? {} : { inUse: counts.people };
}

/** A dead grant is of no use at any time; of what an administrator has to mend there is no hurry. */
function nextTry(why: SyncFailure["why"], now: number, maxAgeMs: number): number | undefined {
  if (why === "grant") return undefined;
  return now + (why === "refused" ? maxAgeMs : HOUR_MS);
}

/** Who asked, and the giver of the grant where something has changed for them. */
function listeners({ directory, status }: GrantsState, isNews: boolean): string[] {
  const told = [status.askedBy, isNews ? directory?.personId : undefined];
  return [...new Set(told.filter((personId) => personId !== undefined))];
}

function removed(messageId: string, at: Moment): Change {
  return {
    kind: "effect.queued",
    effect: {
      id: at.newId(),
      effect: { kind: "message-delete", messageId },
      dueAt: at.now,
      expiresAt: at.now + PATIENCE_MS,
      priority: LAST,
    },
  };
}
