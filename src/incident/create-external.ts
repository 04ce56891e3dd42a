import type { Decision, Moment } from "../decision";
import type { ExternalFacts } from "../roster/external-fields";
import type { Responder } from "../roster/responder";
import type { Change } from "./change";
import type { ExternalsState } from "./space-state";

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
  const responder: Responder = { id: at.newId(), kind: "external", version: 1, ...external };
  return {
    changes: [{ kind: "responder.created", responder, at: at.now }],
    result: { kind: "saved", responder },
  };
}

function ownerOf(
  owners: ExternalsState["owners"],
  number: string | undefined,
): Responder | undefined {
  return number === undefined ? undefined : owners.get(number);
}
