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
    /** Counts the cards that were queued; `posted_version` is the one that stands. */
    table.integer("wanted_version").notNullable();
    table.integer("posted_version").notNullable();
    table.text("card_id");
    table.text("message_id");
    /** What the newest card shows, to be compared with what the next one would. */
    table.text("picture").notNullable();
    /** When the newest card was queued; 0 when the next one has nothing to wait for. */
    table.bigInteger("replaced_at").notNullable();
    /** When somebody last pressed the one that stands. */
    table.bigInteger("pressed_at");
    /** When the card or its line was last written. */
    table.bigInteger("looked_at").notNullable();
    /** When somebody should look whether the card is out of date. */
    table.bigInteger("due_at");
    /** The outbox row that posts the line; null once Webex has said the message's id. */
    table.text("line_outbox_id");
    table.text("line_message_id");
    table.text("line_text");
    table.integer("line_edits").notNullable();
  });
  await knex.raw("CREATE INDEX status_cards_due ON status_cards (due_at) WHERE due_at IS NOT NULL");
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("status_cards");
  await knex.schema.dropTable("cards");
}
