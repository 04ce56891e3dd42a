import type { Decision, Moment } from "../decision";
import { internalChannels } from "../roster/new-responder";
import type { Responder } from "../roster/responder";
import type { Change } from "./change";
import type { PersonRef } from "./incident";
import { leaveRoster } from "./leave-roster";
import type { ExternalsState, RosterOf } from "./space-state";

export type DeleteResult =
  | { kind: "gone" }
  | {
      kind: "deleted";
      responder: Responder;
      /** Off how many rosters they are. */
      rosters: number;
      /** In how many spaces they stay on the roster, as they are a member. */
      stays: number;
      /** The spaces among them in which an incident runs. */
      runningIn: { spaceId: string; isMember: boolean }[];
    };

/**
 * Deletes an external: off every roster, and nothing that is queued for them is sent. What
 * incidents tell of them stays, and running ones record it. Where they are a member of a space,
 * their phone goes, and they stay on its roster as any member: what they were told on Webex, and
 * what they answered, is still theirs.
 */
export function deleteExternal(
  state: ExternalsState,
  { responderId, by }: { responderId: string; by: PersonRef },
  at: Moment,
): Decision<Change, DeleteResult> {
  const known = state.externals.get(responderId);
  if (!known) return { changes: [], result: { kind: "gone" } };
  const { responder, rosters } = known;
  const stays = rosters.filter(({ isMember }) => isMember);
  const leaves = rosters.filter(({ isMember }) => !isMember);
  const isPerson = stays.length > 0;
  return {
    changes: [
      ...leaves.flatMap(({ spaceId }) => leaveRoster({ spaceId, responderId }, REASON)),
      ...stays.flatMap((one) => onWebexOnly(responder, one, at)),
      ...rosters.flatMap((one) => onTimeline(responder, one, by, at)),
      ...(isPerson ? withoutPhone(responder) : deleted(responder, at)),
    ],
    result: {
      kind: "deleted",
      responder,
      rosters: leaves.length,
      stays: stays.length,
      runningIn: rosters.flatMap(({ incidentId, isMember, spaceId }) =>
        incidentId === undefined ? [] : [{ spaceId, isMember }],
      ),
    },
  };
}

const REASON = "deleted";

function onWebexOnly({ id }: Responder, { spaceId }: RosterOf, at: Moment): Change[] {
  const channels = internalChannels;
  return [{ kind: "roster.set", spaceId, responderId: id, channels, at: at.now }];
}

/** The record is a member's from now on, who is found by no number and is not listed. */
function withoutPhone({ email, id, name, personId, version }: Responder): Change[] {
  const responder: Responder = {
    id,
    kind: "internal",
    name,
    ...(personId === undefined ? {} : { personId }),
    ...(email === undefined ? {} : { email }),
    version: version + 1,
  };
  return [
    { kind: "responder.edited", responder },
    ...(["sms", "voice"] as const).map((channel): Change => ({
      kind: "notifications.cancelled",
      filter: { responderId: id, channel, reason: REASON },
    })),
  ];
}

function deleted({ id }: Responder, at: Moment): Change[] {
  return [
    { kind: "notifications.cancelled", filter: { responderId: id, reason: REASON } },
    { kind: "responder.deleted", responderId: id, at: at.now },
  ];
}

/** Of a member it is recorded as a change of theirs: they are still called for. */
function onTimeline(
  { mobile, name, voice }: Responder,
  { incidentId, isMember }: RosterOf,
  by: PersonRef,
  at: Moment,
): Change[] {
  if (incidentId === undefined) return [];
  const common = { at: at.now, actor: by.personId };
  const fields = [
    ...(mobile === undefined ? [] : ["mobile"]),
    ...(voice === undefined ? [] : ["voice"]),
  ];
  const payload = { name, by: by.name, reason: REASON };
  return [
    {
      kind: "timeline.added",
      incidentId,
      entry: isMember
        ? { kind: "edited", ...common, payload: { ...payload, fields } }
        : { kind: "removed", ...common, payload },
    },
  ];
}
