import type { Clock } from "../clock";
import type { Grant, GrantKind, OAuthState, Tokens } from "../grants/grant";
import type { GrantStore, StateRefusal } from "../grants/ports";
import type { Secrets } from "../secrets";
import type { Database } from "./database";
import {
  loadDirectoryGrant,
  loadDueGrants,
  loadGrant,
  loadMeetingsGrants,
  loadNextDueGrant,
} from "./load-grants";

/** More than are ever due at once: one directory, and as many moderators as start incidents. */
const DUE_AT_ONCE = 20;

interface StateRow {
  id: string;
  state_hash: string;
  kind: GrantKind;
  is_lent: number;
  person_id: string;
  person_name: string;
  verifier: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
}

/** Grants outside any decision. What changes one is a decision's. */
export class StoredGrants implements GrantStore {
  constructor(
    private readonly db: Database,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  findGrant(id: string): Promise<{ grant: Grant; tokens: Tokens } | undefined> {
    return loadGrant(this.db.write, this.secrets, id);
  }

  directoryGrant(): Promise<Grant | undefined> {
    return loadDirectoryGrant(this.db.write);
  }

  async meetingsGrants(personIds: readonly string[]): Promise<Grant[]> {
    const grants = await loadMeetingsGrants(this.db.write, personIds);
    return grants.filter((grant) => grant.diedAt === undefined);
  }

  async takeState(state: string): Promise<{ asked: OAuthState } | { refused: StateRefusal }> {
    const now = this.clock.now();
    const stateHash = this.secrets.lookup("oauth_states.state", state);
    // One statement, so that of two who come back with it at once only one gets it.
    const [taken] = await this.states()
      .where({ state_hash: stateHash })
      .whereNull("used_at")
      .update({ used_at: now })
      .returning("*");
    if (taken && now < taken.expires_at) return { asked: this.toState(taken) };
    const found = taken ?? (await this.states().where({ state_hash: stateHash }).first());
    return { refused: found ? refusalOf(found) : { why: "unknown" } };
  }

  /** Those that are to be renewed, the most urgent first. */
  dueGrants(now: number): Promise<Grant[]> {
    return loadDueGrants(this.db.read, now, DUE_AT_ONCE);
  }

  nextGrantDueAt(): Promise<number | undefined> {
    return loadNextDueGrant(this.db.read);
  }

  /** Unless it was decided on meanwhile. */
  async postponeGrant({ dueAt, id }: Grant, until: number): Promise<void> {
    if (dueAt === undefined) return;
    await this.db.write("grants").where({ id, due_at: dueAt }).update({ due_at: until });
  }

  private states() {
    return this.db.write<StateRow>("oauth_states");
  }

  private toState(row: StateRow): OAuthState {
    const verifier = this.secrets.decrypt(row.verifier, "oauth_states.verifier", row.id);
    return { ...askedOf(row), verifier };
  }
}

/** A link that was opened too late was late whenever it is opened again. */
function refusalOf(row: StateRow): StateRefusal {
  const isLate = row.used_at !== null && row.used_at >= row.expires_at;
  return { why: isLate ? "expired" : "used", asked: askedOf(row) };
}

function askedOf(row: StateRow): Omit<OAuthState, "verifier"> {
  return {
    id: row.id,
    kind: row.kind,
    isLent: row.is_lent === 1,
    personId: row.person_id,
    personName: row.person_name,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
