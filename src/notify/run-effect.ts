import { RemoteError } from "../errors";
import type { Member } from "../roster/responder";
import type { Post } from "./notification";
import type { ClaimedRow, Effect, Recipient } from "./outbox-row";
import { reasonOf } from "./senders";

/** What effects need of Webex. Every call throws a `RemoteError` when it fails. */
export interface Talk {
  post(to: Recipient, post: Post): Promise<{ messageId: string }>;
  edit(spaceId: string, messageId: string, markdown: string): Promise<void>;
  deleteMessage(messageId: string): Promise<void>;
  addMember(
    spaceId: string,
    who: ({ personId: string } | { email: string }) & { isModerator?: boolean },
  ): Promise<{ personId: string }>;
  getMembership(spaceId: string, personId: string): Promise<Member | undefined>;
  removeMember(spaceId: string, personId: string): Promise<Removal>;
  /** Said twice to the provider it is still one text; "duplicate": it says that it has it. */
  sendText(
    row: Pick<ClaimedRow, "id" | "keyNumber" | "expiresAt">,
    text: { to: string; text: string },
  ): Promise<{ providerId: string } | "duplicate">;
  /** Ended also where it was over already; "no grant": whoever opened it took the right back. */
  endMeeting(grantId: string, meetingId: string): Promise<"ended" | "no grant">;
  /** Lets everybody in who waits in the lobby; gives how many. May be done twice. */
  admitWaiting(hostPersonId: string, meetingId: string): Promise<number | "no grant">;
}

/** Done, done before, or left alone since a moderator is never removed. */
export type Removal = "removed" | "already" | "moderator";

/** What came of an effect that a decision waits for. */
export type MembershipResult =
  { kind: "added"; member: Member } | { kind: "removed" } | { kind: "refused"; reason: string };

/** A meeting that should have ended and did not. */
export type MeetingGoesOn = { why: "no grant" } | { why: "refused"; reason: string };

/** What came of letting in who waits in a meeting's lobby. */
export type LobbyResult =
  { kind: "admitted"; count: number } | { kind: "no-grant" } | { kind: "refused"; reason: string };

export type EffectResult =
  | { kind: "done"; providerId?: string }
  /** The provider says that it has done it before. */
  | { kind: "duplicate" }
  | { kind: "membership"; result: MembershipResult }
  | { kind: "meeting-goes-on"; result: MeetingGoesOn }
  | { kind: "lobby"; result: LobbyResult };

/**
 * Carries an effect out once. A membership change, a meeting's end or what is asked of its lobby
 * that Webex refuses, or that it did not answer until its time was over, is a result; what may be
 * tried again is thrown.
 */
export async function runEffect(
  row: ClaimedRow & { effect: Effect },
  talk: Talk,
  now: number,
): Promise<EffectResult> {
  const { effect } = row;
  switch (effect.kind) {
    case "reply":
      return { kind: "done", providerId: await reply(effect.to, effect.post, talk) };
    case "text":
      return text(await talk.sendText(row, effect));
    case "message-edit":
      await talk.edit(effect.spaceId, effect.messageId, effect.markdown);
      return { kind: "done" };
    case "message-delete":
      await talk.deleteMessage(effect.messageId);
      return { kind: "done" };
    case "membership-add":
    case "membership-remove":
      if (row.expiresAt <= now) return refused(TOO_LATE);
      return membership(effect, talk);
    case "meeting-end":
      if (row.expiresAt <= now) return goesOn({ why: "refused", reason: TOO_LATE });
      return endMeeting(effect, talk);
    case "lobby-admit":
      if (row.expiresAt <= now) return lobby({ kind: "refused", reason: TOO_LATE });
      return admitWaiting(row, effect, talk, now);
  }
}

const TOO_LATE = "Webex did not answer in time";

async function reply(to: Recipient, post: Post, talk: Talk): Promise<string> {
  try {
    return (await talk.post(to, post)).messageId;
  } catch (error) {
    const personId = to.kind === "space" ? to.fallbackPersonId : undefined;
    if (personId === undefined || !isForbidden(error)) throw error;
    // In a space for announcements only moderators may write.
    return (await talk.post({ kind: "person", personId }, post)).messageId;
  }
}

function text(sent: Awaited<ReturnType<Talk["sendText"]>>): EffectResult {
  return sent === "duplicate" ? { kind: "duplicate" } : { kind: "done", ...sent };
}

function isForbidden(error: unknown): boolean {
  return error instanceof RemoteError && error.failure.status === 403;
}

async function membership(
  effect: Extract<Effect, { kind: "membership-add" | "membership-remove" }>,
  talk: Talk,
): Promise<EffectResult> {
  try {
    if (effect.kind === "membership-add") return await add(effect, talk);
    const removal = await talk.removeMember(effect.spaceId, effect.personId);
    if (removal === "moderator") return refused("is a moderator and stays");
    return { kind: "membership", result: { kind: "removed" } };
  } catch (error) {
    if (!(error instanceof RemoteError) || error.failure.retryable) throw error;
    return refused(whyRefused(error));
  }
}

async function add(
  effect: Extract<Effect, { kind: "membership-add" }>,
  talk: Talk,
): Promise<EffectResult> {
  const { invitee, isModerator, spaceId } = effect;
  const who = invitee.by === "email" ? { email: invitee.email } : { personId: invitee.personId };
  const rights = isModerator === undefined ? {} : { isModerator };
  const { personId } = await talk.addMember(spaceId, { ...who, ...rights });
  const member = await talk.getMembership(spaceId, personId);
  if (!member) return refused("Webex does not show them as a member");
  return { kind: "membership", result: { kind: "added", member } };
}

async function endMeeting(
  { grantId, meetingId }: Extract<Effect, { kind: "meeting-end" }>,
  talk: Talk,
): Promise<EffectResult> {
  try {
    const end = await talk.endMeeting(grantId, meetingId);
    return end === "ended" ? { kind: "done" } : goesOn({ why: "no grant" });
  } catch (error) {
    if (!(error instanceof RemoteError) || error.failure.retryable) throw error;
    const isHosts = error.failure.status === 403;
    const reason = isHosts ? "Webex lets only its host do that" : whyRefused(error);
    return goesOn({ why: "refused", reason });
  }
}

/** Whoever pressed is waiting: what would be tried again only after their time is refused now. */
async function admitWaiting(
  { expiresAt }: ClaimedRow,
  { hostPersonId, meetingId }: Extract<Effect, { kind: "lobby-admit" }>,
  talk: Talk,
  now: number,
): Promise<EffectResult> {
  try {
    const count = await talk.admitWaiting(hostPersonId, meetingId);
    return lobby(count === "no grant" ? { kind: "no-grant" } : { kind: "admitted", count });
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    const { retryable, retryAfterMs = 0, status } = error.failure;
    if (retryable && now + retryAfterMs < expiresAt) throw error;
    const isHosts = status === 403;
    const reason = isHosts ? "Webex lets only its host do that" : whyRefused(error);
    return lobby({ kind: "refused", reason });
  }
}

function lobby(result: LobbyResult): EffectResult {
  return { kind: "lobby", result };
}

function goesOn(result: MeetingGoesOn): EffectResult {
  return { kind: "meeting-goes-on", result };
}

function refused(reason: string): EffectResult {
  return { kind: "membership", result: { kind: "refused", reason } };
}

function whyRefused(error: RemoteError): string {
  const { status } = error.failure;
  if (status === 403) return "Webex does not allow it";
  if (status === 404) return "Webex does not find them";
  if (status === 400) return "Webex does not accept it";
  return reasonOf(error.failure);
}
