import { RemoteError } from "../errors";
import { lostCall, refusedCall } from "./failure";

const frameworkFrame = /[\\/]node_modules[\\/](webex|@webex|webex-node-bot-framework)[\\/]/;

/**
 * Was it made inside the framework or the SDK? Judged by where its stack begins: the innermost
 * frame that is theirs or ours decides, so that our own error passing through them stays ours.
 */
export function isFrameworkError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const innermost = frames.find((frame) => frameworkFrame.test(frame) || isOurs(frame));
  return innermost !== undefined && frameworkFrame.test(innermost);
}

function isOurs(frame: string): boolean {
  return !/[\\/]node_modules[\\/]|node:|<anonymous>/.test(frame);
}

/** The SDK did not learn who we are (undefined: in time), though our own client just did. */
export function startFailure(error: unknown): RemoteError {
  if (error instanceof RemoteError) return error;
  const asked = { method: "GET", path: "/people/me (SDK)", trackingId: "" };
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 0;
  if (!(status >= 400)) return lostCall(asked, error, error === undefined);
  return refusedCall(asked, { status, retryAfter: null, trackingId: undefined, now: 0 });
}

/** The framework took the event and did not report it; the same event may go through later. */
export function unreported(): RemoteError {
  return new RemoteError("The framework did not report the event", {
    service: "webex",
    retryable: true,
    unclear: false,
  });
}
