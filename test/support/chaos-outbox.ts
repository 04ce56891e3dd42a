import { SystemClock } from "../../src/clock";
import { openDatabase } from "../../src/store/database";

export interface NotificationCounts {
  total: number;
  /** Queued, or held by a process. */
  open: number;
  accepted: number;
}

/** Looks into the database of a bot that is running; changes nothing. */
export class OutboxWatch {
  private readonly db;

  constructor(databaseUrl: string) {
    this.db = openDatabase(databaseUrl, new SystemClock());
  }

  async counts(): Promise<NotificationCounts> {
    const rows = await this.db
      .read("outbox")
      .whereNotNull("round_id")
      .groupBy("state")
      .select("state")
      .count<{ state: string; count: number }[]>({ count: "*" });
    const inStates = (...states: string[]): number =>
      rows
        .filter(({ state }) => states.length === 0 || states.includes(state))
        .reduce((sum, { count }) => sum + count, 0);
    return {
      total: inStates(),
      open: inStates("queued", "sending"),
      accepted: inStates("accepted", "delivered"),
    };
  }

  close(): Promise<void> {
    return this.db.close();
  }
}
