/** A space in the list that a person gets of their spaces. */
export interface SpaceLine {
  id: string;
  title: string;
  /** Whether the person is in it, as far as we know. */
  isMember: boolean;
  /** The newest incident; a quiet space had none, or its newest one is over. */
  incident?: {
    number: number;
    name: string;
    isDrill: boolean;
    startedAt: number;
    /** Absent while it runs. */
    stoppedAt?: number;
  };
}

/** Whose list it is. */
export interface SpaceListWish {
  personId: string;
  /** Every space; else those that the person moderates. */
  isOperator: boolean;
}
