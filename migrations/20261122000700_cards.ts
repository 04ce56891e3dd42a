import type { Knex } from "knex";

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable("cards", (table) => {
    table.text("id").primary();
    table.text("kind").notNullable();
    /** Null for a card of a direct message that concerns no space. */
    table.text("space_id").references("spaces.id").onDelete("CASCADE");
    table.text("incident_id").references("incidents.id");
    table.text("responder_id").references("responders.id");
    /** The only person who may press it; anyone that the action allows when absent. */
    table.text("person_id");
    table.text("message_id");
    table.text("payload");
    table.bigInteger("created_at").notNullable();
    table.bigInteger("expires_at");
    table.bigInteger("used_at");
    table.index(["created_at"], "cards_created");
    table.index(["space_id", "kind"], "cards_space");
    table.index(["incident_id"], "cards_incident");
  });
  await knex.schema.createTable("status_cards", (table) => {
    table.text("space_id").primary().references("spaces.id").onDelete("CASCADE");
    table.integer("wanted_version").notNullable();
    table.integer("posted_version").notNullable();
    table.text("card_id");
    table.text("message_id");
    /** The outbox row that posted it; a row of an earlier id is an older card. */
    table.text("outbox_id");
    table.bigInteger("due_at");
    table.bigInteger("lease_until");
    table.text("lease_token");
    table.text("line_message_id");
    table.integer("line_edits").notNullable();
  });
  await knex.raw("CREATE INDEX status_cards_due ON status_cards (due_at) WHERE due_at IS NOT NULL");
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("status_cards");
  await knex.schema.dropTable("cards");
}
