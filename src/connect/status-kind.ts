import type { ReceiptKind } from "../notify/receipt";

const KIND_OF_STATUS: ReadonlyMap<string, ReceiptKind> = new Map(
  Object.entries({
    QUEUED: "submitted",
    SENT: "submitted",
    SUBMITTED: "submitted",
    DELIVERED: "delivered",
    FAILED: "failed",
    UNDELIVERED: "failed",
    REJECTED: "failed",
    EXPIRED: "failed",
    OFFERED: "offered",
    ACCEPTED: "ringing",
    ANSWERED: "answered",
    DROPPED: "ended",
    DISCONNECTED: "ended",
    RELEASED: "ended",
    COMPLETED: "ended",
  }),
);

/** What a state of a text or call means, however it is written; `undefined` for one that no page names. */
export function kindOfStatus(status: string | null | undefined): ReceiptKind | undefined {
  return KIND_OF_STATUS.get(lettersOf(status));
}

/** Receipts write "Un-Delivered", answers to questions "UNDELIVERED". */
export function lettersOf(status: string | null | undefined): string {
  return (status ?? "").toUpperCase().replace(/[^A-Z]/g, "");
}
