import type { Knex } from "knex";

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable("grants", (table) => {
    table.text("id").primary();
    table.text("kind").notNullable();
    /** One grant for each holder: "directory", or "meetings" and the giver's person id. */
    table.text("holder").notNullable().unique();
    table.text("person_id").notNullable();
    table.text("person_name").notNullable();
    table.text("org_id").notNullable();
    table.text("scopes").notNullable();
    /** For meetings: also for incidents that other moderators start. */
    table.integer("is_lent").notNullable();
    /** Access and refresh token, encrypted together. */
    table.text("tokens").notNullable();
    table.bigInteger("granted_at").notNullable();
    table.bigInteger("access_expires_at").notNullable();
    table.bigInteger("refresh_expires_at");
    /** When it is to be renewed; null for one that cannot be any more. */
    table.bigInteger("due_at");
    table.bigInteger("died_at");
    table.text("last_error");
    /** Webex refused what was asked with it, such as for a daily quota: not to be used before. */
    table.bigInteger("rests_until");
  });
  await knex.raw("CREATE INDEX grants_due ON grants (due_at) WHERE due_at IS NOT NULL");
  await knex.schema.createTable("oauth_states", (table) => {
    table.text("id").primary();
    /** Keyed hash of what the link carries: the database alone opens nobody's door. */
    table.text("state_hash").notNullable().unique();
    table.text("kind").notNullable();
    table.integer("is_lent").notNullable();
    table.text("person_id").notNullable();
    table.text("person_name").notNullable();
    /** The PKCE verifier, encrypted. */
    table.text("verifier").notNullable();
    table.bigInteger("created_at").notNullable();
    table.bigInteger("expires_at").notNullable();
    /** Somebody came back with it. */
    table.bigInteger("used_at");
    /** What became of that was written down. */
    table.bigInteger("settled_at");
    table.index(["created_at"], "oauth_states_created");
  });
  await knex.schema.createTable("directory_sync", (table) => {
    /** There is one row, "directory". */
    table.text("id").primary();
    /** When the next sync is due; null without a grant. */
    table.bigInteger("due_at");
    /** Who asked for the next one and is told how it goes; null for those of the timer. */
    table.text("asked_by");
    table.bigInteger("synced_at");
    table.bigInteger("people");
    table.bigInteger("without_email");
    table.bigInteger("unreadable_numbers");
    table.bigInteger("skipped");
    table.text("last_error");
    table.bigInteger("failed_at");
    /** The giver was told that the grant no longer opens the directory. */
    table.bigInteger("told_at");
  });
  await knex("directory_sync").insert({ id: "directory" });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("directory_sync");
  await knex.schema.dropTable("oauth_states");
  await knex.schema.dropTable("grants");
}
