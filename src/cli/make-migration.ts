import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { projectFolder } from "../paths";

const TEMPLATE = `import type { Knex } from "knex";

export async function up(knex: Knex): Promise<void> {}

export async function down(knex: Knex): Promise<void> {}
`;

void makeMigration(process.argv[2] ?? "").catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});

/** Writes an empty migration whose name begins with the present second, UTC. */
async function makeMigration(name: string): Promise<void> {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name))
    throw new Error("Say what it does, in small letters: npm run migrate:make -- add_answers");
  const second = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const file = join(projectFolder(), "migrations", `${second}_${name}.ts`);
  await writeFile(file, TEMPLATE, { flag: "wx" });
  console.log(`Write ${file}, and how to undo it.`);
}
