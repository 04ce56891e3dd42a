import { membershipAdded } from "../incident/membership-added";
import { UnknownSpaceError, type Decisions } from "../incident/ports";
import { membershipRemoved } from "../incident/remove-responder";
import type { AttemptRecord, ClaimedRow, Effect } from "../notify/outbox-row";
import type { MembershipResult } from "../notify/run-effect";
import { announceMembership, type Announcer } from "./announce";
import { nowOnWebex } from "./views/sentences";
import { shown } from "./views/text";

type Add = Extract<Effect, { kind: "membership-add" }>;
type Remove = Extract<Effect, { kind: "membership-remove" }>;

/** Decides on what Webex said to a membership change; the effect ends in the same transaction. */
export async function decideMembership(
  decisions: Decisions,
  announcer: Announcer,
  row: ClaimedRow & { effect: Effect },
  result: MembershipResult,
  record: AttemptRecord,
): Promise<void> {
  const { effect } = row;
  try {
    if (effect.kind === "membership-add") await added(decisions, announcer, effect, result, record);
    if (effect.kind === "membership-remove") await removed(decisions, effect, result, record);
  } catch (error) {
    if (!(error instanceof UnknownSpaceError)) throw error;
    // The space is gone, and with it everybody who could be told: the effect just ends.
    await decisions.anywhere({ kind: "effect", record }, () => ({
      changes: [],
      result: undefined,
    }));
  }
}

async function added(
  decisions: Decisions,
  { settings }: Announcer,
  effect: Add,
  result: MembershipResult,
  record: AttemptRecord,
): Promise<void> {
  const { asker, spaceId, invitee, channels } = effect;
  const trigger = { kind: "effect" as const, record };
  if (result.kind !== "added") {
    const reason = result.kind === "refused" ? result.reason : "";
    const who = asker.isDirect
      ? "You"
      : shown(invitee.by === "email" ? invitee.email : invitee.name);
    const was = asker.isDirect ? "were" : "was";
    await decisions.anywhere(trigger, (_state, at) => ({
      changes: announceMembership(spaceId, asker, `${who} ${was} not added: ${reason}.`, at),
      result: undefined,
    }));
    return;
  }
  const { member } = result;
  const about = {
    spaceId,
    personIds: [member.personId],
    emails: [member.email],
    withNumbers: channels !== undefined,
  };
  await decisions.forReading(trigger, about, (state, at) => {
    // The space was lost meanwhile: should the bot come back, it is read anew.
    if (!state.known) return { changes: [], result: undefined };
    const input = { spaceId, member, by: asker, settings, ...(channels ? { channels } : {}) };
    const { changes, result: outcome } = membershipAdded(state, input, at);
    const told = outcome.isInvited ? " and is told now" : "";
    const sentence = asker.isDirect
      ? `You are in **${shown(state.known.space.title)}** now.`
      : `${shown(member.name)} is in the space${told}.`;
    const announced = asker.isTeam ? [] : announceMembership(spaceId, asker, sentence, at);
    const found = outcome.nowOnWebex
      ? announceMembership(
          spaceId,
          { ...asker, isDirect: false },
          nowOnWebex([outcome.nowOnWebex]),
          at,
        )
      : [];
    return { changes: [...changes, ...announced, ...found], result: undefined };
  });
}

async function removed(
  decisions: Decisions,
  effect: Remove,
  result: MembershipResult,
  record: AttemptRecord,
): Promise<void> {
  const { asker, personId, spaceId } = effect;
  const outcome =
    result.kind === "refused"
      ? ({ kind: "refused", reason: result.reason } as const)
      : ({ kind: "removed" } as const);
  await decisions.inSpace({ kind: "effect", record }, { spaceId }, (state, at) => {
    const input = {
      personId,
      by: asker,
      outcome,
      ...(asker.incidentId === undefined ? {} : { stoppedIncidentId: asker.incidentId }),
    };
    const { changes, result: what } = membershipRemoved(state, input, at);
    const name = shown(what.name);
    const sentence =
      outcome.kind === "refused"
        ? `${name} was not removed: ${outcome.reason}.`
        : `${name} is no longer in the space.`;
    // A stop tells how many it removes; only what went wrong is worth another line.
    const isWorthTelling = !asker.isStop || outcome.kind === "refused";
    const told = isWorthTelling ? announceMembership(spaceId, asker, sentence, at) : [];
    return { changes: [...changes, ...told], result: undefined };
  });
}
