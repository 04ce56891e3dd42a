import type { Moment } from "../decision";
import { RemoteError } from "../errors";
import type { Change } from "../incident/change";
import type { Decisions } from "../incident/ports";
import type { Logger } from "../log";
import type { Grant, GrantKind, IssuedTokens, OAuthState } from "./grant";
import { oauthRefusalOf } from "./oauth-refusal";
import type {
  AnnounceGrants,
  GrantRefusal,
  GrantStore,
  GrantWish,
  OAuth,
  PersonCheck,
} from "./ports";
import { renewalDueAt } from "./renewal";
import { scopesOf } from "./scopes";

/** What the browser of somebody who comes back from Webex carries. */
export interface ReturnFromWebex {
  state: string;
  /** Exactly one of the two is there. */
  code?: string;
  error?: string;
}

/** What became of it, for the page that the browser is shown. */
export type AcceptOutcome =
  | { kind: "granted"; grant: Grant }
  | { kind: "refused"; asked: GrantWish; refusal: GrantRefusal }
  /** Somebody came back with this link before; they were told then what came of it. */
  | { kind: "used"; grant: GrantKind }
  | { kind: "unknown" }
  /** The bot does not know its organisation yet; the link is still good. */
  | { kind: "not-ready" };

export interface AcceptGrantOptions {
  store: Pick<GrantStore, "takeState">;
  decisions: Pick<Decisions, "anywhere" | "forGrants">;
  oauth: Pick<OAuth, "exchange">;
  check: PersonCheck;
  announce: Pick<AnnounceGrants, "granted" | "refused">;
  /** `undefined` before Webex was reached. */
  homeOrgId: () => string | undefined;
  log: Pick<Logger, "info" | "warn" | "error">;
  /** Called once for each return with a word for what came of it. */
  report?: (outcome: string) => void;
}

/** What Webex said of a token that may be kept. */
interface Checked {
  me: { id: string; orgId: string; name: string };
  tokens: IssuedTokens;
}

type Judged = { checked: Checked } | { refusal: GrantRefusal };

/**
 * Takes somebody back from Webex's page of consent, at most once for each link: keeps the grant, or
 * keeps nothing and says why. Both are decided and told together; the first reading of the directory
 * begins with its grant. Rejects only for a fault of ours.
 */
export function createAcceptGrant(options: AcceptGrantOptions) {
  const { homeOrgId, report = () => undefined } = options;
  return async function accept(back: ReturnFromWebex): Promise<AcceptOutcome> {
    const orgId = homeOrgId();
    const outcome: AcceptOutcome =
      orgId === undefined ? { kind: "not-ready" } : await take(options, back, orgId);
    report(wordOf(outcome));
    return outcome;
  };
}

async function take(
  options: AcceptGrantOptions,
  back: ReturnFromWebex,
  orgId: string,
): Promise<AcceptOutcome> {
  const taken = await options.store.takeState(back.state);
  if ("asked" in taken) {
    const { asked } = taken;
    const judged = await judge(options, asked, back, orgId);
    return "refusal" in judged
      ? refuse(options, asked, judged.refusal)
      : keep(options, asked, judged.checked);
  }
  const { refused } = taken;
  options.log.info({ why: refused.why }, "a link to a grant opened nothing");
  if (refused.why === "unknown") return { kind: "unknown" };
  if (refused.why === "used") return { kind: "used", grant: refused.asked.kind };
  return refuse(options, refused.asked, { why: "expired" });
}

async function keep(
  { announce, decisions, log }: AcceptGrantOptions,
  asked: OAuthState,
  checked: Checked,
): Promise<AcceptOutcome> {
  const trigger = { kind: "oauth" as const, stateId: asked.id };
  const decided = await decisions.forGrants(trigger, asked, (state, at) => {
    const grant = grantOf(asked, checked, at);
    const told = announce.granted(grant, at, state[asked.kind]);
    return { changes: [...savedChanges(grant, checked.tokens, at), ...told], result: grant };
  });
  if (!decided.isDone) return { kind: "used", grant: asked.kind };
  const { id, kind } = decided.result;
  log.info({ grant: id, kind }, "a grant was given");
  return { kind: "granted", grant: decided.result };
}

