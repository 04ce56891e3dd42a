import { randomBytes } from "node:crypto";
import { announceGrants } from "../bot/announce-grants";
import type { GrantTools, Integration } from "../bot/grant-tools";
import type { Config } from "../config";
import {
  createAcceptGrant,
  type AcceptOutcome,
  type ReturnFromWebex,
} from "../grants/accept-grant";
import { askGrant } from "../grants/ask-grant";
import type { GrantUse, OAuth } from "../grants/ports";
import { createGrantUse } from "../grants/use-grant";
import type { LaneRunner } from "../notify/lane-runner";
import { countingFetch, proxied } from "../outgoing";
import { createAsPerson, type AsPerson } from "../webex/as-person";
import { createOAuth } from "../webex/oauth";
import { WebexRest } from "../webex/rest";
import { timerRunner } from "./timer-runner";
import type { Wiring } from "./wiring";

/** What the integration at Webex makes possible. */
export interface Grants {
  use: GrantUse;
  asPerson: AsPerson;
  integration: Integration;
  /** Takes somebody back from Webex's page of consent. */
  accept: (back: ReturnFromWebex) => Promise<AcceptOutcome>;
  /** What renews grants before they expire. */
  timer: LaneRunner;
}

/** `undefined` without CLIENT_ID and CLIENT_SECRET. */
export function createGrants(wiring: Omit<Wiring, "grants">): Grants | undefined {
  const { config, identity, parts, store } = wiring;
  if (!config.webex.integration) return undefined;
  const { log, metrics } = parts;
  const { asPerson, oauth } = createEndPoints(wiring, config.webex.integration);
  const ask: Integration["ask"] = (wish, at) =>
    askGrant(wish, { random: randomBytes, authorizeUrl: (more) => oauth.authorizeUrl(more) }, at);
  const shared = { announce: announceGrants({ ask }), decisions: store, log, oauth };
  const use = createGrantUse({
    ...shared,
    store: store.grants,
    underLease: (name, ms, work) => store.underLease(name, ms, work),
    clock: parts.clock,
    report: (outcome) => metrics.grantRenewals.inc({ outcome }),
  });
  const accept = createAcceptGrant({
    ...shared,
    store: store.grants,
    check: asPerson,
    homeOrgId: () => config.webex.homeOrgId ?? identity()?.orgId,
    report: (outcome) => metrics.grantReturns.inc({ outcome }),
  });
  const isAdmin: Integration["isAdmin"] = (grantId, personId) =>
    use.use(grantId, (token) => asPerson.isAdmin(token, personId));
  const timer = timerRunner(wiring, use.timer, {
    idOf: (grant) => grant.id,
    postpone: (grant, dueAt) => store.grants.postponeGrant(grant, dueAt),
  });
  return { use, asPerson, integration: { ask, isAdmin }, accept, timer };
}

/** Webex, as the integration and as whoever gave a grant see it. */
function createEndPoints(
  { config, parts }: Omit<Wiring, "grants">,
  integration: NonNullable<Config["webex"]["integration"]>,
): { oauth: OAuth; asPerson: AsPerson } {
  const { clock, log, metrics } = parts;
  const { apiUrl } = config.webex;
  const fetch = countingFetch("webex", proxied(config), metrics);
  const redirectUri = `${config.http.publicUrl}/callback`;
  const oauth = createOAuth({ ...integration, apiUrl, redirectUri, clock, fetch, log });
  const asPerson = createAsPerson(
    (token) => new WebexRest({ baseUrl: apiUrl, clock, fetch, log, token }),
  );
  return { oauth, asPerson };
}

/** What the bot's commands about grants need. */
export function grantTools({ grants, store }: Wiring): GrantTools {
  return {
    ...(grants ? { integration: grants.integration } : {}),
    directoryGrant: () => store.grants.directoryGrant(),
    directoryStatus: () => store.directory.status(),
    meetingsGrants: (personIds) => store.grants.meetingsGrants(personIds),
    moderatorsOf: (spaceId) => store.queries.moderatorsOf(spaceId),
    clearDirectory: () => store.directory.clear(),
  };
}
