import type { SandboxContext } from "../context";

/**
 * Runs `task` when the sandbox's clock has advanced by `ms`, unless the signal is aborted before.
 * Only the task counts as work: who waits until the stand-ins rest must not wait for the clock.
 */
export function later(
  context: SandboxContext,
  ms: number,
  signal: AbortSignal,
  task: () => void | Promise<void>,
): void {
  const run = (): void => {
    if (!signal.aborted) context.work.track(Promise.resolve().then(task));
  };
  if (ms <= 0) run();
  else void context.clock.sleep(ms, signal).then(run);
}
