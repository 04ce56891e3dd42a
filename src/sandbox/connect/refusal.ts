/** An answer of Webex Connect other than "accepted": a status and a body `{code, message}`. */
export class Refusal extends Error {
  override name = "Refusal";
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const CODE_BY_STATUS: Readonly<Record<number, string>> = {
  400: "7004",
  401: "7001",
  403: "7001",
  429: "7020",
};

const INTERNAL_ERROR = "7006";

/** The refusal that the provider would give with this status, for faults that name no body. */
export function refusalWithStatus(status: number): Refusal {
  const code = CODE_BY_STATUS[status] ?? INTERNAL_ERROR;
  return new Refusal(status, code, MESSAGES[code] ?? "Internal error");
}

const MESSAGES: Readonly<Record<string, string>> = {
  "7001": "Authentication failed",
  "7004": "Invalid value",
  "7006": "Internal error",
  "7020": "Request throttled: transactions per second exceeded",
};
