import type { Knex } from "knex";

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable("incidents", (table) => {
    /** When somebody should look who has not answered. */
    table.bigInteger("renotify_due_at");
  });
  await knex.raw(
    "CREATE INDEX incidents_renotify ON incidents (renotify_due_at) WHERE renotify_due_at IS NOT NULL",
  );
  await knex.raw(
    "CREATE INDEX outbox_refused ON outbox (incident_id) WHERE failure_code IS NOT NULL",
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("DROP INDEX outbox_refused");
  await knex.raw("DROP INDEX incidents_renotify");
  // Knex would build the table anew on SQLite, which the tables that refer to it forbid.
  await knex.raw("ALTER TABLE incidents DROP COLUMN renotify_due_at");
}
