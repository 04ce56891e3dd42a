import { z } from "zod";
import type { Config } from "../config";
import { RemoteError } from "../errors";
import { webhookName } from "../webex/registrar";
import type { WebexRest } from "../webex/rest";
import type { Check, CheckResult } from "./checks";

const me = z.object({ type: z.string().optional(), displayName: z.string(), orgId: z.string() });
const room = z.object({ title: z.string() });
const webhook = z.object({
  name: z.string(),
  targetUrl: z.string(),
  resource: z.string(),
  event: z.string(),
  status: z.string(),
});

const wantedWebhooks = [
  { resource: "all", event: "all" },
  { resource: "attachmentActions", event: "created" },
];

/** What Webex says about the token, the organisation, the operators' space and our webhooks. */
export function webexChecks(config: Config, rest: Pick<WebexRest, "get" | "all">): Check[] {
  return [
    { name: "bot token", run: () => checkToken(rest) },
    { name: "organisation", run: () => checkOrganisation(config, rest) },
    { name: "operators", run: () => checkOperators(config, rest) },
    { name: "webhooks", run: () => checkWebhooks(config, rest) },
  ];
}

async function checkToken(rest: Pick<WebexRest, "get">): Promise<CheckResult> {
  const person = await explained(rest.get("people/me", me), {
    401: "Webex does not know the token; make a new one at developer.webex.com, set WEBEX_BOT_TOKEN",
  });
  if ("advice" in person) return person;
  if (person.type === "bot") return { ok: true, advice: person.displayName };
  return { ok: false, advice: "WEBEX_BOT_TOKEN belongs to a person; use the token of a bot" };
}

async function checkOrganisation(
  { webex }: Config,
  rest: Pick<WebexRest, "get">,
): Promise<CheckResult> {
  const { orgId } = await rest.get("people/me", me);
  if (webex.homeOrgId === undefined) return { ok: true, advice: `the bot's own, ${orgId}` };
  if (webex.homeOrgId === orgId) return { ok: true };
  return { ok: true, advice: "HOME_ORG_ID is not the organisation that the bot belongs to" };
}

async function checkOperators(
  { webex }: Config,
  rest: Pick<WebexRest, "get">,
): Promise<CheckResult> {
  const id = webex.operatorsSpace;
  if (id === undefined) return { ok: true, advice: "none: OPERATORS_SPACE is not set" };
  const found = await explained(rest.get(`rooms/${encodeURIComponent(id)}`, room), {
    404: "the bot is not in the space that OPERATORS_SPACE names; add it, or correct the id",
  });
  return "advice" in found ? found : { ok: true };
}

async function checkWebhooks({ http }: Config, rest: Pick<WebexRest, "all">): Promise<CheckResult> {
  const targetUrl = `${http.publicUrl}/webhooks/webex`;
  const all = await rest.all("webhooks", webhook, { max: 100 });
  const active = all.filter(
    (one) =>
      one.name === webhookName(targetUrl) && one.targetUrl === targetUrl && one.status === "active",
  );
  const missing = wantedWebhooks.filter(
    ({ resource, event }) =>
      !active.some((one) => one.resource === resource && one.event === event),
  );
  if (missing.length === 0) return { ok: true };
  const names = missing.map(({ resource, event }) => `${resource}/${event}`).join(", ");
  return {
    ok: false,
    advice: `not active: ${names}; the bot makes them within a minute of its start`,
  };
}

/** The answer, or what to do about a status whose meaning is known here. */
async function explained<T extends object>(
  answer: Promise<T>,
  advices: Readonly<Record<number, string>>,
): Promise<T | { ok: false; advice: string }> {
  try {
    return await answer;
  } catch (error) {
    const status = error instanceof RemoteError ? error.failure.status : undefined;
    const advice = status === undefined ? undefined : advices[status];
    if (advice === undefined) throw error;
    return { ok: false, advice };
  }
}
