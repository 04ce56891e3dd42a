import type { Exception } from "./exceptions";
import type { Problem } from "./openapi-check";

export interface Tally {
  title: string;
  passed: number;
  failures: string[];
}

/** Remembers which exceptions were needed, so that none outlives its reason. */
export class Exceptions {
  private readonly used = new Set<Exception>();

  constructor(private readonly all: readonly Exception[]) {}

  cover(problem: Problem): boolean {
    const found = this.all.filter((exception) => exception.covers(problem));
    for (const exception of found) this.used.add(exception);
    return found.length > 0;
  }

  tally(): Tally {
    const unused = this.all.filter((exception) => !this.used.has(exception));
    return {
      title: "exceptions",
      passed: this.used.size,
      failures: unused.map(({ reason }) => `never needed: ${reason}`),
    };
  }
}
