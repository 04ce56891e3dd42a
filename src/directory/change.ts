import type { SyncCounts } from "./directory";

export type DirectoryChange =
  /** A sync is due at `at`; `askedBy` is told how it goes. */
  | { kind: "directory.wanted"; at: number; askedBy?: string }
  | { kind: "directory.synced"; at: number; counts: SyncCounts; dueAt: number }
  /** The old directory stays in use. `isTold`: the giver hears of it with this decision. */
  | { kind: "directory.failed"; at: number; reason: string; dueAt?: number; isTold?: boolean }
  /** Without a grant nothing is synced; what was read stays in use. */
  | { kind: "directory.unwanted" };
