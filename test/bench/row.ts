/** One line of the table of numbers to reach. */
export interface Row {
  what: string;
  reached: string;
  limit: string;
  isGood: boolean;
  /** What took the time; printed when the row misses. */
  why?: readonly string[];
}

export function printRow({ what, reached, limit, isGood, why = [] }: Row): void {
  console.log(`${isGood ? "✔" : "✘"} ${what}: ${reached} (to reach: ${limit})`);
  if (!isGood) for (const line of why) console.log(`    ${line}`);
}
