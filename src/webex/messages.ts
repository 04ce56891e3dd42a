import type { IncomingMessage } from "../bot/incoming";
import { unless } from "./failure";
import type { Query, WebexRest } from "./rest";
import * as shape from "./translate";
import type { WhoIs } from "./translate";

/** The most that `GET /messages` gives with `mentionedPeople`. */
const MENTIONS_PAGE = 100;

export function listMentions(
  rest: WebexRest,
  spaceId: string,
  sinceMs: number,
): Promise<IncomingMessage[]> {
  const query = { roomId: spaceId, mentionedPeople: "me", max: MENTIONS_PAGE };
  return messagesSince(rest, "/messages", query, sinceMs);
}

export async function listDirect(
  rest: WebexRest,
  personId: string,
  sinceMs: number,
): Promise<IncomingMessage[]> {
  const messages = messagesSince(rest, "/messages/direct", { personId }, sinceMs);
  return (await unless([404], messages)) ?? [];
}

/** `GET /messages/direct` takes no `max`; it gives the newest, as many as Webex thinks right. */
export async function findCardMessage(
  rest: WebexRest,
  search: { who: WhoIs; writtenBy: string; cardId: string },
): Promise<string | undefined> {
  const page = rest.first("/messages/direct", shape.writtenCard, shape.personFields(search.who));
  const messages = (await unless([403, 404], page)) ?? [];
  const ours = messages.find(
    ({ personId, attachments }) =>
      personId === search.writtenBy &&
      JSON.stringify(attachments ?? []).includes(JSON.stringify(search.cardId)),
  );
  return ours?.id;
}

/** Webex lists the newest first, so the first older one ends the reading. */
async function messagesSince(
  rest: WebexRest,
  path: string,
  query: Query,
  sinceMs: number,
): Promise<IncomingMessage[]> {
  const found: IncomingMessage[] = [];
  for await (const page of rest.pages(path, shape.message, query)) {
    const fresh = page.filter(({ at }) => at >= sinceMs);
    found.push(...fresh);
    if (fresh.length < page.length) break;
  }
  return found.reverse();
}
