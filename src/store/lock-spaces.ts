import type { Tx } from "./rows";

/** The spaces on whose roster they are: no other decision about those may have read them before. */
export async function lockSpacesOf(tx: Tx, responderIds: readonly string[]): Promise<void> {
  await tx("spaces")
    .whereIn("id", tx("roster").whereIn("responder_id", responderIds).select("space_id"))
    .orderBy("id")
    .forUpdate()
    .select("id");
}
