import type { Knex } from "knex";

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable("calls", (table) => {
    /** Hashes of the events before the newest one, the oldest first, with spaces between. */
    table.text("earlier_events");
  });
}

export async function down(knex: Knex): Promise<void> {
  // Knex would build the table anew on SQLite.
  await knex.raw("ALTER TABLE calls DROP COLUMN earlier_events");
}
