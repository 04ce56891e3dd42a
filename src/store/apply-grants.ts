import type { DirectoryChange } from "../directory/change";
import type { GrantChange } from "../grants/change";
import type { Grant, Tokens } from "../grants/grant";
import type { ApplyContext } from "./apply-changes";
import { sealJson, type Tx } from "./rows";

type Of<K extends GrantChange["kind"]> = Extract<GrantChange, { kind: K }>;

const SYNC = { id: "directory" };

export async function applyGrantChange(
  tx: Tx,
  context: ApplyContext,
  change: GrantChange,
): Promise<void> {
  switch (change.kind) {
    case "oauth-state.written":
      return insertState(tx, context, change);
    case "grant.saved":
      return saveGrant(tx, context, change);
    case "grant.renewed":
      return renewGrant(tx, context, change);
    case "grant.died":
      await tx("grants")
        .where({ id: change.grantId })
        .update({ died_at: change.at, due_at: null, last_error: change.reason });
      return;
    case "grant.noted":
      return noteGrant(tx, change);
    case "grant.revoked":
      await tx("grants").where({ id: change.grantId }).delete();
      return;
  }
}

export async function applyDirectoryChange(tx: Tx, change: DirectoryChange): Promise<void> {
  const sync = () => tx("directory_sync").where(SYNC);
  switch (change.kind) {
    case "directory.wanted":
      await sync().update({ due_at: change.at, asked_by: change.askedBy ?? null });
      return;
    case "directory.synced":
      await sync().update({
        due_at: change.dueAt,
        asked_by: null,
        synced_at: change.at,
        people: change.counts.people,
        without_email: change.counts.withoutEmail,
        unreadable_numbers: change.counts.undialledNumbers,
        skipped: change.counts.skipped,
        last_error: null,
        failed_at: null,
        told_at: null,
      });
      return;
    case "directory.failed":
      await sync().update({
        due_at: change.dueAt ?? null,
        asked_by: null,
        last_error: change.reason,
        failed_at: change.at,
        ...(change.isTold ? { told_at: change.at } : {}),
      });
      return;
    case "directory.unwanted":
      await sync().update({ due_at: null, asked_by: null });
      return;
  }
}

async function insertState(
  tx: Tx,
  { secrets }: ApplyContext,
  { asked, state }: Of<"oauth-state.written">,
): Promise<void> {
  await tx("oauth_states").insert({
    id: asked.id,
    state_hash: secrets.lookup("oauth_states.state", state),
    kind: asked.kind,
    is_lent: Number(asked.isLent),
    person_id: asked.personId,
    person_name: asked.personName,
    verifier: secrets.encrypt(asked.verifier, "oauth_states.verifier", asked.id),
    created_at: asked.createdAt,
    expires_at: asked.expiresAt,
  });
}

async function saveGrant(
  tx: Tx,
  { secrets }: ApplyContext,
  { grant, tokens }: Of<"grant.saved">,
): Promise<void> {
  const holder = holderOf(grant);
  await tx("grants").where({ holder }).delete();
  await tx("grants").insert({
    id: grant.id,
    kind: grant.kind,
    holder,
    person_id: grant.personId,
    person_name: grant.personName,
    org_id: grant.orgId,
    scopes: grant.scopes.join(" "),
    is_lent: Number(grant.isLent),
    tokens: sealTokens(secrets, grant.id, tokens),
    granted_at: grant.grantedAt,
    access_expires_at: grant.accessExpiresAt,
    refresh_expires_at: grant.refreshExpiresAt ?? null,
    due_at: grant.dueAt ?? null,
  });
}

function holderOf({ kind, personId }: Grant): string {
  return kind === "directory" ? kind : `${kind} ${personId}`;
}

async function renewGrant(
  tx: Tx,
  { secrets }: ApplyContext,
  { dueAt, grantId, tokens }: Of<"grant.renewed">,
): Promise<void> {
  await tx("grants")
    .where({ id: grantId })
    .update({
      tokens: sealTokens(secrets, grantId, tokens),
      access_expires_at: tokens.accessExpiresAt,
      refresh_expires_at: tokens.refreshExpiresAt ?? null,
      due_at: dueAt,
      died_at: null,
      last_error: null,
    });
}

async function noteGrant(tx: Tx, change: Of<"grant.noted">): Promise<void> {
  const { dueAt, grantId, lastError, restsUntil } = change;
  await tx("grants")
    .where({ id: grantId })
    .update({
      ...(lastError === undefined ? {} : { last_error: lastError }),
      ...(restsUntil === undefined ? {} : { rests_until: restsUntil }),
      ...(dueAt === undefined ? {} : { due_at: dueAt }),
    });
}

function sealTokens(
  secrets: ApplyContext["secrets"],
  id: string,
  { access, refresh }: Tokens,
): string {
  return sealJson(secrets, { access, refresh }, "grants.tokens", id);
}
