import { uuidv7 } from "uuidv7";
import { SystemClock } from "../../src/clock";
import type { Change } from "../../src/incident/change";
import {
  externalChannels,
  internalChannels,
  internalResponder,
} from "../../src/roster/new-responder";
import type { Member, Responder } from "../../src/roster/responder";
import type { SandboxSpace, World } from "../../src/sandbox/world";
import { openStore } from "../../src/store/open-store";

/** A bot's database before the bot's first start. */
export interface PreparedDatabase {
  databaseUrl: string;
  /** As in `ENCRYPTION_KEY`. */
  encryptionKey: string;
}

/**
 * Writes spaces into a database as if Muster had read them, with their members and these externals
 * on each roster. It goes through the store, which is as real as through the chat and much faster.
 */
export async function prepareDatabase(
  { databaseUrl, encryptionKey }: PreparedDatabase,
  world: World,
  spaces: readonly SandboxSpace[],
  externals: readonly Responder[] = [],
): Promise<void> {
  const store = await openStore({
    databaseUrl,
    encryptionKeys: [Buffer.from(encryptionKey, "base64")],
    clock: new SystemClock(),
    limits: { textsPerHour: 1, callsPerHour: 1 },
    rates: {},
  });
  const people = new Map<string, Responder>();
  try {
    await store.anywhere({ kind: "reading" }, (_state, { now }) => ({
      changes: [
        ...externals.map((responder): Change => ({
          kind: "responder.created",
          responder,
          at: now,
        })),
        ...spaces.flatMap((space) => knownSpace(world, space, people, externals, now)),
      ],
      result: undefined,
    }));
  } finally {
    await store.close();
  }
}

function knownSpace(
  world: World,
  space: SandboxSpace,
  people: Map<string, Responder>,
  externals: readonly Responder[],
  at: number,
): Change[] {
  const members = world.membersOf(space.id).map(({ personId, isModerator }): Member => {
    const { displayName, email, orgId, type } = world.person(personId);
    return { personId, name: displayName, email, orgId, isModerator, isBot: type === "bot" };
  });
  const onRoster = members.filter((member) => !member.isBot);
  const fresh = onRoster.filter(({ personId }) => !people.has(personId));
  for (const member of fresh) people.set(member.personId, internalResponder(member, uuidv7()));
  const responders = onRoster.map(({ personId }) => people.get(personId)!);
  return [
    {
      kind: "space.saved",
      space: {
        id: space.id,
        title: space.title,
        kind: "group",
        isModerated: space.isLocked,
        isAnnouncementOnly: space.isAnnouncementOnly,
        ownerOrgId: space.orgId,
      },
      botIsModerator: members.some(({ isBot, isModerator }) => isBot && isModerator),
      at,
    },
    ...members.map((member): Change => ({ kind: "member.saved", spaceId: space.id, member })),
    ...fresh.map(({ personId }): Change => ({
      kind: "responder.created",
      responder: people.get(personId)!,
      at,
    })),
    ...responders.map(({ id }): Change => ({
      kind: "roster.set",
      spaceId: space.id,
      responderId: id,
      channels: internalChannels,
      at,
    })),
    ...externals.map((responder): Change => ({
      kind: "roster.set",
      spaceId: space.id,
      responderId: responder.id,
      channels: externalChannels(responder),
      at,
    })),
  ];
}

/** People outside Webex with an e-mail, a mobile and another number: all three channels are on. */
export function reachableExternals(count: number): Responder[] {
  return Array.from({ length: count }, (_, index) => ({
    id: uuidv7(),
    kind: "external" as const,
    name: `Responder ${index + 1}`,
    email: `responder${index + 1}@outside.example`,
    mobile: `+1408555${String(1_000 + index)}`,
    voice: `+1408556${String(1_000 + index)}`,
    version: 1,
  }));
}
