import type { Decision, Moment } from "../decision";
import { numbersOf, type ExternalFacts } from "../roster/external-fields";
import type { Change } from "./change";
import type { ExternalsState } from "./space-state";

export type ImportResult =
  | { kind: "saved"; count: number }
  /** Their numbers were given to others since the list was checked. */
  | { kind: "number-taken"; names: string[] };

/** Keeps everybody of a list that was checked before, or nobody: `state` has whose the numbers are. */
export function importExternals(
  state: Pick<ExternalsState, "owners">,
  people: readonly ExternalFacts[],
  at: Moment,
): Decision<Change, ImportResult> {
  const late = people.filter((one) => numbersOf(one).some((number) => state.owners.has(number)));
  if (late.length > 0)
    return { changes: [], result: { kind: "number-taken", names: late.map(({ name }) => name) } };
  const changes = people.map((external): Change => {
    const responder = { id: at.newId(), kind: "external" as const, version: 1, ...external };
    return { kind: "responder.created", responder, at: at.now };
  });
  return { changes, result: { kind: "saved", count: people.length } };
}
