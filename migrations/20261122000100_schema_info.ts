import type { Knex } from "knex";

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable("schema_info", (table) => {
    table.integer("id").primary();
    /** The first migration that a running Muster must know to work on this database. */
    table.text("compatible_from").notNullable();
  });
  await knex("schema_info").insert({ id: 1, compatible_from: "20261122000100_schema_info" });
  await knex.schema.createTable("data_keys", (table) => {
    table.integer("id").primary();
    table.text("wrapped").notNullable();
  });
  await knex.schema.createTable("counters", (table) => {
    table.text("name").primary();
    table.bigInteger("value").notNullable();
  });
  await knex("counters").insert({ name: "incident", value: 0 });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("counters");
  await knex.schema.dropTable("data_keys");
  await knex.schema.dropTable("schema_info");
}
