import type { Decision, Moment } from "../decision";
import type { ExternalFacts } from "../roster/external-fields";
import { externalChannels } from "../roster/new-responder";
import type { Channel } from "../notify/notification";
import type { Responder } from "../roster/responder";
import type { Change } from "./change";
import type { PersonRef } from "./incident";
import type { ExternalsState, RosterOf } from "./space-state";
import { rereadSpace } from "./tie-members";

export interface EditInput {
  responderId: string;
  /** The version that the person saw who edits. */
  version: number;
  external: ExternalFacts;
  by: PersonRef;
}

export type EditResult =
  | { kind: "gone" }
  | { kind: "changed-meanwhile"; current: Responder }
  | { kind: "number-taken"; taken: Partial<Record<"mobile" | "voice", Responder>> }
  | { kind: "unchanged"; responder: Responder }
  | {
      kind: "saved";
      responder: Responder;
      gained: Channel[];
      lost: Channel[];
      /** An incident runs where they are on the roster. */
      isInIncident: boolean;
    };

/**
 * Changes what is kept of an external, everywhere. On every roster a channel goes off with its
 * number, and what is queued on it is not sent; a first number switches its channel on. Sends
 * nothing. With a new e-mail address their spaces are read anew: it may be a member's. Nothing is
 * changed where somebody else was faster, or a number is another external's.
 */
export function editExternal(
  state: ExternalsState,
  input: EditInput,
  at: Moment,
): Decision<Change, EditResult> {
  const known = state.externals.get(input.responderId);
  if (!known) return nothing({ kind: "gone" });
  const { responder: before, rosters } = known;
  if (before.version !== input.version)
    return nothing({ kind: "changed-meanwhile", current: before });
  const taken = takenNumbers(state, input);
  if (taken.mobile || taken.voice) return nothing({ kind: "number-taken", taken });
  const responder = withFacts(before, input.external);
  const fields = changedFields(before, responder);
  if (fields.length === 0) return nothing({ kind: "unchanged", responder: before });
  const { gained, lost } = changedChannels(before, responder);
  return {
    changes: [
      { kind: "responder.edited", responder },
      ...switches(responder, rosters, gained, lost, at),
      ...lost.map((channel) => cancelOn(channel, responder)),
      ...(mayBeMember(responder, fields)
        ? rosters.map(({ spaceId }) => rereadSpace(spaceId, at))
        : []),
      ...onTimelines(rosters, { name: responder.name, before: before.name, fields }, input.by, at),
    ],
    result: {
      kind: "saved",
      responder,
      gained,
      lost,
      isInIncident: rosters.some(({ incidentId }) => incidentId !== undefined),
    },
  };
}

/** With a new address they may be a member of a space, which reading it finds out. */
function mayBeMember({ email, personId }: Responder, fields: readonly string[]): boolean {
  return email !== undefined && personId === undefined && fields.includes("email");
}

/** A Webex person that they turned out to be they stay. */
function withFacts({ id, kind, personId, version }: Responder, facts: ExternalFacts): Responder {
  const person = personId === undefined ? {} : { personId };
  return { id, kind, version: version + 1, ...person, ...facts };
}

function nothing(result: EditResult): Decision<Change, EditResult> {
  return { changes: [], result };
}

function takenNumbers(
  { owners }: ExternalsState,
  { external, responderId }: EditInput,
): Partial<Record<"mobile" | "voice", Responder>> {
  const taken: Partial<Record<"mobile" | "voice", Responder>> = {};
  for (const field of ["mobile", "voice"] as const) {
    const number = external[field];
    const owner = number === undefined ? undefined : owners.get(number);
    if (owner && owner.id !== responderId) taken[field] = owner;
  }
  return taken;
}

const FIELDS = ["name", "mobile", "voice", "email", "language"] as const;

function changedFields(before: Responder, after: Responder): string[] {
  return FIELDS.filter((field) => before[field] !== after[field]);
}

const CHANNELS: readonly Channel[] = ["webex", "sms", "voice"];

/** Those that there was no number or address for and is now, and the other way round. */
function changedChannels(
  before: Responder,
  after: Responder,
): { gained: Channel[]; lost: Channel[] } {
  const had = externalChannels(before);
  const has = externalChannels(after);
  return {
    gained: CHANNELS.filter((channel) => has[channel] && !had[channel]),
    lost: CHANNELS.filter((channel) => had[channel] && !has[channel]),
  };
}

function switches(
  { id }: Responder,
  rosters: readonly RosterOf[],
  gained: readonly Channel[],
  lost: readonly Channel[],
  at: Moment,
): Change[] {
  if (gained.length + lost.length === 0) return [];
  const changed = Object.fromEntries([
    ...gained.map((channel) => [channel, true]),
    ...lost.map((channel) => [channel, false]),
  ]) as Partial<Record<Channel, boolean>>;
  return rosters.map(({ channels, spaceId }) => ({
    kind: "roster.set",
    spaceId,
    responderId: id,
    channels: { ...channels, ...changed },
    at: at.now,
  }));
}

function cancelOn(channel: Channel, { id }: Responder): Change {
  const reason = channel === "webex" ? "address removed" : "number removed";
  return { kind: "notifications.cancelled", filter: { responderId: id, channel, reason } };
}

/** What was changed, without any number or address. */
function onTimelines(
  rosters: readonly RosterOf[],
  { name, before, fields }: { name: string; before: string; fields: readonly string[] },
  by: PersonRef,
  at: Moment,
): Change[] {
  const renamed = before === name ? {} : { before };
  return rosters.flatMap(({ incidentId }): Change[] =>
    incidentId === undefined
      ? []
      : [
          {
            kind: "timeline.added",
            incidentId,
            entry: {
              kind: "edited",
              at: at.now,
              actor: by.personId,
              payload: { name, ...renamed, fields, by: by.name },
            },
          },
        ],
  );
}
