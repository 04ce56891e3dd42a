import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

type Server = ChildProcessByStdio<Writable, Readable, null>;

let server: Server | undefined;

/** Starts a PostgreSQL in a process of its own and resolves with its URL once it answers. */
export async function startPostgres(): Promise<string> {
  const started = spawn(process.execPath, [join(__dirname, "start-postgres.mjs")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  server = started;
  const lines = createInterface({ input: started.stdout });
  const [url] = (await Promise.race([once(lines, "line"), once(started, "exit")])) as unknown[];
  if (typeof url !== "string") throw new Error("PostgreSQL did not start; see above.");
  return url;
}

/** Ends its input, upon which it stops and removes its folder. */
export async function stopPostgres(): Promise<void> {
  if (server?.exitCode !== null) return;
  const exited = once(server, "exit");
  server.stdin.end();
  await exited;
}
