import type { Knex } from "knex";

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable("outbox", (table) => {
    table.text("id").primary();
    table.text("lane").notNullable();
    table.text("kind").notNullable();
    table.text("space_id").references("spaces.id").onDelete("CASCADE");
    table.text("incident_id").references("incidents.id");
    table.text("round_id").references("rounds.id");
    table.text("responder_id").references("responders.id");
    table.text("channel");
    /** Whose membership an effect changes. */
    table.text("person_id");
    table.text("card_id");
    table.text("unique_key").unique();
    table.text("state").notNullable();
    table.bigInteger("due_at").notNullable();
    /** Not before this moment of the real clock: waits for a conference or before a look-up. */
    table.bigInteger("hold_until");
    table.bigInteger("expires_at").notNullable();
    table.integer("priority").notNullable();
    table.integer("position").notNullable();
    table.integer("attempts").notNullable();
    table.integer("key_number").notNullable();
    table.bigInteger("unclear_since");
    /** An attempt with an earlier key may have been carried out. */
    table.integer("maybe_sent").notNullable();
    table.integer("cancel_requested").notNullable();
    table.bigInteger("lease_until");
    table.text("lease_token");
    table.text("provider_id");
    table.text("last_error");
    table.text("payload").notNullable();
    table.bigInteger("created_at").notNullable();
    table.bigInteger("changed_at").notNullable();
    table.unique(["round_id", "responder_id", "channel"]);
    table.index(["incident_id", "responder_id", "channel"], "outbox_incident");
    table.index(["round_id", "state"], "outbox_round");
    table.index(["space_id", "state"], "outbox_space");
    table.index(["provider_id"], "outbox_provider");
    table.index(["state", "changed_at"], "outbox_state");
  });
  await knex.raw(
    "CREATE INDEX outbox_claim ON outbox (lane, priority, position, due_at) WHERE state = 'queued'",
  );
  await knex.raw("CREATE INDEX outbox_effects ON outbox (changed_at) WHERE round_id IS NULL");
  await knex.raw(
    "CREATE INDEX outbox_leases ON outbox (lane, lease_until) WHERE state = 'sending'",
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("outbox");
}
