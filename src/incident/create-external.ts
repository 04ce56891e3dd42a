import type { Decision, Moment } from "../decision";
import type { ExternalFacts } from "../roster/external-fields";
import type { Responder } from "../roster/responder";
import type { Change } from "./change";
import { comingOnto } from "./add-externals";
import type { PersonRef } from "./incident";
import { joinExternals } from "./join-roster";
import type { IncidentSettings } from "./settings";
import type { ExternalState, ExternalsState } from "./space-state";

export type KeepResult =
  { kind: "number-known"; existing: Responder } | { kind: "saved"; responder: Responder };

/**
 * Keeps somebody who has only a phone, on nobody's roster. A number that is known already is not
 * kept twice: the result says whose it is.
 */
export function keepExternal(
  { owners }: ExternalsState,
  external: ExternalFacts,
  at: Moment,
): Decision<Change, KeepResult> {
  const existing = ownerOf(owners, external.mobile) ?? ownerOf(owners, external.voice);
  if (existing) return { changes: [], result: { kind: "number-known", existing } };
  const { changes, responder } = newExternal(external, at);
  return { changes, result: { kind: "saved", responder } };
}

function newExternal(external: ExternalFacts, at: Moment) {
  const responder: Responder = { id: at.newId(), kind: "external", version: 1, ...external };
  const changes: Change[] = [{ kind: "responder.created", responder, at: at.now }];
  return { changes, responder };
}

function ownerOf(
  owners: ExternalsState["owners"],
  number: string | undefined,
): Responder | undefined {
  return number === undefined ? undefined : owners.get(number);
}

export interface ExternalInput {
  external: ExternalFacts;
  addsHere: boolean;
  by: PersonRef;
  settings: IncidentSettings;
}

export type ExternalResult =
  | { kind: "number-known"; existing: Responder; isOnRoster: boolean }
  | { kind: "saved"; responder: Responder; isAdded: boolean; isInvited: boolean };

/**
 * Keeps somebody who has only a phone, and adds them to this space's roster if wanted. A number
 * that is known already is not kept twice: the existing responder is offered instead.
 */
export function createExternal(
  state: ExternalState,
  input: ExternalInput,
  at: Moment,
): Decision<Change, ExternalResult> {
  const { existing } = state;
  if (existing) {
    const isOnRoster = state.roster.some((entry) => entry.responder.id === existing.id);
    return { changes: [], result: { kind: "number-known", existing, isOnRoster } };
  }
  const { changes: created, responder } = newExternal(input.external, at);
  if (!input.addsHere)
    return {
      changes: created,
      result: { kind: "saved", responder, isAdded: false, isInvited: false },
    };
  const joined = joinExternals(state, comingOnto(state, [responder], input), at);
  const [entry] = joined.result.entries;
  return {
    changes: [...created, ...joined.changes],
    result: {
      kind: "saved",
      responder: entry?.responder ?? responder,
      isAdded: true,
      isInvited: (joined.result.invited?.people ?? 0) > 0,
    },
  };
}
