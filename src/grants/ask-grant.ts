import { createHash } from "node:crypto";
import type { Moment } from "../decision";
import type { GrantChange } from "./change";
import type { OAuthState } from "./grant";
import type { GrantWish, OAuth } from "./ports";
import { scopesOf } from "./scopes";

/** How long a link opens Webex's page of consent for who asked. */
export const LINK_TTL_MS = 10 * 60_000;
const SECRET_BYTES = 32;

export interface LinkTools {
  /** That many bytes that nobody can guess. */
  random(size: number): Buffer;
  authorizeUrl: OAuth["authorizeUrl"];
}

/** A link for one person to one grant, and the change that makes it open anything. */
export interface AskedGrant {
  change: Extract<GrantChange, { kind: "oauth-state.written" }>;
  /** For nobody but who asked. */
  url: string;
  expiresAt: number;
}

/** A new link, good once and for ten minutes; `random` gives 32 bytes each for state and verifier. */
export function askGrant(wish: GrantWish, tools: LinkTools, at: Moment): AskedGrant {
  const { isLent, kind, personId, personName } = wish;
  const state = tools.random(SECRET_BYTES).toString("base64url");
  const verifier = tools.random(SECRET_BYTES).toString("base64url");
  const asked: OAuthState = {
    id: at.newId(),
    kind,
    isLent: kind === "meetings" && isLent,
    personId,
    personName,
    verifier,
    createdAt: at.now,
    expiresAt: at.now + LINK_TTL_MS,
  };
  const url = tools.authorizeUrl({
    state,
    scopes: scopesOf[kind],
    challenge: createHash("sha256").update(verifier).digest("base64url"),
  });
  return { change: { kind: "oauth-state.written", asked, state }, url, expiresAt: asked.expiresAt };
}
