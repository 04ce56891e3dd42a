/** What one environment variable is; `.env.example` is checked against it. */
export interface Variable {
  /** What holds when it is not set; absent when nothing does. */
  default?: string;
  /** The process does not start without it. */
  isRequired?: true;
  description: string;
  /** A good value, shown where a bad one was found. */
  example?: string;
}

/** Variables by name, by heading. */
export type VariableGroups = Readonly<Record<string, Readonly<Record<string, Variable>>>>;
