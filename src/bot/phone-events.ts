import type { Clock } from "../clock";
import type { Logger } from "../log";
import type { Trigger } from "../incident/ports";
import type { InboundText } from "../notify/inbound-text";
import type { Receipt } from "../notify/receipt";
import type { HeldEvent } from "./inbox-worker";

/** What became of a receipt; see the store's `Receipts`. */
export type ReceiptOutcome = "matched" | "unmatched" | "lost";

export interface PhoneEventsOptions {
  clock: Clock;
  takeReceipt: (event: HeldEvent, receipt: Receipt) => Promise<ReceiptOutcome>;
  /** Decides on the text; the event ends in its transaction. */
  takeText: (text: InboundText, trigger: Trigger) => Promise<void>;
  /** Puts the event back, to be handled at `dueAt`. */
  retry: (event: HeldEvent, dueAt: number, why: string) => Promise<void>;
  finish: (event: HeldEvent) => Promise<void>;
  report: (outcome: ReceiptOutcome) => void;
  log: Pick<Logger, "info">;
}

/** The answer of a send whose receipt came first may still be on its way. */
const TRIES = 5;
const AGAIN_AFTER_MS = 2_000;

/** What Webex Connect told about texts and calls. */
export class PhoneEvents {
  constructor(private readonly options: PhoneEventsOptions) {}

  async run(event: HeldEvent): Promise<void> {
    if (event.kind === "text")
      return this.options.takeText(event.body as InboundText, {
        kind: "inbox",
        id: event.id,
        leaseToken: event.leaseToken,
      });
    return this.receipt(event, event.body as Receipt);
  }

  private async receipt(event: HeldEvent, receipt: Receipt): Promise<void> {
    const { clock, finish, log, report, retry, takeReceipt } = this.options;
    const outcome = await takeReceipt(event, receipt);
    if (outcome === "unmatched" && event.attempts < TRIES)
      return retry(event, clock.now() + AGAIN_AFTER_MS, "no notification has this receipt yet");
    report(outcome);
    if (outcome !== "unmatched") return;
    log.info({ channel: receipt.channel, kind: receipt.kind }, "a receipt belongs to nothing here");
    await finish(event);
  }
}
