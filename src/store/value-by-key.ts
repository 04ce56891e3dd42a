import type { Knex } from "knex";
import type { Tx } from "./rows";

/**
 * For an update of several rows in one statement: the column's new value in each row, by the value
 * of its key column; rows that are not named keep theirs.
 */
export function valueByKey(
  tx: Tx,
  key: string,
  column: string,
  values: ReadonlyMap<string, string>,
): Knex.Raw {
  if (values.size === 0) return tx.raw("??", [column]);
  const cases = [...values].map(() => "when ? then ?").join(" ");
  return tx.raw(`case ?? ${cases} else ?? end`, [key, ...[...values].flat(), column]);
}
