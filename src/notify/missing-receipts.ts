import { RemoteError } from "../errors";
import type { Logger } from "../log";
import type { Receipt } from "./receipt";

/** A text or call that was accepted, and of which nothing was heard since. */
export interface SilentSend {
  id: string;
  channel: Receipt["channel"];
  providerId: string;
}

export interface MissingReceiptsOptions {
  dueAsks: (now: number) => Promise<SilentSend[]>;
  nextAskAt: () => Promise<number | undefined>;
  /** What the provider knows of it by now, as the receipts that should have come; none for 404. */
  ask: (send: SilentSend) => Promise<Receipt[]>;
  /** Before the question; false where somebody else has asked it, or it needs none any more. */
  take: (send: SilentSend) => Promise<boolean>;
  /** Keeps them. */
  note: (send: SilentSend, receipts: readonly Receipt[]) => Promise<void>;
  log: Pick<Logger, "info">;
}

/** Asks the provider once about what has no receipt after five minutes; see the store's query. */
export function createMissingReceipts({
  ask,
  dueAsks,
  log,
  nextAskAt,
  note,
  take,
}: MissingReceiptsOptions) {
  const run = async (send: SilentSend): Promise<void> => {
    if (await take(send)) await note(send, await answerOf(send));
  };

  const answerOf = async (send: SilentSend): Promise<Receipt[]> => {
    try {
      return await ask(send);
    } catch (err) {
      if (!(err instanceof RemoteError)) throw err;
      // A receipt may still come; more than one question is not worth it.
      log.info({ err, channel: send.channel }, "the provider could not be asked about a send");
      return [];
    }
  };

  return { name: "missing-receipts", due: dueAsks, next: nextAskAt, run };
}
