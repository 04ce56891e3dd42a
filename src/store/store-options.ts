import type { Clock } from "../clock";
import type { Lane } from "../notify/outbox-row";
import type { DirectoryNumbers } from "./directory-numbers";
import type { HourlyLimits } from "./numbers";
import type { LaneRate } from "./rates";

export interface StoreOptions {
  databaseUrl: string;
  encryptionKeys: readonly Buffer[];
  clock: Clock;
  limits: HourlyLimits;
  rates: Partial<Record<Lane, LaneRate>>;
  /** Which of the directory's numbers are dialled; without it none of them is. */
  directoryNumbers?: DirectoryNumbers;
  /** The copy of the organisation's people cannot be read: decisions go on without numbers of them. */
  onDirectoryFailed?: (error: unknown) => void;
  /** There was a copy of the organisation's people, and it is gone: it is read from Webex again. */
  onDirectoryLost?: (why: string) => void;
  /**
   * A row that cannot be opened was ended, so that it does not keep the others waiting; somebody's
   * numbers in the directory are left out.
   */
  onUnreadable?: (table: "outbox" | "inbox" | "directory", id: string) => void;
  /** written: its changes stand. repeated: its trigger had been decided already. refused: it threw. */
  onDecision?: (outcome: "written" | "repeated" | "refused") => void;
}
