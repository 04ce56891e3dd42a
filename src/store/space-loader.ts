import type { Clock } from "../clock";
import { UnknownSpaceError, type About } from "../incident/ports";
import type { SpaceState } from "../incident/space-state";
import type { Directory } from "../directory/ports";
import type { Secrets } from "../secrets";
import { loadCard } from "./cards";
import { withNumbers, type NumbersOf } from "./internal-numbers";
import { lockExternals } from "./load-externals";
import { loadSpace } from "./load-space";
import { readNumber, withOptOuts } from "./opt-outs";
import { withRefusedChannels } from "./refused-channels";
import type { Tx } from "./rows";

export interface LoaderOptions {
  secrets: Secrets;
  clock: Clock;
  directory: Pick<Directory, "numbersOf">;
  onDirectoryFailed: (error: unknown) => void;
}

/** Everything that a decision about a space looks at, from the database and the directory. */
export class SpaceLoader {
  constructor(private readonly options: LoaderOptions) {}

  /** Throws `UnknownSpaceError`. */
  async load(tx: Tx, about: About): Promise<SpaceState> {
    const { cardId, externalIds, number, spaceId, withNumbers: isForAll = false } = about;
    const stored = await loadSpace(tx, this.options.secrets, spaceId);
    const state =
      stored && (await withNumbers(stored, this.numbersOf, isForAll ? "everybody" : "phones-on"));
    if (!state) throw new UnknownSpaceError("This space was not read yet.");
    const roster = await this.passable(tx, state);
    const externals = externalIds && (await lockExternals(tx, this.options.secrets, externalIds));
    const card =
      cardId === undefined ? undefined : await loadCard(tx, this.options.secrets, cardId);
    const now = this.options.clock.now();
    const heard =
      number === undefined ? undefined : await readNumber(tx, this.options.secrets, number, now);
    return {
      ...state,
      roster,
      ...(heard ? { number: heard } : {}),
      ...(externals ? { externals } : {}),
      ...(card ? { card } : {}),
    };
  }

  /** The roster with what keeps texts and calls from going through. */
  private async passable(tx: Tx, { incident, roster }: SpaceState): Promise<SpaceState["roster"]> {
    const entries = await withOptOuts(tx, this.options.secrets, roster);
    if (!incident) return entries;
    return withRefusedChannels(tx, this.options.secrets, incident.id, entries);
  }

  /** A decision does without what the directory does not tell: nothing waits for it. */
  readonly numbersOf: NumbersOf = async (personIds) => {
    try {
      return await this.options.directory.numbersOf(personIds);
    } catch (error) {
      this.options.onDirectoryFailed(error);
      return new Map();
    }
  };
}
