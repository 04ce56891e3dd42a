import type { SandboxPerson } from "../model";
import type { WorldState } from "../world-state";
import { ApiError } from "./api-error";
import type { Answer, OpenCall, OpenRoute } from "./call";
import { ok } from "./call";
import { consentPage, refusalPage, type Page } from "./consent-page";
import { OAuthError, type OAuthServer } from "./oauth";

/** Called without an access token: these hand them out. */
export const oauthRoutes: OpenRoute[] = [
  open("get", "/authorize", (call) => authorize(call, call.query)),
  open("post", "/authorize", (call) => authorize(call, call.form())),
  open("post", "/access_token", giveTokens),
];

const MOST_CHOICES = 200;
const NOT_KEPT = ["person", "decision", "as"];
/** A value that long comes up in a message only where the link does. */
const TELLING_STATE = 16;

function open(method: OpenRoute["method"], path: string, answer: OpenRoute["answer"]): OpenRoute {
  return { isOpen: true, method, path, answer };
}

/** Shows what is asked for, or carries the person's answer back to the integration. */
function authorize(call: OpenCall, asked: URLSearchParams): Answer {
  const { oauth } = call.state;
  const redirectUri = asked.get("redirect_uri") ?? "";
  if (asked.get("client_id") !== oauth.integration.clientId)
    return refuse("The client_id is not that of an integration.");
  if (!oauth.isRegistered(redirectUri))
    return refuse("The redirect_uri is not registered for this integration.");
  const problem = problemOf(oauth, asked);
  if (problem !== undefined) return goBack(asked, { error: problem });
  const decision = asked.get("decision");
  if (decision === null) return show(call, asked);
  if (decision !== "accept") return goBack(asked, { error: "access_denied" });
  return agree(call, asked);
}

function problemOf({ integration }: OAuthServer, asked: URLSearchParams): string | undefined {
  if (asked.get("response_type") !== "code") return "unsupported_response_type";
  const scopes = scopesOf(asked);
  const isKnown = scopes.every((scope) => integration.scopes.includes(scope));
  if (scopes.length === 0 || !isKnown) return "invalid_scope";
  const method = asked.get("code_challenge_method");
  const isPlain = asked.has("code_challenge") ? method !== "S256" : method !== null;
  return isPlain ? "invalid_request" : undefined;
}

function scopesOf(asked: URLSearchParams): string[] {
  return (asked.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
}

function show({ state }: OpenCall, asked: URLSearchParams): Answer {
  const request = new URLSearchParams([...asked].filter(([name]) => !NOT_KEPT.includes(name)));
  const all = [...state.people.values()].filter(({ type }) => type === "person");
  const chosen = find(state, asked.get("as") ?? "") ?? receiverOf(state, asked.get("state") ?? "");
  const isFirst = (person: SandboxPerson): boolean => person.id === chosen?.id;
  const others = all.filter((person) => !isFirst(person)).slice(0, MOST_CHOICES);
  const people = all.filter((person) => isFirst(person) || others.includes(person));
  const { name: integration } = state.oauth.integration;
  return shown(200, consentPage({ integration, request, people, personId: chosen?.id }));
}

/** Whoever the link was written to: a link that asks for agreement is meant for one person. */
function receiverOf(state: WorldState, value: string): SandboxPerson | undefined {
  if (value.length < TELLING_STATE) return undefined;
  const sent = [...state.messages.values()].findLast(({ text, html, attachments }) =>
    JSON.stringify([text, html, attachments]).includes(encodeURIComponent(value)),
  );
  if (!sent || state.spaces.get(sent.spaceId)?.type !== "direct") return undefined;
  const members = state.membersOf(sent.spaceId).map(({ personId }) => state.people.get(personId));
  return members.find((member) => member?.type === "person");
}

/** A person by id, e-mail or name. */
function find(state: WorldState, who: string): SandboxPerson | undefined {
  const isNamed = ({ displayName, type }: SandboxPerson): boolean =>
    displayName === who && type === "person";
  const found =
    state.people.get(who) ??
    state.personByEmail(who) ??
    [...state.people.values()].findLast(isNamed);
  return found?.type === "person" ? found : undefined;
}

function agree({ state }: OpenCall, asked: URLSearchParams): Answer {
  const person = find(state, asked.get("person") ?? "");
  if (!person) return refuse("There is no such person to sign in as.");
  const code = state.oauth.agree({
    personId: person.id,
    clientId: asked.get("client_id") ?? "",
    redirectUri: asked.get("redirect_uri") ?? "",
    scopes: scopesOf(asked),
    challenge: asked.get("code_challenge") ?? undefined,
  });
  return goBack(asked, { code });
}

function goBack(asked: URLSearchParams, result: Record<string, string>): Answer {
  const target = new URL(asked.get("redirect_uri") ?? "");
  for (const [name, value] of Object.entries(result)) target.searchParams.set(name, value);
  const state = asked.get("state");
  if (state !== null) target.searchParams.set("state", state);
  return { status: 302, headers: { Location: target.href } };
}

function refuse(sentence: string): Answer {
  return shown(400, refusalPage(sentence));
}

function shown(status: number, { html, headers }: Page): Answer {
  return { status, body: html, headers };
}

function giveTokens({ state, form }: OpenCall): Answer {
  const { oauth } = state;
  try {
    const asked = form();
    checkClient(oauth, asked);
    return ok(tokensFor(oauth, asked));
  } catch (error) {
    if (error instanceof OAuthError) return refuseTokens(oauth, error);
    throw error;
  }
}

function checkClient({ integration }: OAuthServer, asked: URLSearchParams): void {
  const isOurs = asked.get("client_id") === integration.clientId;
  if (isOurs && asked.get("client_secret") === integration.clientSecret) return;
  throw new OAuthError("invalid_client", "The client credentials are invalid.");
}

function tokensFor(oauth: OAuthServer, asked: URLSearchParams): object {
  const kind = asked.get("grant_type");
  if (kind === "refresh_token") return oauth.renew(asked.get("refresh_token") ?? "");
  if (kind !== "authorization_code")
    throw new OAuthError("unsupported_grant_type", "The grant_type is not supported.");
  return oauth.exchange({
    code: asked.get("code") ?? "",
    redirectUri: asked.get("redirect_uri") ?? "",
    verifier: asked.get("code_verifier") ?? undefined,
  });
}

function refuseTokens({ settings }: OAuthServer, { problem, message }: OAuthError): Answer {
  const status = statusOf(settings, problem);
  if (settings.errorStyle === "webex") throw new ApiError(status, message);
  return { status, body: { error: problem, error_description: message } };
}

function statusOf(settings: OAuthServer["settings"], problem: OAuthError["problem"]): number {
  if (problem === "invalid_client") return settings.badClientStatus;
  return problem === "invalid_grant" ? settings.badGrantStatus : 400;
}
