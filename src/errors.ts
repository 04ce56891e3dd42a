/**
 * Something the person who asked can understand and act on. Its message is Markdown and is posted
 * as it is: names, titles and whatever else people wrote are in it escaped, by `escapeMarkdown` or
 * `shown`, where the sentence is made.
 */
export class UserError extends Error {
  override name = "UserError";
  constructor(
    readonly code: string,
    sentence: string,
  ) {
    super(sentence);
  }
}

export type RemoteService = "webex" | "connect";

export interface RemoteFailure {
  service: RemoteService;
  /** HTTP status; absent when no answer came (time-out, reset, refused connection). */
  status?: number;
  /** The provider's own error code, such as Webex Connect's "7020". */
  code?: string;
  /** May the same call succeed later? Decided where the answer is read. */
  retryable: boolean;
  /**
   * True when the provider may have carried the call out all the same: no answer, 502, 504.
   * False when it said that it did not.
   */
  unclear: boolean;
  /** How long to wait before the same call is worth another try; ten minutes at most. */
  retryAfterMs?: number;
  /** The pause that the provider itself named, however long. */
  namedPauseMs?: number;
  trackingId?: string;
}

/** Webex or Webex Connect refused a call or could not be reached. Never shown raw to a person. */
export class RemoteError extends Error {
  override name = "RemoteError";
  constructor(
    message: string,
    readonly failure: Readonly<RemoteFailure>,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What a provider did, for a person and without addresses: "Webex answers 503". */
export function answerInWords({ service, status }: RemoteFailure): string {
  const who = service === "webex" ? "Webex" : "Webex Connect";
  if (status === undefined) return `${who} does not answer`;
  return status < 400 ? `${who} answers something strange` : `${who} answers ${status}`;
}

export interface ConfigProblem {
  variable: string;
  rule: string;
  example?: string;
}

/** The process cannot start as it is configured; holds every problem, never a secret's value. */
export class ConfigError extends Error {
  override name = "ConfigError";
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map((problem) => `${problem.variable}: ${problem.rule}`).join("\n"));
  }
}
