import { startPostgres } from "./postgres-server";
import { makeTemplate } from "./postgres-template";

/** Starts the PostgreSQL that the store tests share, with a migrated template to copy. */
export default async function setUp(): Promise<void> {
  const url = await startPostgres();
  process.env.MUSTER_TEST_POSTGRES = url;
  await makeTemplate(url);
}
