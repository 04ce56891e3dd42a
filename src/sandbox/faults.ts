/**
 * A fault is a wrong answer that a stand-in gives on purpose. `status` answers an error, `slow`
 * waits, `reset` closes the connection before the call is carried out, `lost` carries the call out
 * and closes the connection instead of answering. `duplicate`, `missing`, `late` and `out-of-order`
 * concern webhooks and callbacks.
 */
export interface Fault {
  service: "webex" | "connect" | "webhooks" | "callbacks";
  /**
   * What the method, the path and, for Webex, the query begin with, such as "POST /messages" or
   * "GET /people?max=1000"; all routes when absent.
   */
  route?: string;
  /** Strikes only where this page of a list is asked for; the first is 1. */
  page?: number;
  kind: "status" | "slow" | "reset" | "lost" | "duplicate" | "missing" | "late" | "out-of-order";
  status?: number;
  /** Sent as `Retry-After`, as it is, so that malformed ones can be tried. */
  retryAfter?: string;
  /** The body to answer with; the provider's own error shape when absent. */
  body?: string;
  contentType?: string;
  delayMs?: number;
  /** How often it strikes; for ever when absent. */
  times?: number;
  /** The share of calls it strikes, 0 to 1; every one when absent. Struck evenly, not by chance. */
  share?: number;
}

interface ActiveFault {
  id: number;
  fault: Fault;
  left: number;
  owed: number;
}

/** A fault comes into force, or no longer is: it was taken back, or has struck often enough. */
export interface FaultChange {
  event: "added" | "removed";
  id: number;
  fault: Fault;
}

export class Faults {
  private active: ActiveFault[] = [];
  private nextId = 1;

  constructor(private readonly onChange: (change: FaultChange) => void = () => undefined) {}

  add(fault: Fault): number {
    const id = this.nextId++;
    this.active.push({ id, fault, left: fault.times ?? Number.POSITIVE_INFINITY, owed: 0 });
    this.onChange({ event: "added", id, fault });
    return id;
  }

  /** False: none of that id is in force. */
  remove(id: number): boolean {
    return this.keep((entry) => entry.id !== id) > 0;
  }

  clear(): void {
    this.keep(() => false);
  }

  /** `left`: how often it will still strike; null: for ever. */
  list(): { id: number; fault: Fault; left: number | null }[] {
    return this.active.map(({ id, fault, left }) => ({
      ...{ id, fault },
      left: Number.isFinite(left) ? left : null,
    }));
  }

  /** The faults that strike this call; each one returned has been used up once. */
  strike(service: Fault["service"], route: string, { page = 1 } = {}): Fault[] {
    const struck: Fault[] = [];
    for (const entry of this.active) {
      if (entry.fault.service !== service) continue;
      if (entry.fault.route !== undefined && !route.startsWith(entry.fault.route)) continue;
      if (entry.fault.page !== undefined && entry.fault.page !== page) continue;
      entry.owed += entry.fault.share ?? 1;
      if (entry.owed < 1) continue;
      entry.owed -= 1;
      entry.left -= 1;
      struck.push(entry.fault);
    }
    if (struck.length > 0) this.keep((entry) => entry.left > 0);
    return struck;
  }

  /** How many went. */
  private keep(isKept: (entry: ActiveFault) => boolean): number {
    const gone = this.active.filter((entry) => !isKept(entry));
    this.active = this.active.filter(isKept);
    for (const { id, fault } of gone) this.onChange({ event: "removed", id, fault });
    return gone.length;
  }
}
