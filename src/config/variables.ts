import { incidentVariables } from "./incident-variables";
import { serverVariables } from "./server-variables";
import type { Variable, VariableGroups } from "./variable";

type NamesOf<T> = T extends Record<string, infer G> ? (G extends unknown ? keyof G : never) : never;

export type VariableName = NamesOf<typeof serverVariables> | NamesOf<typeof incidentVariables>;

export interface NamedVariable extends Variable {
  name: VariableName;
  /** The heading that it stands under in `.env.example`. */
  group: string;
}

/** The values of the variables that are set; whitespace around them is gone. */
export type Env = Readonly<Partial<Record<VariableName, string>>>;

const byName = new Map(
  [...named(serverVariables), ...named(incidentVariables)].map((one) => [one.name, one]),
);

/** Every variable that Muster reads, in the order of `.env.example`. */
export const variables: readonly NamedVariable[] = [...byName.values()];

export function describeVariable(name: VariableName): Variable {
  return byName.get(name) ?? { description: name };
}

function named(groups: VariableGroups): NamedVariable[] {
  return Object.entries(groups).flatMap(([group, members]) =>
    Object.entries(members).map(([name, variable]) => ({
      ...variable,
      name: name as VariableName,
      group,
    })),
  );
}
