import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SystemClock } from "../../src/clock";
import { startBot, type BotProcess } from "../../src/sandbox/bot-process";
import { startSandbox, type Sandbox } from "../../src/sandbox/start-sandbox";
import type { SandboxPerson, SandboxSpace } from "../../src/sandbox/world";
import type { PreparedDatabase } from "../support/bench-database";

/** How long each answer of the stand-ins takes. */
export const ANSWER_MS = 100;

/** The stand-ins with slow answers, a database that is still empty, and the people who matter. */
export interface BenchWorld extends PreparedDatabase {
  sandbox: Sandbox;
  bot: SandboxPerson;
  moderator: SandboxPerson;
  addSpace(title: string, members?: readonly SandboxPerson[]): SandboxSpace;
  startBot(
    command: readonly [string, ...string[]],
    env?: Record<string, string>,
  ): Promise<BotProcess>;
  close(): Promise<void>;
}

export async function openBenchWorld(): Promise<BenchWorld> {
  const folder = await mkdtemp(join(tmpdir(), "muster-bench-"));
  const databaseUrl = `sqlite:${join(folder, "muster.sqlite3")}`;
  const encryptionKey = randomBytes(32).toString("base64");
  const sandbox = await startSandbox({ clock: new SystemClock() });
  const { connect, world } = sandbox;
  world.latencyMs = ANSWER_MS;
  connect.settings.latencyMs = ANSWER_MS;
  const bot = world.addPerson({ name: "Muster", type: "bot" });
  const moderator = world.addPerson({ name: "Ana Silva" });
  return {
    ...{ sandbox, bot, moderator, databaseUrl, encryptionKey },
    addSpace(title, members = []) {
      const space = world.addSpace({ title, isLocked: true });
      for (const person of [moderator, bot]) world.setMember({ space, person, moderator: true });
      for (const person of members) world.setMember({ space, person });
      return space;
    },
    startBot: (command, env = {}) =>
      startBot({
        ...{ sandbox, command, databaseUrl },
        env: { ENCRYPTION_KEY: encryptionKey, ...env },
      }),
    async close() {
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
