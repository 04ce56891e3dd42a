import type { Clock } from "../clock";
import type { About, AboutExternals } from "../incident/ports";
import type {
  ExternalsState,
  ExternalState,
  GrantsState,
  ReadState,
  StartState,
} from "../incident/space-state";
import type { Secrets } from "../secrets";
import { loadCard } from "./cards";
import { respondersWithNumbers } from "./internal-numbers";
import { loadExternals, lockUnsent } from "./load-externals";
import { loadDirectoryGrant, loadDirectoryStatus, loadMeetingsGrants } from "./load-grants";
import {
  findExternalByNumber,
  findExternalsByEmail,
  findOwners,
  loadPersons,
} from "./load-responders";
import { loadLastTeam, loadSpace, nextIncidentNumber } from "./load-space";
import type { Tx } from "./rows";
import type { SpaceLoader } from "./space-loader";

/** What the states of decisions are loaded from, besides the transaction. */
export interface StateSources {
  secrets: Secrets;
  clock: Clock;
  spaces: SpaceLoader;
}

export interface AboutStart extends About {
  withTeam?: boolean;
}

/** See `Decisions.forStart`. */
export async function loadStartState(
  tx: Tx,
  { secrets, spaces }: StateSources,
  about: AboutStart,
): Promise<StartState> {
  const state = await spaces.load(tx, about);
  const needsTeam = about.withTeam ?? state.roster.length <= 1;
  const lastTeam = needsTeam ? await loadLastTeam(tx, secrets, about.spaceId) : undefined;
  return {
    ...state,
    nextIncidentNumber: await nextIncidentNumber(tx),
    ...(lastTeam ? { lastTeam } : {}),
  };
}

export interface AboutReading {
  spaceId: string;
  personIds: readonly string[];
  emails?: readonly string[];
  readAt?: number;
  withNumbers?: boolean;
}

/** See `Decisions.forReading`. */
export async function loadReadState(
  tx: Tx,
  { secrets, spaces }: StateSources,
  about: AboutReading,
): Promise<ReadState> {
  const known = await loadSpace(tx, secrets, about.spaceId, about.readAt);
  // Waits for whoever is tying one of them to a person; only then is that person looked up.
  const externals = await findExternalsByEmail(tx, secrets, about.emails ?? []);
  const persons = await loadPersons(tx, secrets, about.personIds);
  const responders = about.withNumbers
    ? await respondersWithNumbers(persons, spaces.numbersOf)
    : persons;
  return { responders, externals, ...(known ? { known } : {}) };
}

export interface AboutExternal extends About {
  numbers: readonly string[];
}

/** See `Decisions.forExternal`. */
export async function loadExternalState(
  tx: Tx,
  { clock, secrets, spaces }: StateSources,
  about: AboutExternal,
): Promise<ExternalState> {
  const state = await spaces.load(tx, about);
  const existing = await findExternalByNumber(tx, secrets, about.numbers, clock.now());
  return existing ? { ...state, existing } : state;
}

/** See `Decisions.forExternals`. */
export async function loadExternalsState(
  tx: Tx,
  { clock, secrets }: StateSources,
  { cardId, responderIds = [], numbers = [] }: AboutExternals,
): Promise<ExternalsState> {
  // Spaces, responders, outbox rows, numbers: everybody locks in this order; see `inTransaction`.
  const externals = await loadExternals(tx, secrets, responderIds);
  if (numbers.length > 0 && responderIds.length > 0) await lockUnsent(tx, responderIds);
  const owners = await findOwners(tx, secrets, numbers, clock.now());
  const card = cardId === undefined ? undefined : await loadCard(tx, secrets, cardId);
  return { externals, owners, ...(card ? { card } : {}) };
}

export interface AboutGrants {
  personId: string;
  cardId?: string;
}

/** See `Decisions.forGrants`. */
export async function loadGrantsState(
  tx: Tx,
  { secrets }: StateSources,
  { cardId, personId }: AboutGrants,
): Promise<GrantsState> {
  const directory = await loadDirectoryGrant(tx);
  const [meetings] = await loadMeetingsGrants(tx, [personId]);
  const card = cardId === undefined ? undefined : await loadCard(tx, secrets, cardId);
  return {
    status: await loadDirectoryStatus(tx),
    ...(directory ? { directory } : {}),
    ...(meetings ? { meetings } : {}),
    ...(card ? { card } : {}),
  };
}
