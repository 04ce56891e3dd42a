import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { request, startWebex, type Answer, type Webex } from "./webex-fixture";

export const VERIFIER = "a-verifier-of-forty-three-characters-or-more-1";

/** The bot's page that Webex sends browsers back to; keeps the address of each visit. */
async function startCallback() {
  const visits: URL[] = [];
  const server = createServer((incoming, response) => {
    visits.push(new URL(incoming.url ?? "", "http://callback.invalid"));
    response.writeHead(201, { "content-type": "text/html" }).end("<p>Thank you</p>");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { visits, url, close };
}

export type Callback = Awaited<ReturnType<typeof startCallback>>;

/** The Webex stand-in and the bot's page beside it, which are closed together. */
export async function startOAuth(): Promise<{ webex: Webex; callback: Callback }> {
  const webex = await startWebex();
  const callback = await startCallback();
  const close = async (): Promise<void> => {
    await callback.close();
    await webex.close();
  };
  return { webex: { ...webex, close }, callback };
}

/** A link as the bot makes it. What is undefined in `wish` is left out. */
export function linkTo(
  { world, origin }: Webex,
  redirectUri: string,
  wish: Record<string, string | undefined> = {},
): string {
  const asked: Record<string, string | undefined> = {
    response_type: "code",
    client_id: world.oauth.integration.clientId,
    redirect_uri: redirectUri,
    scope: "spark:people_read spark-admin:people_read",
    state: "a state",
    code_challenge: createHash("sha256").update(VERIFIER).digest("base64url"),
    code_challenge_method: "S256",
    ...wish,
  };
  const url = new URL(`${origin}/v1/authorize`);
  for (const [name, value] of Object.entries(asked))
    if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

/** Asks for tokens, with the integration's own credentials unless `form` names others. */
export function askTokens(webex: Webex, form: Record<string, string>): Promise<Answer> {
  const { clientId: client_id, clientSecret: client_secret } = webex.world.oauth.integration;
  const body = new URLSearchParams({ client_id, client_secret, ...form }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return request(`${webex.origin}/v1/access_token`, "POST", body, headers);
}
