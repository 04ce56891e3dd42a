import { z } from "zod";
import type { Incoming } from "../bot/incoming";
import type { Feed, Feeds, Fetched } from "./feed";
import { type AnyObject, anyObject, type WebexRest } from "./rest";
import * as shape from "./translate";

const rawPosted = z.looseObject({ id: z.string(), roomId: z.string() });
const rawPage = z.looseObject({ items: z.array(anyObject) });
const fetchedMessage = withIncoming(shape.message);
const fetchedAction = withIncoming(shape.action);

/**
 * Puts our REST client in the place of the SDK's calls. With the SDK's own, one failed look-up of a
 * person ends the process, a failed one of a message loses it, and starting deletes webhooks
 * (seen with framework 2.3.14 and webex 2.29.3).
 */
export function replaceLookups(sdk: FrameworkSdk, rest: WebexRest, feeds: Feeds): void {
  sdk.people.get = (id) => (id === "me" ? rest.get("/people/me", anyObject) : nameless(id, feeds));
  sdk.messages.get = (id) => fetch(feeds, id, `/messages/${id}`, rest, fetchedMessage);
  sdk.messages.create = (message) => rest.post("/messages", rawPosted, message);
  sdk.attachmentActions.get = (id) =>
    fetch(feeds, id, `/attachment/actions/${id}`, rest, fetchedAction);
  sdk.rooms.get = (id) => feeds.noting(inSpace(id), rest.get(`/rooms/${id}`, anyObject));
  sdk.memberships.get = (id) => rest.get(`/memberships/${id}`, anyObject);
  sdk.memberships.list = (query) =>
    feeds.noting(inSpace(query.roomId), listMemberships(rest, query));
  replaceWebhooks(sdk);
}

/** The registrar owns the webhooks: the framework sees none and believes that it made its own. */
function replaceWebhooks(sdk: FrameworkSdk): void {
  sdk.webhooks.list = () => Promise.resolve({ items: [] });
  sdk.webhooks.create = (webhook) => Promise.resolve({ ...webhook });
  sdk.webhooks.remove = () => Promise.resolve();
}

function inSpace(spaceId: unknown): (feed: Feed) => boolean {
  return ({ envelope }) => envelope.data.roomId === spaceId;
}

/** The framework wants a person for each event and uses no more than the first address. */
function nameless(id: string, feeds: Feeds): Promise<object> {
  return Promise.resolve({ id, emails: feeds.emailsOf(id), displayName: "" });
}

async function fetch(
  feeds: Feeds,
  id: string,
  path: string,
  rest: WebexRest,
  schema: z.ZodType<Fetched>,
): Promise<AnyObject> {
  const load = (): Promise<Fetched> => rest.get(path, schema);
  const feed = feeds.get(id);
  const fetched = feed?.fetch(load) ?? load();
  const { raw } = await feeds.noting((other) => other === feed, fetched);
  return { ...raw };
}

/** In the shape of the SDK's page; the framework reads the first page only. */
async function listMemberships(
  rest: WebexRest,
  query: Record<string, string | number>,
): Promise<object> {
  const { items } = await rest.get("/memberships", rawPage, query);
  return { items, length: items.length, hasNext: () => false };
}

function withIncoming(schema: z.ZodType<Incoming>): z.ZodType<Fetched> {
  return anyObject.transform((raw, context) => {
    const parsed = schema.safeParse(raw);
    if (parsed.success) return { raw, incoming: parsed.data };
    for (const { message, path } of parsed.error.issues)
      context.addIssue({ code: "custom", message, path });
    return z.NEVER;
  });
}
