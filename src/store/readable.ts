import { UnsealError } from "../secrets";

/** What could be opened, and the rows that could not. */
export interface Opened<Row, Value> {
  values: Value[];
  unreadable: Row[];
}

/**
 * Opens rows one by one. A row that was changed behind Muster's back, or was sealed with another
 * key, is told apart instead of keeping all the others from being read.
 */
export function openEach<Row, Value>(
  rows: readonly Row[],
  open: (row: Row) => Value,
): Opened<Row, Value> {
  const opened: Opened<Row, Value> = { values: [], unreadable: [] };
  for (const row of rows) {
    try {
      opened.values.push(open(row));
    } catch (error) {
      if (!(error instanceof UnsealError || error instanceof SyntaxError)) throw error;
      opened.unreadable.push(row);
    }
  }
  return opened;
}
