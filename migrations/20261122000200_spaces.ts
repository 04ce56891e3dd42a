import type { Knex } from "knex";

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable("spaces", (table) => {
    table.text("id").primary();
    table.text("title").notNullable();
    table.text("kind").notNullable();
    table.integer("is_moderated").notNullable();
    table.integer("is_announcement_only").notNullable();
    table.text("owner_org_id");
    table.integer("bot_is_moderator").notNullable();
    table.bigInteger("read_at").notNullable();
    table.bigInteger("last_event_at");
    table.bigInteger("foreign_told_at");
    table.bigInteger("meeting_info_ended_at");
    table.bigInteger("gone_at");
    /** Repeatable presses of the last seconds, JSON. */
    table.text("recent_presses");
    table.index(["last_event_at"], "spaces_last_event");
  });
  await knex.schema.createTable("members", (table) => {
    table.text("space_id").notNullable().references("spaces.id").onDelete("CASCADE");
    table.text("person_id").notNullable();
    table.text("name").notNullable();
    table.text("email").notNullable();
    table.text("org_id").notNullable();
    table.integer("is_moderator").notNullable();
    table.integer("is_bot").notNullable();
    table.primary(["space_id", "person_id"]);
    table.index(["person_id"], "members_person");
  });
  await knex.schema.createTable("bridges", (table) => {
    table.text("space_id").primary().references("spaces.id").onDelete("CASCADE");
    table.text("details").notNullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("bridges");
  await knex.schema.dropTable("members");
  await knex.schema.dropTable("spaces");
}
