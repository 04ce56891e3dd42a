import type { z } from "zod";
import type { Removal } from "../notify/run-effect";
import type { Member } from "../roster/responder";
import { hasStatus, unless } from "./failure";
import type { WebexRest } from "./rest";
import * as shape from "./translate";
import type { WhoIs } from "./translate";

/** What we ask for per page; Webex gives fewer where its own limit is lower. */
const PAGE = 1_000;

export type Membership = z.infer<typeof shape.membership>;
export interface Added {
  personId: string;
  outcome: "added" | "already";
}

export async function listMembers(rest: WebexRest, spaceId: string): Promise<Member[]> {
  const query = { roomId: spaceId, max: PAGE };
  const memberships = await rest.all("/memberships", shape.membership, query);
  return memberships.map(({ member }) => member);
}

export async function findMembership(
  rest: WebexRest,
  spaceId: string,
  who: WhoIs,
): Promise<Membership | undefined> {
  const query = { roomId: spaceId, ...shape.personFields(who) };
  return (await unless([404], rest.first("/memberships", shape.membership, query)))?.[0];
}

export async function addMember(
  rest: WebexRest,
  spaceId: string,
  who: WhoIs & { isModerator?: boolean },
): Promise<Added> {
  const { isModerator } = who;
  const rights = isModerator === undefined ? {} : { isModerator };
  const body = { roomId: spaceId, ...shape.personFields(who), ...rights };
  try {
    const { member } = await rest.post("/memberships", shape.membership, body);
    return { personId: member.personId, outcome: "added" };
  } catch (error) {
    if (!hasStatus(error, [409])) throw error;
    const personId = await findPersonId(rest, spaceId, who);
    if (personId === undefined) throw error;
    return { personId, outcome: "already" };
  }
}

/** Looks at the membership first: whoever became a moderator since the removal was asked for stays. */
export async function removeMember(
  rest: WebexRest,
  spaceId: string,
  personId: string,
): Promise<Removal> {
  const found = await findMembership(rest, spaceId, { personId });
  if (found === undefined) return "already";
  if (found.member.isModerator) return "moderator";
  const path = `/memberships/${encodeURIComponent(found.id)}`;
  const removed = rest.delete(path).then(() => "removed" as const);
  return (await unless([404], removed)) ?? "already";
}

/** The member's own entry knows people of other organisations too; `/people` does not. */
async function findPersonId(
  rest: WebexRest,
  spaceId: string,
  who: WhoIs,
): Promise<string | undefined> {
  if ("personId" in who) return who.personId;
  const found = await findMembership(rest, spaceId, who);
  if (found !== undefined) return found.member.personId;
  return (await rest.first("/people", shape.person, { email: who.email }))[0]?.id;
}
