import { RemoteError } from "../errors";
import type { OAuthRefusal } from "./ports";

const refusals: Readonly<Record<string, OAuthRefusal>> = {
  "oauth-client": "client",
  "oauth-grant": "grant",
};

/** Why Webex hands out no tokens; `undefined` for any other failure, which may pass. */
export function oauthRefusalOf(error: unknown): OAuthRefusal | undefined {
  if (!(error instanceof RemoteError)) return undefined;
  const { code, service } = error.failure;
  return service === "webex" && code !== undefined ? refusals[code] : undefined;
}
