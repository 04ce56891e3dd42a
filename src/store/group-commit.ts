import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "./database";
import type { Tx } from "./rows";
import { inTransaction } from "./transaction";

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

const MAX_BATCH = 100;

/**
 * Lets writes that arrive while a commit is under way share the next one: a commit costs a disk
 * flush, which is dear, while another row in it costs almost nothing. `write` gets the items in the
 * order they came and returns their results in that order; if it throws, all of them fail.
 */
export class GroupCommit<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private isRunning = false;

  constructor(
    private readonly db: Database,
    private readonly write: (tx: Tx, items: Item[]) => Promise<Result[]>,
    /** How long a commit waits for others to join it, ms; asked before each. */
    private readonly gatherMs: () => number = () => 0,
  ) {}

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.isRunning) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    while (this.waiting.length > 0) {
      const gatherMs = this.gatherMs();
      if (gatherMs > 0) await delay(gatherMs);
      await this.commit(this.waiting.splice(0, MAX_BATCH));
    }
    this.isRunning = false;
  }

  private async commit(batch: Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await inTransaction(this.db, (tx) =>
        this.write(
          tx,
          batch.map((entry) => entry.item),
        ),
      );
      batch.forEach((entry, index) => entry.resolve(results[index] as Result));
    } catch (error) {
      await this.failOrSplit(batch, error);
    }
  }

  /** One bad item must not take the others of its batch with it. */
  private async failOrSplit(batch: Waiting<Item, Result>[], error: unknown): Promise<void> {
    if (batch.length > 1) {
      for (const entry of batch) await this.commit([entry]);
      return;
    }
    for (const entry of batch) entry.reject(error);
  }
}
