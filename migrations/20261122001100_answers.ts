import type { Knex } from "knex";

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable("answers", (table) => {
    table.text("id").primary();
    table.text("incident_id").notNullable().references("incidents.id").onDelete("CASCADE");
    table.text("responder_id").notNullable().references("responders.id");
    table.text("answer").notNullable();
    table.text("via").notNullable();
    /** Who said it for them. */
    table.text("by_person_id");
    table.text("by_name");
    table.bigInteger("at").notNullable();
    table.index(["incident_id", "responder_id", "at"], "answers_incident");
    table.index(["responder_id"], "answers_responder");
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("answers");
}
