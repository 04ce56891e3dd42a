import type { Knex } from "knex";

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable("calls", (table) => {
    /** The provider's id of the call. */
    table.text("session_id").primary();
    table.text("outbox_id").notNullable().references("outbox.id").onDelete("CASCADE");
    table.text("step").notNullable();
    /** A hash of the newest event: the same one again gets the same action. */
    table.text("last_event").notNullable();
    /** What the call was told to do, encrypted. */
    table.text("last_action").notNullable();
    table.integer("wrong_keys").notNullable();
    table.integer("silences").notNullable();
    table.integer("asked").notNullable();
    table.bigInteger("changed_at").notNullable();
    table.index(["outbox_id"], "calls_outbox");
    table.index(["changed_at"], "calls_changed");
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("calls");
}
