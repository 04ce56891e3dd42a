import type { Knex } from "knex";

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable("incidents", (table) => {
    table.text("id").primary();
    table.bigInteger("number").notNullable().unique();
    table.text("space_id").notNullable().references("spaces.id");
    table.text("name").notNullable();
    table.text("state").notNullable();
    table.integer("is_drill").notNullable();
    table.bigInteger("started_at").notNullable();
    table.text("started_by").notNullable();
    table.text("started_by_name").notNullable();
    table.bigInteger("stopped_at");
    table.text("stopped_by");
    table.text("stopped_by_name");
    table.text("stop_reason");
    table.text("conference");
    table.text("thread_message_id");
    table.index(["space_id", "started_at"], "incidents_space");
  });
  await knex.raw(
    "CREATE UNIQUE INDEX incidents_one_running ON incidents (space_id) WHERE state = 'running'",
  );
  await knex.schema.createTable("teams", (table) => {
    table.text("incident_id").notNullable().references("incidents.id").onDelete("CASCADE");
    table.text("responder_id").notNullable().references("responders.id");
    table.integer("webex").notNullable();
    table.integer("sms").notNullable();
    table.integer("voice").notNullable();
    table.primary(["incident_id", "responder_id"]);
    table.index(["responder_id"], "teams_responder");
  });
  await knex.schema.createTable("rounds", (table) => {
    table.text("id").primary();
    table.text("incident_id").notNullable().references("incidents.id");
    table.integer("number").notNullable();
    table.text("kind").notNullable();
    table.text("trigger").notNullable();
    table.text("opened_by").notNullable();
    table.text("opened_by_name").notNullable();
    table.bigInteger("opened_at").notNullable();
    table.text("text");
    table.bigInteger("closed_at");
    /** When somebody should look whether the round can be closed. */
    table.bigInteger("due_at");
    table.unique(["incident_id", "number"]);
  });
  await knex.raw("CREATE INDEX rounds_due ON rounds (due_at) WHERE due_at IS NOT NULL");
  await knex.schema.createTable("timeline", (table) => {
    table.text("incident_id").notNullable().references("incidents.id");
    table.integer("seq").notNullable();
    table.text("kind").notNullable();
    table.bigInteger("at").notNullable();
    table.text("actor").notNullable();
    table.text("payload");
    table.text("salt");
    table.text("payload_hash").notNullable();
    table.text("prev_hash").notNullable();
    table.text("hash").notNullable();
    table.primary(["incident_id", "seq"]);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("timeline");
  await knex.schema.dropTable("rounds");
  await knex.schema.dropTable("teams");
  await knex.schema.dropTable("incidents");
}
