import knex, { type Knex } from "knex";
import { openDatabase } from "../../src/store/database";
import { migrateToLatest } from "../../src/store/migrate";
import { ManualClock } from "./manual-clock";

const TEMPLATE = "muster_template";

/** Migrates one database, once, for every test file to copy. */
export async function makeTemplate(serverUrl: string): Promise<void> {
  await onServer(serverUrl, (server) => server.raw(`CREATE DATABASE ${TEMPLATE}`));
  const db = openDatabase(`${serverUrl}/${TEMPLATE}`, new ManualClock());
  try {
    await migrateToLatest(db);
  } finally {
    await db.close();
  }
}

/** A new database of that name: migrated, or empty. */
export async function createDatabase(
  serverUrl: string,
  name: string,
  content: "migrated" | "empty",
): Promise<string> {
  const template = content === "migrated" ? ` TEMPLATE ${TEMPLATE}` : "";
  await onServer(serverUrl, (server) => server.raw(`CREATE DATABASE ${name}${template}`));
  return `${serverUrl}/${name}`;
}

/** Takes it away even from those who are still connected. */
export async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  await onServer(serverUrl, (server) => server.raw(`DROP DATABASE ${name} WITH (FORCE)`));
}

async function onServer(
  serverUrl: string,
  work: (server: Knex) => Promise<unknown>,
): Promise<void> {
  const server = knex({ client: "pg", connection: `${serverUrl}/postgres`, pool: { min: 0 } });
  try {
    await work(server);
  } finally {
    await server.destroy();
  }
}
