import type { Knex } from "knex";

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable("attendances", (table) => {
    table.text("incident_id").primary().references("incidents.id").onDelete("CASCADE");
    table.text("meeting_id").notNullable();
    /** Only the meeting's host may ask who is in it; asked with whichever grant they give. */
    table.text("host_person_id").notNullable();
    /** When it is read next, or, while somebody reads, when that reading is given up. */
    table.bigInteger("due_at");
    /** Ids of the responders who were in it when it was last read, as JSON. */
    table.text("present").notNullable();
    table.index(["host_person_id"], "attendances_host");
  });
  await knex.raw("CREATE INDEX attendances_due ON attendances (due_at) WHERE due_at IS NOT NULL");
  await knex.schema.createTable("lobby_cards", (table) => {
    table.text("incident_id").primary().references("incidents.id").onDelete("CASCADE");
    /** The newest card that tells how many wait in the lobby, queued or standing. */
    table.text("card_id").notNullable();
    table.integer("waiting").notNullable();
    /** Of the card that stands. */
    table.text("message_id");
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("lobby_cards");
  await knex.schema.dropTable("attendances");
}
