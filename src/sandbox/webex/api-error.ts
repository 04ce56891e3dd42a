/** A refusal in Webex's words. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Webex also answers so where the space exists but the caller is not in it. */
export function notFound(what = "room"): ApiError {
  return new ApiError(404, `Could not find a ${what} with provided ID.`);
}
