import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SystemClock } from "../../src/clock";
import { startBot, type BotOptions, type BotProcess } from "../../src/sandbox/bot-process";
import { startSandbox, type Sandbox } from "../../src/sandbox/start-sandbox";
import type { SandboxPerson, SandboxSpace } from "../../src/sandbox/world";
import type { PreparedDatabase } from "./bench-database";

export interface BenchWorldOptions {
  /** How long each answer of the stand-ins takes. */
  answerMs: number;
  /** A SQLite file of its own when absent. */
  databaseUrl?: string;
}

/** Stand-ins in this process, whose bot is to run in another, and a database that is still empty. */
export interface BenchWorld extends PreparedDatabase {
  sandbox: Sandbox;
  bot: SandboxPerson;
  moderator: SandboxPerson;
  /** A moderated space with the moderator and the bot as its moderators. */
  addSpace(title: string, members?: readonly SandboxPerson[]): SandboxSpace;
  /** All processes that are started here share the database and its keys. */
  startBot(options?: Pick<BotOptions, "command" | "env" | "onLine">): Promise<BotProcess>;
  close(): Promise<void>;
}

export async function openBenchWorld(options: BenchWorldOptions): Promise<BenchWorld> {
  const folder = await mkdtemp(join(tmpdir(), "muster-bench-"));
  const { databaseUrl = `sqlite:${join(folder, "muster.sqlite3")}` } = options;
  const keys = newKeys();
  const sandbox = await startSandbox({ clock: new SystemClock() });
  const { connect, world } = sandbox;
  world.latencyMs = options.answerMs;
  connect.settings.latencyMs = options.answerMs;
  const bot = world.addPerson({ name: "Muster", type: "bot" });
  const moderator = world.addPerson({ name: "Ana Silva" });
  return {
    ...{ sandbox, bot, moderator, databaseUrl, encryptionKey: keys.ENCRYPTION_KEY },
    addSpace(title, members = []) {
      const space = world.addSpace({ title, isLocked: true });
      for (const person of [moderator, bot]) world.setMember({ space, person, moderator: true });
      for (const person of members) world.setMember({ space, person });
      return space;
    },
    startBot: ({ env, ...more } = {}) =>
      startBot({ ...more, sandbox, databaseUrl, env: { ...keys, ...env } }),
    async close() {
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function newKeys() {
  return {
    ENCRYPTION_KEY: randomBytes(32).toString("base64"),
    WEBHOOK_SECRET: randomBytes(32).toString("hex"),
    CONNECT_CALLBACK_SECRET: randomBytes(24).toString("base64url"),
  };
}
