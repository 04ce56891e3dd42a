import type { Knex } from "knex";

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable("rates", (table) => {
    table.text("lane").primary();
    table.double("tokens").notNullable();
    /** Real clock: when the tokens were last counted. */
    table.bigInteger("counted_at").notNullable();
    /** Moved clock: the provider asked everyone to wait until then. */
    table.bigInteger("paused_until").notNullable();
  });
  await knex.schema.createTable("leases", (table) => {
    table.text("name").primary();
    table.text("holder").notNullable();
    table.bigInteger("until").notNullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("leases");
  await knex.schema.dropTable("rates");
}
