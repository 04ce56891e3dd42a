/** Somebody of the organisation, as Webex's directory has them. */
export interface DirectoryPerson {
  personId: string;
  name: string;
  /** The first address, lower case; some have none. */
  email?: string;
  phones: readonly DirectoryPhone[];
}

export interface DirectoryPhone {
  /** Such as `mobile` or `work`. */
  type: string;
  /** As somebody wrote it. */
  value: string;
}

/** Whom a search found: never a number. */
export interface FoundPerson {
  personId: string;
  name: string;
  email?: string;
}

export interface SyncCounts {
  people: number;
  withoutEmail: number;
  /** Of the types for texts and calls: unreadable, premium-rate, or outside DIAL_COUNTRIES. */
  undialledNumbers: number;
  /** Bots, guests, and people who cannot sign in. */
  skipped: number;
}

/** What is known of the directory itself. Times are milliseconds since 1970. */
export interface DirectoryStatus {
  /** When the next sync is due; absent without a grant. */
  dueAt?: number;
  askedBy?: string;
  /** Absent until the first sync is complete. */
  syncedAt?: number;
  counts?: SyncCounts;
  lastError?: string;
  failedAt?: number;
  /** The giver knows that the grant no longer opens the directory. */
  toldAt?: number;
}
