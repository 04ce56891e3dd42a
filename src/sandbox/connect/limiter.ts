/** Requests come a little early on a real network; that alone must not look like a breach. */
const TOLERATED_SHARE = 0.05;

interface Bucket {
  tokens: number;
  at: number;
}

/** A token bucket per channel, with one second's worth of burst. Follows real time. */
export class Limiter {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly realTime: () => number) {}

  allows(channel: string, ratePerSecond: number): boolean {
    const now = this.realTime();
    const capacity = Math.max(1, ratePerSecond);
    const bucket = this.buckets.get(channel) ?? { tokens: capacity, at: now };
    const refilled = bucket.tokens + ((now - bucket.at) / 1000) * ratePerSecond;
    const tokens = Math.min(capacity, refilled);
    const allowed = tokens >= 1 - TOLERATED_SHARE;
    this.buckets.set(channel, { tokens: allowed ? tokens - 1 : tokens, at: now });
    return allowed;
  }
}
