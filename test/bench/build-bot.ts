import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectFolder } from "../../src/paths";

const run = promisify(execFile);

/** Compiles the bot as for production and returns the command that starts it. */
export async function buildBot(): Promise<[string, string]> {
  const project = projectFolder();
  // Inside the project, where Node finds the packages; not `dist`, which may belong to a bot that runs.
  const folder = join(project, "node_modules", ".cache", "muster-bench");
  // What is no longer in the source must not run.
  await rm(folder, { recursive: true, force: true });
  const compiler = require.resolve("typescript/bin/tsc");
  await run(process.execPath, [compiler, "-p", "tsconfig.build.json", "--outDir", folder], {
    cwd: project,
  });
  return [process.execPath, join(folder, "src", "main.js")];
}
