import { openKeys, createWrappedKeys, keyId, rewrapKeys } from "../secrets";
import type { Secrets, WrappedKeys } from "../secrets";
import type { Database } from "./database";

/**
 * The deployment's keys: made with the first start, opened with whichever encryption key wrapped
 * them, wrapped anew when the first key of the list is another one. Throws `ConfigError` when no
 * given key opens them; nothing is written then.
 */
export async function openDataKeys(
  db: Database,
  encryptionKeys: readonly Buffer[],
): Promise<Secrets> {
  await db
    .write("data_keys")
    .insert({ id: 1, wrapped: JSON.stringify(createWrappedKeys(encryptionKeys)) })
    .onConflict("id")
    .ignore();
  const row = await db.write<{ id: number; wrapped: string }>("data_keys").where({ id: 1 }).first();
  const wrapped = JSON.parse(row?.wrapped ?? "{}") as WrappedKeys;
  const secrets = openKeys(wrapped, encryptionKeys);
  await rewrapIfRotated(db, wrapped, encryptionKeys);
  return secrets;
}

async function rewrapIfRotated(
  db: Database,
  wrapped: WrappedKeys,
  encryptionKeys: readonly Buffer[],
): Promise<void> {
  const [first] = encryptionKeys;
  if (!first || keyId(first) === wrapped.keyId) return;
  await db
    .write("data_keys")
    .where({ id: 1, wrapped: JSON.stringify(wrapped) })
    .update({ wrapped: JSON.stringify(rewrapKeys(wrapped, encryptionKeys)) });
}
