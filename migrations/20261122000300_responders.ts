import type { Knex } from "knex";

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable("responders", (table) => {
    table.text("id").primary();
    table.text("kind").notNullable();
    table.text("person_id").unique();
    table.text("name").notNullable();
    table.text("name_folded").notNullable();
    /** E-mail, mobile and voice number, encrypted together: a roster is read with each command. */
    table.text("contact");
    for (const field of ["email", "mobile", "voice", "mobile_last4", "voice_last4"])
      table.text(`${field}_hash`);
    table.text("language");
    table.integer("version").notNullable();
    table.bigInteger("created_at").notNullable();
    table.bigInteger("deleted_at");
    table.index(["name_folded"], "responders_name");
    table.index(["mobile_hash"], "responders_mobile");
    table.index(["voice_hash"], "responders_voice");
    table.index(["email_hash"], "responders_email");
    table.index(["mobile_last4_hash"], "responders_mobile_last4");
    table.index(["voice_last4_hash"], "responders_voice_last4");
  });
  await knex.schema.createTable("roster", (table) => {
    table.text("space_id").notNullable().references("spaces.id").onDelete("CASCADE");
    table.text("responder_id").notNullable().references("responders.id");
    table.integer("webex").notNullable();
    table.integer("sms").notNullable();
    table.integer("voice").notNullable();
    table.bigInteger("added_at").notNullable();
    table.primary(["space_id", "responder_id"]);
    table.index(["responder_id"], "roster_responder");
  });
  await knex.schema.createTable("numbers", (table) => {
    table.text("hash").primary();
    table.bigInteger("opted_out_at");
    table.text("opt_out_source");
    /** Times of the texts and calls of the last hour, JSON. */
    table.text("texts").notNullable();
    table.text("calls").notNullable();
    /** Times of the texts from it that were taken, and of those that were answered, in the last hour. */
    table.text("heard");
    table.text("answered");
    table.bigInteger("last_hint_at");
    table.bigInteger("changed_at").notNullable();
    table.index(["changed_at"], "numbers_changed");
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("numbers");
  await knex.schema.dropTable("roster");
  await knex.schema.dropTable("responders");
}
