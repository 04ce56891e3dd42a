/** The moment of a decision: its time, and the source of the ids that it gives to new rows. */
export interface Moment {
  /** Milliseconds UTC. */
  now: number;
  /** A UUIDv7. */
  newId(): string;
  /** 128 random bits: the only reference that a card carries. */
  newCardId(): string;
}

/** What a rule decided: the changes, written in one transaction, and what its caller wants to know. */
export interface Decision<Change, Result = void> {
  changes: readonly Change[];
  result: Result;
}

/**
 * A rule: from the state it was given and the moment, to what shall change. It calls nothing and
 * waits for nothing; it throws a `UserError` to refuse.
 */
export type Decide<State, Change, Result = void> = (
  state: State,
  at: Moment,
) => Decision<Change, Result>;
