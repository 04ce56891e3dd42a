import type { SendState } from "../../src/notify/notification";
import type { Store } from "../../src/store/store";

/** One change of an outbox row's state, as the database saw it. */
export interface Move {
  rowId: string;
  /** Absent where the row was made. */
  from?: SendState;
  to: SendState;
  kind: string;
  channel: string | null;
  responderId: string | null;
  /** Its row had been asked to be given up before. */
  isCancelRequested: boolean;
}

/** The only moves there are: the design's table, written down once more. */
export const allowedMoves: ReadonlySet<string> = new Set([
  "queued → sending",
  "queued → cancelled",
  "queued → expired",
  "sending → accepted",
  "sending → delivered",
  "sending → failed",
  "sending → queued",
  "sending → cancelled",
  "sending → expired",
  "accepted → delivered",
  "accepted → failed",
  "failed → delivered",
  "expired → delivered",
]);

interface LoggedMove {
  seq: number;
  row_id: string;
  was: SendState | null;
  became: SendState;
  kind: string;
  channel: string | null;
  responder_id: string | null;
  cancel_requested: number;
}

/** Has a SQLite database itself write down every move of every outbox row, whoever makes it. */
export class MoveLog {
  private constructor(private readonly store: () => Store) {}

  /** `store` gives the one that is open by then: after a restart it is another one. */
  static async start(first: Store, store: () => Store): Promise<MoveLog> {
    const { write } = first.db;
    const columns = "row_id, was, became, kind, channel, responder_id, cancel_requested";
    const row = "NEW.kind, NEW.channel, NEW.responder_id";
    await write.raw(`CREATE TABLE IF NOT EXISTS moves_seen (seq INTEGER PRIMARY KEY, ${columns})`);
    await write.raw(
      `CREATE TRIGGER IF NOT EXISTS see_move AFTER UPDATE OF state ON outbox WHEN OLD.state <> NEW.state
       BEGIN INSERT INTO moves_seen (${columns})
       VALUES (NEW.id, OLD.state, NEW.state, ${row}, OLD.cancel_requested); END`,
    );
    await write.raw(
      `CREATE TRIGGER IF NOT EXISTS see_new AFTER INSERT ON outbox
       BEGIN INSERT INTO moves_seen (${columns})
       VALUES (NEW.id, NULL, NEW.state, ${row}, 0); END`,
    );
    return new MoveLog(store);
  }

  /** All moves since the last time. */
  async take(): Promise<Move[]> {
    const { write } = this.store().db;
    const logged = await write<LoggedMove>("moves_seen").orderBy("seq");
    await write("moves_seen").delete();
    return logged.map((one) => ({
      rowId: one.row_id,
      to: one.became,
      kind: one.kind,
      channel: one.channel,
      responderId: one.responder_id,
      isCancelRequested: one.cancel_requested === 1,
      ...(one.was === null ? {} : { from: one.was }),
    }));
  }
}

/** Such as "sending → failed". */
export function nameOf({ from, to }: Pick<Move, "from" | "to">): string {
  return from === undefined ? `→ ${to}` : `${from} → ${to}`;
}