async function refuse(
  { announce, decisions, log }: AcceptGrantOptions,
  { id, isLent, kind, personId, personName }: Omit<OAuthState, "verifier">,
  refusal: GrantRefusal,
): Promise<AcceptOutcome> {
  const asked = { isLent, kind, personId, personName };
  const trigger = { kind: "oauth" as const, stateId: id };
  await decisions.anywhere(trigger, (_state, at) => ({
    changes: announce.refused(asked, refusal, at),
    result: undefined,
  }));
  log.info({ kind, why: refusal.why }, "a grant was not taken");
  return { kind: "refused", asked, refusal };
}

async function judge(
  options: AcceptGrantOptions,
  asked: OAuthState,
  { code, error }: ReturnFromWebex,
  homeOrgId: string,
): Promise<Judged> {
  if (error === "access_denied") return { refusal: { why: "cancelled" } };
  if (code === undefined) return { refusal: webexError(error, options.log) };
  try {
    const tokens = await options.oauth.exchange(code, asked.verifier);
    return await checkTokens(options.check, asked, tokens, homeOrgId);
  } catch (failure) {
    if (!(failure instanceof RemoteError)) throw failure;
    return { refusal: refusalOf(failure, options.log) };
  }
}

/** Whose the tokens are comes first: nobody else is told anything of them. */
async function checkTokens(
  check: PersonCheck,
  asked: OAuthState,
  tokens: IssuedTokens,
  homeOrgId: string,
): Promise<Judged> {
  const me = await check.me(tokens.access);
  if (me.orgId !== homeOrgId) return { refusal: { why: "other-organisation" } };
  if (me.id !== asked.personId) return { refusal: { why: "other-person", openedBy: me.name } };
  const missing = missingScopes(asked.kind, tokens.scopes);
  if (missing.length > 0) return { refusal: { why: "missing-scope", missing } };
  const isEnough = asked.kind !== "directory" || (await check.canListPeople(tokens.access));
  return isEnough ? { checked: { me, tokens } } : { refusal: { why: "not-admin" } };
}

/** Where the answer does not tell, the calls themselves will. */
export function missingScopes(kind: GrantKind, granted: readonly string[] | undefined): string[] {
  return granted ? scopesOf[kind].filter((scope) => !granted.includes(scope)) : [];
}

function refusalOf(error: RemoteError, log: AcceptGrantOptions["log"]): GrantRefusal {
  switch (oauthRefusalOf(error)) {
    case "client":
      log.error(
        { failure: error.failure },
        "Webex does not accept CLIENT_ID and CLIENT_SECRET: put there what the integration's page shows",
      );
      return { why: "client" };
    case "grant":
      return { why: "code" };
    case undefined:
      log.warn({ failure: error.failure }, "Webex did not finish giving a grant");
      // A token that may not even ask whose it is lacks a scope, whatever the answer told.
      return error.failure.status === 403
        ? { why: "missing-scope", missing: [] }
        : { why: "unreachable" };
  }
}

/** What the browser brings is shown and logged as a word of OAuth's only. */
function webexError(error: string | undefined, log: AcceptGrantOptions["log"]): GrantRefusal {
  const word = /^[a-z_]{1,40}$/.exec(error ?? "")?.[0] ?? "unknown";
  log.warn({ error: word }, "Webex's page of consent ended with an error");
  return { why: "webex-error", error: word };
}

function grantOf(asked: OAuthState, { me, tokens }: Checked, at: Moment): Grant {
  const { accessExpiresAt, refreshExpiresAt, scopes } = tokens;
  return {
    id: at.newId(),
    kind: asked.kind,
    personId: me.id,
    personName: me.name,
    orgId: me.orgId,
    scopes: scopes ?? scopesOf[asked.kind],
    isLent: asked.isLent,
    grantedAt: at.now,
    accessExpiresAt,
    ...(refreshExpiresAt === undefined ? {} : { refreshExpiresAt }),
    dueAt: renewalDueAt(tokens, at.now),
  };
}

function savedChanges(grant: Grant, { access, refresh }: IssuedTokens, at: Moment): Change[] {
  const wanted: Change = { kind: "directory.wanted", at: at.now, askedBy: grant.personId };
  return [
    { kind: "grant.saved", grant, tokens: { access, refresh } },
    ...(grant.kind === "directory" ? [wanted] : []),
  ];
}

function wordOf(outcome: AcceptOutcome): string {
  return outcome.kind === "refused" ? outcome.refusal.why : outcome.kind;
}
