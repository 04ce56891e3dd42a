import type { Knex } from "knex";

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable("answers", (table) => {
    /** Of one by SMS: when it was sent, by the provider's clock. */
    table.bigInteger("texted_at");
  });
  await knex.schema.alterTable("numbers", (table) => {
    /** When the newest START was sent, by the provider's clock. */
    table.bigInteger("opted_in_at");
  });
}

export async function down(knex: Knex): Promise<void> {
  // Knex would build the tables anew on SQLite.
  await knex.raw("ALTER TABLE numbers DROP COLUMN opted_in_at");
  await knex.raw("ALTER TABLE answers DROP COLUMN texted_at");
}
