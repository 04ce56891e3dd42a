import type { RequestHandler } from "express";
import helmet from "helmet";
import type { AcceptOutcome, ReturnFromWebex } from "../grants/accept-grant";
import type { Logger } from "../log";
import { answerOf, type CallbackOutcome } from "./callback-answers";
import { CONTENT_POLICY, renderPage } from "./callback-page";

/** Far more than Webex's answers have, and less than what Node.js takes as a request's head. */
const LONGEST_QUERY = 8_000;
const LONGEST_VALUE = 4_000;

export interface OAuthCallbackOptions {
  log: Pick<Logger, "error" | "warn">;
  /** What the bot is called, for the page. */
  botName: () => string;
  /** Absent where no integration is configured. */
  accept?: (back: ReturnFromWebex) => Promise<AcceptOutcome>;
  /** False while draining, and when nothing can be stored: the link is left as it is. */
  canStore(): Promise<boolean>;
}

/** The page's own policy: it shows itself, and asks nobody for anything. */
export const callbackHeaders: RequestHandler = helmet({
  contentSecurityPolicy: { useDefaults: false, directives: CONTENT_POLICY },
  referrerPolicy: { policy: "no-referrer" },
});

/** Answers everybody who comes back from Webex's page of consent with a page of ours. */
export function answerCallback(options: OAuthCallbackOptions): RequestHandler {
  return async (request, response) => {
    // Whoever only looks whether there is something must not use the link up.
    const isReturn = request.method === "GET";
    const outcome: CallbackOutcome = isReturn
      ? await takeReturn(options, request.originalUrl)
      : { kind: "incomplete" };
    const botName = options.botName();
    const answer = answerOf(outcome, botName);
    response.status(answer.status).type("html").send(renderPage(answer, botName));
  };
}

async function takeReturn(
  options: OAuthCallbackOptions,
  address: string,
): Promise<CallbackOutcome> {
  const { accept, log } = options;
  if (!accept) return { kind: "not-configured" };
  const back = readReturn(address);
  if (!back) return { kind: "incomplete" };
  try {
    return (await options.canStore()) ? await accept(back) : { kind: "not-ready" };
  } catch (err) {
    log.error({ err, route: "/callback" }, "a return from Webex's page of consent failed");
    return { kind: "broken" };
  }
}

/** `undefined` for what is not a return from Webex: a part missing, twice there, or too long. */
export function readReturn(address: string): ReturnFromWebex | undefined {
  const query = address.slice(address.indexOf("?") + 1);
  if (query.length > LONGEST_QUERY) return undefined;
  const given = new URLSearchParams(query);
  const [state, code, error] = ["state", "code", "error"].map((name) => onlyOne(given, name));
  if (state === undefined) return undefined;
  if (error !== undefined) return { state, error };
  return code === undefined ? undefined : { state, code };
}

function onlyOne(given: URLSearchParams, name: string): string | undefined {
  const [value = "", ...others] = given.getAll(name);
  const isGood = others.length === 0 && value !== "" && value.length <= LONGEST_VALUE;
  return isGood ? value : undefined;
}
