import type { Knex } from "knex";

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable("outbox", (table) => {
    /** How long a call lasted that was answered. */
    table.integer("call_seconds");
    /** The provider's code of a text or call that did not arrive. */
    table.text("failure_code");
    /** Keyed hash of the number that was texted or called. */
    table.text("to_hash");
    /** The provider was asked what became of it, since no receipt came. */
    table.bigInteger("asked_at");
  });
  await knex.raw(
    "CREATE INDEX outbox_unasked ON outbox (changed_at) WHERE state = 'accepted' AND lane IN ('sms', 'voice') AND asked_at IS NULL",
  );
  await knex.raw(
    "CREATE INDEX outbox_to ON outbox (to_hash, incident_id) WHERE to_hash IS NOT NULL",
  );
  await knex.schema.createTable("receipts", (table) => {
    table.text("id").primary();
    table.text("outbox_id").notNullable().references("outbox.id").onDelete("CASCADE");
    table.text("kind").notNullable();
    table.text("code");
    /** By the provider's clock. */
    table.bigInteger("at").notNullable();
    table.bigInteger("received_at").notNullable();
    /** As it came, encrypted; null after thirty days. */
    table.text("body");
    table.index(["outbox_id"], "receipts_outbox");
  });
  await knex.raw("CREATE INDEX receipts_bodies ON receipts (received_at) WHERE body IS NOT NULL");
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("receipts");
  await knex.raw("DROP INDEX outbox_unasked");
  await knex.raw("DROP INDEX outbox_to");
  await knex.schema.alterTable("outbox", (table) => {
    table.dropColumn("call_seconds");
    table.dropColumn("failure_code");
    table.dropColumn("to_hash");
    table.dropColumn("asked_at");
  });
}
