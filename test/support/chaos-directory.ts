import { setTimeout as wait } from "node:timers/promises";
import type { BotProcess } from "../../src/sandbox/bot-process";
import type { SandboxPerson } from "../../src/sandbox/world";
import { sqliteConnection } from "../../src/store/database";
import { sqlitePath } from "../../src/store/database-url";
import { directoryPath } from "../../src/store/directory-sqlite";
import { generationsIn, peopleTable, readPointer } from "../../src/store/directory-tables";
import { openBenchWorld, type BenchWorld } from "./bench-world";
import type { SeededRandom } from "./chaos-random";
import { linksOf } from "./story-cards";
import { until, type Patience } from "./until";

const ANSWER_MS = 30;
const PEOPLE = 4_000;
const PATIENCE: Patience = { everyMs: 2, withinMs: 60_000 };

/**
 * The moments of a sync at which the process is killed: so many milliseconds after Webex was asked
 * for a page. The last page is followed by the change to the new directory.
 */
export const syncPoints = {
  "while the first page is read": { page: 1, leastMs: 0, mostMs: 25 },
  "while a page is written and the next one read": { page: 3, leastMs: 25, mostMs: 120 },
  "around the change to the new directory": { page: 5, leastMs: 30, mostMs: 300 },
} as const;

export type SyncPoint = keyof typeof syncPoints;

/** A bot on SQLite with the directory of an organisation, and what is seen of it from outside. */
export class ChaosDirectory {
  /** How many people each sync that was completed has read. */
  private readonly read: number[] = [];

  private constructor(
    private readonly world: BenchWorld,
    private readonly admin: SandboxPerson,
  ) {}

  static async open(): Promise<ChaosDirectory> {
    const world = await openBenchWorld({ answerMs: ANSWER_MS });
    world.sandbox.world.fillDirectory(PEOPLE);
    const admin = world.sandbox.world.addPerson({ name: "Olga Admin", isAdmin: true });
    return new ChaosDirectory(world, admin);
  }

  /** Starts the bot, authorises it, and waits for the first sync. */
  async startBot(): Promise<BotProcess> {
    const { sandbox } = this.world;
    const bot = await this.world.startBot({ onLine: (line) => this.note(line) });
    sandbox.world.say({ person: this.admin, text: "authorize" });
    const link = await until("the link comes", () => this.link(), PATIENCE);
    await sandbox.world.consent(link, this.admin);
    await until("the directory is read", () => this.read[0], PATIENCE);
    return bot;
  }

  /** Kills the bot in a sync, looks at what is left, and starts it again; what is wrong. */
  async killAt(bot: BotProcess, point: SyncPoint, random: SeededRandom): Promise<string[]> {
    const { world } = this.world.sandbox;
    const pages = (): number => world.requestCounts.get("GET /people") ?? 0;
    const { leastMs, mostMs, page } = syncPoints[point];
    const before = pages();
    const done = this.read.length;
    world.say({ person: this.admin, text: "directory refresh" });
    await until("the page is asked for", () => pages() >= before + page, PATIENCE);
    await wait(random.whole(leastMs, mostMs));
    await bot.kill();
    const left = await this.look();
    await bot.start();
    // A sync that was complete in the very last moment is not made again.
    if (this.read.length === done) await until("it is read again", () => this.read[done], PATIENCE);
    const [expected] = this.read;
    const wrong = [
      ...(left.people === expected ? [] : [`${point}: ${left.people ?? "no"} people were left`]),
      ...(this.read.at(-1) === expected ? [] : [`${point}: ${this.read.at(-1)} were read again`]),
    ];
    return wrong;
  }

  /** What the directory's file holds: how many people there are now, and how many generations. */
  async look(): Promise<{ people: number | undefined; generations: number }> {
    const file = directoryPath(sqlitePath(this.world.databaseUrl));
    const db = sqliteConnection(file, []);
    try {
      const current = await readPointer(db);
      const tables = await db("sqlite_master").select<{ name: string }[]>("name");
      const generations = generationsIn(tables.map(({ name }) => name)).length;
      if (current === undefined) return { people: undefined, generations };
      const [{ people }] = (await db(peopleTable(current)).count({ people: "*" })) as [
        { people: number },
      ];
      return { people, generations };
    } finally {
      await db.destroy();
    }
  }

  close(): Promise<void> {
    return this.world.close();
  }

  private link(): string | undefined {
    const messages = this.world.sandbox.world.messagesTo(this.admin);
    return messages
      .flatMap(({ attachments }) => attachments.flatMap(({ content }) => linksOf(content)))
      .find(({ url }) => url.includes("/authorize?"))?.url;
  }

  private note(line: string): void {
    if (line.includes('"the directory was read"'))
      this.read.push((JSON.parse(line) as { people: number }).people);
  }
}
