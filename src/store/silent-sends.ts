import type { SilentSend } from "../notify/missing-receipts";
import type { Receipt } from "../notify/receipt";
import type { Database } from "./database";
import { insertReceipts, settle, type PhoneRow, type ReceiptSettings } from "./receipts";
import { inTransaction } from "./transaction";

/** So long a receipt may take before the provider is asked. */
const ASK_AFTER_MS = 5 * 60_000;
/**
 * What is older is never asked about, its incident being over or long decided: so nothing that was
 * sent before a downtime of an hour or more.
 */
const ASK_UNTIL_MS = 60 * 60_000;
const MOST_ASKED_AT_ONCE = 20;

/** Accepted texts and calls without a receipt that says more; see `createMissingReceipts`. */
export class SilentSends {
  constructor(
    private readonly db: Database,
    private readonly settings: ReceiptSettings,
    private readonly onMoved: () => void,
  ) {}

  async due(now: number): Promise<SilentSend[]> {
    const rows = await this.unasked(now)
      .where("changed_at", "<=", now - ASK_AFTER_MS)
      .orderBy("changed_at")
      .limit(MOST_ASKED_AT_ONCE)
      .select<PhoneRow[]>("*");
    return rows.map(({ id, lane, provider_id: providerId }) => ({
      id,
      channel: lane,
      providerId: providerId ?? "",
    }));
  }

  async nextAt(now: number): Promise<number | undefined> {
    const [row] = (await this.unasked(now).min({ at: "changed_at" })) as [{ at: number | null }];
    return row.at === null ? undefined : row.at + ASK_AFTER_MS;
  }

  /**
   * True for the one who may ask. Nobody may ask again, so where a process dies before it has noted
   * the answer, the question is lost; a receipt that comes after all still counts.
   */
  async take({ id }: SilentSend): Promise<boolean> {
    // One statement, so that of two who saw that it is due only one asks.
    const taken = await this.db
      .write<PhoneRow>("outbox")
      .where({ id, state: "accepted" })
      .whereNull("asked_at")
      .update({ asked_at: this.settings.clock.now() })
      .returning("id");
    return taken.length > 0;
  }

  /** Keeps what the provider answered to the one who took it. */
  async note({ id }: SilentSend, receipts: readonly Receipt[]): Promise<void> {
    if (receipts.length === 0) return;
    const now = this.settings.clock.now();
    await inTransaction(this.db, async (tx) => {
      const row = await tx<PhoneRow>("outbox").where({ id }).forUpdate().first();
      if (!row) return;
      const taken = receipts.map((receipt) => ({
        held: { id, leaseToken: "", receivedAt: now, receipt, body: receipt },
        row,
      }));
      await insertReceipts(tx, this.settings, taken);
      await settle(tx, this.settings, [row]);
    });
    this.onMoved();
  }

  private unasked(now: number) {
    // The states are written out: SQLite proves nothing of a partial index from a bound value.
    return this.db
      .read("outbox")
      .whereRaw("state = 'accepted' AND lane IN ('sms', 'voice') AND asked_at IS NULL")
      .whereNotNull("provider_id")
      .where("changed_at", ">", now - ASK_UNTIL_MS);
  }
}
