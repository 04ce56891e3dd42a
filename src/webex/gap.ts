import type { IncomingMessage } from "../bot/incoming";
import { RemoteError } from "../errors";
import type { WebhookEnvelope } from "./envelope";
import type { WebexClient } from "./webex-client";

/** Few enough to leave Webex's patience to the people who are writing just now. */
const AT_ONCE = 5;

export interface GapSearch {
  client: Pick<WebexClient, "listMentions" | "listDirect">;
  /** Its own messages are left out. */
  botId: string;
  /** `since` in milliseconds, inclusive. Direct spaces are skipped: name the person instead. */
  spaces: readonly { id: string; kind: "group" | "direct"; since: number }[];
  directPersons: readonly { id: string; since: number }[];
}

export interface Gap {
  /** As Webex would have posted them, oldest first; some may have been handled already. */
  missed: WebhookEnvelope[];
  /** Spaces and persons that could not be read, by their id; the others are complete. */
  failures: { id: string; error: RemoteError }[];
}

/**
 * What people wrote to the bot while nobody listened: mentions in group spaces, everything in
 * direct conversations. Presses on cards cannot be found again: Webex lists none.
 */
export async function findMissed(search: GapSearch): Promise<Gap> {
  const reads = readsFor(search);
  const gap: Gap = { missed: [], failures: [] };
  const found: IncomingMessage[] = [];
  for (let next = 0; next < reads.length; next += AT_ONCE) {
    const batch = reads.slice(next, next + AT_ONCE);
    found.push(...(await Promise.all(batch.map((read) => attempt(read, gap.failures)))).flat());
  }
  const byPeople = found.filter(({ personId }) => personId !== search.botId);
  gap.missed.push(...byPeople.sort((a, b) => a.at - b.at).map(toEnvelope));
  return gap;
}

interface Read {
  id: string;
  run: () => Promise<IncomingMessage[]>;
}

function readsFor({ client, spaces, directPersons }: GapSearch): Read[] {
  const groups = spaces.filter(({ kind }) => kind === "group");
  return [
    ...groups.map(({ id, since }) => ({ id, run: () => client.listMentions(id, since) })),
    ...directPersons.map(({ id, since }) => ({ id, run: () => client.listDirect(id, since) })),
  ];
}

async function attempt({ id, run }: Read, failures: Gap["failures"]): Promise<IncomingMessage[]> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    failures.push({ id, error });
    return [];
  }
}

function toEnvelope(message: IncomingMessage): WebhookEnvelope {
  return {
    resource: "messages",
    event: "created",
    data: {
      id: message.id,
      roomId: message.spaceId,
      roomType: message.spaceKind,
      personId: message.personId,
      personEmail: message.personEmail,
      created: new Date(message.at).toISOString(),
    },
  };
}
