import type { RemoteFailure } from "../../src/errors";

const HTML = "<html><h1>Bad Gateway</h1></html>";

/** Both shapes in which Webex says why; what they quote must get nowhere. */
export const refusalBodies = {
  webex: {
    message: "The request by ana@corp.example was invalid.",
    errors: [{ description: "The request by ana@corp.example was invalid." }],
    trackingId: "ROUTER_1",
  },
  oauth: { error: "invalid_request", error_description: "ana@corp.example was invalid" },
} as const;

export interface Documented {
  name: string;
  status: number;
  body: string | object;
  headers: Record<string, string>;
  expected: Partial<RemoteFailure>;
}

const forGood = { retryable: false, unclear: false };
const later = { retryable: true, unclear: false };
const unclear = { retryable: true, unclear: true };

/** Every refusal that Webex's API description names for its end points, and how it ends. */
export const documentedRefusals: readonly Documented[] = [
  refusal("400 in Webex's shape", 400, forGood, { trackingId: "ROUTER_1" }),
  { ...refusal("400 in OAuth's shape", 400, forGood), body: refusalBodies.oauth },
  refusal("401", 401, forGood),
  refusal("403", 403, forGood),
  refusal("404", 404, forGood),
  refusal("405", 405, forGood),
  refusal("409", 409, forGood),
  refusal("410", 410, forGood),
  refusal("415", 415, forGood),
  refusal("423 with Retry-After", 423, later, { retryAfterMs: 7_000 }, { "retry-after": "7" }),
  refusal("428", 428, forGood),
  refusal("429 with Retry-After", 429, later, { retryAfterMs: 9_000 }, { "retry-after": "9" }),
  refusal("429 without Retry-After", 429, later, { retryAfterMs: 15_000 }),
  refusal("500", 500, later),
  { ...refusal("502 in HTML", 502, unclear), body: HTML, headers: { "content-type": "text/html" } },
  refusal("503", 503, later),
  refusal("504", 504, unclear),
];

/** Answers that look like one and are none; any of them is a failure, whatever was asked. */
export const brokenBodies: readonly (readonly [string, string])[] = [
  ["broken JSON", '{"id":'],
  ["nothing", ""],
  ["HTML", "<html>maintenance</html>"],
  ["null", "null"],
  ["a list", "[]"],
  ["a text", '"text"'],
];

function refusal(
  name: string,
  status: number,
  kind: Partial<RemoteFailure>,
  more: Partial<RemoteFailure> = {},
  headers: Record<string, string> = {},
): Documented {
  return { name, status, headers, body: refusalBodies.webex, expected: { ...kind, ...more } };
}
