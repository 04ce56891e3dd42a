/** What the page shows of the bot and may do to it, whoever runs it. */
export interface BotControl {
  readonly status: BotStatus;
  /** Where the bot that runs tells its metrics; undefined while none does. */
  readonly metricsUrl: string | undefined;
  /** Whether it can be started at all is known at once, how it goes is told by `bot` events. */
  start(): void;
  /** As an operator would. */
  stop(): void;
  /** As a power cut would. */
  kill(): void;
}

/**
 * starting: not ready yet. running: ready. stopping: told to end, finishes what is under way.
 * ended: no process, until it is started again.
 */
export type BotState = "starting" | "running" | "stopping" | "ended";

export interface BotStatus {
  state: BotState;
  /** Its public address, once it has one. */
  url?: string;
  /** How it ended, such as "code 0" or "SIGKILL". */
  ending?: string;
  /** It ended by itself, or could not be started. */
  isUnexpected?: true;
  /** Its last log lines, when it has ended. */
  lines?: readonly string[];
}

/** It is not in a state for that: the sentence says which it is in. */
export class BotControlError extends Error {
  override name = "BotControlError";
}
