import type { Knex } from "knex";

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable("inbox", (table) => {
    table.text("id").primary();
    table.text("kind").notNullable();
    table.text("unique_key").notNullable().unique();
    table.text("space_id");
    table.text("person_id");
    table.bigInteger("occurred_at").notNullable();
    table.bigInteger("received_at").notNullable();
    table.text("body").notNullable();
    table.text("state").notNullable();
    table.integer("attempts").notNullable();
    table.bigInteger("due_at").notNullable();
    /** Set when the same hint came again while it was handled: it is handled once more. */
    table.integer("again").notNullable();
    table.bigInteger("lease_until");
    table.text("lease_token");
    table.text("last_error");
    table.bigInteger("finished_at");
    table.index(["state", "finished_at"], "inbox_finished");
  });
  await knex.raw("CREATE INDEX inbox_due ON inbox (due_at, id) WHERE state = 'waiting'");
  await knex.raw("CREATE INDEX inbox_leases ON inbox (lease_until) WHERE state = 'handling'");
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("inbox");
}
