import { RemoteError } from "../errors";
import { scrubText } from "../scrub";

export interface CheckResult {
  ok: boolean;
  /** What to do, or what is worth knowing although it is well. */
  advice?: string;
}

export interface Check {
  name: string;
  run(): Promise<CheckResult>;
}

/**
 * Runs the checks one after the other and writes a line for each. A check that throws has failed.
 * Resolves to whether all are well.
 */
export async function runChecks(
  checks: readonly Check[],
  write: (line: string) => void,
  secrets: readonly string[] = [],
): Promise<boolean> {
  let isWell = true;
  for (const check of checks) {
    const result = await check.run().catch(failure);
    const advice = result.advice === undefined ? "" : `: ${scrubText(result.advice, secrets)}`;
    write(`${result.ok ? "✓" : "✗"} ${check.name}${advice}`);
    isWell &&= result.ok;
  }
  return isWell;
}

const NOT_REACHED = "see that this computer gets there; behind a proxy set HTTPS_PROXY";

function failure(error: unknown): CheckResult {
  const message = error instanceof Error ? error.message : String(error);
  const isUnanswered = error instanceof RemoteError && error.failure.status === undefined;
  return { ok: false, advice: isUnanswered ? `${message}; ${NOT_REACHED}` : message };
}
