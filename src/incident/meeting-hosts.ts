import type { Grant } from "../grants/grant";
import type { Conference } from "../notify/notification";
import { refusalNote } from "./meeting-refusal";

/** What is known of a running incident when its conference is looked for. */
export interface MeetingBasis {
  /** Who started the incident. */
  starterId: string;
  /** Of the space's members of our organisation, those who moderate, and who started. */
  members: readonly { personId: string; isModerator: boolean }[];
  conference?: Conference;
  /** When `meetingInfo` was last refused for good in this space. */
  meetingInfoEndedAt?: number;
}

export interface Hosts {
  /** To be asked with, in this order. */
  usable: Grant[];
  /** Webex refused one of theirs not long ago: not asked with for a while. */
  resting: Grant[];
}

/**
 * With whose grants a meeting may be opened: the one of the present meeting first, since Webex then
 * gives that meeting again; then of who started; then of other moderators, if they lent theirs, the
 * newest first. Dead ones are left out, and so is who is no member any more.
 */
export function meetingHosts(basis: MeetingBasis, grants: readonly Grant[], now: number): Hosts {
  const allowed = grants.filter((grant) => isAllowed(basis, grant));
  const inOrder = allowed.sort(
    (a, b) => rankOf(basis, a) - rankOf(basis, b) || b.grantedAt - a.grantedAt,
  );
  return {
    usable: inOrder.filter((grant) => !isResting(grant, now)),
    resting: inOrder.filter((grant) => isResting(grant, now)),
  };
}

function isResting({ restsUntil = 0 }: Grant, now: number): boolean {
  return restsUntil > now;
}

/** What went wrong with a grant when it was last used, in words without secrets. */
export interface StandingRefusal {
  why: string;
  /** It is not used before. */
  until?: number;
}

/** `undefined` where nothing went wrong, or a used up quota is full again. */
export function standingRefusal(grant: Grant, now: number): StandingRefusal | undefined {
  const { lastError: why, restsUntil } = grant;
  if (why === undefined) return undefined;
  if (restsUntil === undefined) return { why };
  if (isResting(grant, now)) return { why, until: restsUntil };
  return why === refusalNote({ why: "quota", until: restsUntil }) ? undefined : { why };
}

function isAllowed({ members, starterId }: MeetingBasis, grant: Grant): boolean {
  const { diedAt, isLent, kind, personId } = grant;
  if (kind !== "meetings" || diedAt !== undefined) return false;
  const member = members.find((one) => one.personId === personId);
  if (!member) return false;
  return personId === starterId || (member.isModerator && isLent);
}

function rankOf({ conference, starterId }: MeetingBasis, { id, personId }: Grant): number {
  if (id === conference?.meeting?.grantId) return 0;
  return personId === starterId ? 1 : 2;
}
