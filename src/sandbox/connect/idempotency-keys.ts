import { Refusal } from "./refusal";

const REMEMBERED_MS = 3_600_000;
const MAX_LENGTH = 64;

/** Remembers each key for one hour of the sandbox's clock, as the provider documents. */
export class IdempotencyKeys {
  private readonly usedAt = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  check(key: string | undefined): void {
    if (key === undefined) return;
    if (key.length > MAX_LENGTH || !/^[\w=-]+$/.test(key)) {
      throw new Refusal(400, "7004", "Invalid Idempotency-Key");
    }
    const usedAt = this.usedAt.get(key);
    if (usedAt !== undefined && this.now() - usedAt < REMEMBERED_MS) {
      throw new Refusal(409, "7004", "Duplicate request: this Idempotency-Key was used before");
    }
  }

  remember(key: string | undefined): void {
    if (key !== undefined) this.usedAt.set(key, this.now());
  }
}
