import type { Responder } from "../../src/roster/responder";
import type { BotProcess } from "../../src/sandbox/bot-process";
import type { SandboxSpace } from "../../src/sandbox/world";
import { prepareDatabase, reachableExternals } from "./bench-database";
import { openBenchWorld, type BenchWorld } from "./bench-world";
import { killPoints, type KillPoint } from "./chaos-kill-points";
import { OutboxWatch } from "./chaos-outbox";
import type { SeededRandom } from "./chaos-random";
import { until, type Patience } from "./until";

const ANSWER_MS = 30;
const RESPONDERS = 100;
const NOTIFICATIONS = RESPONDERS * 3;
/** A lease of twenty seconds may have to run out, on a computer that is busy. */
const PATIENCE: Patience = { everyMs: 100, withinMs: 90_000 };

const ENVIRONMENT = {
  VOICE_AFTER_SMS_SECONDS: "0",
  SMS_PER_SECOND: "1000",
  VOICE_PER_SECOND: "1000",
  MAX_TEXTS_PER_HOUR: "10000",
  MAX_CALLS_PER_HOUR: "10000",
};

/** What became of one incident whose processes were killed. */
export interface Outcome {
  kills: string[];
  /** Everything that is not as it must be; empty when all is well. */
  faults: string[];
}

/** A hundred responders with three channels, and the processes that are to tell them. */
export class ChaosStory {
  private readonly bots: BotProcess[] = [];
  private readonly errors: string[] = [];
  private readonly outbox: OutboxWatch;
  private incidents = 0;

  private constructor(
    private readonly world: BenchWorld,
    private readonly spaces: readonly SandboxSpace[],
    private readonly responders: readonly Responder[],
  ) {
    this.outbox = new OutboxWatch(world.databaseUrl);
  }

  /** With room for so many incidents, one after the other; on SQLite without a URL. */
  static async open(incidents: number, databaseUrl?: string): Promise<ChaosStory> {
    const world = await openBenchWorld({
      answerMs: ANSWER_MS,
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
    });
    const spaces = Array.from({ length: incidents }, (_, index) =>
      world.addSpace(`Payments ${index + 1}`),
    );
    const responders = reachableExternals(RESPONDERS);
    await prepareDatabase(world, world.sandbox.world, spaces, responders);
    return new ChaosStory(world, spaces, responders);
  }

  /** Further processes share the first one's public address. */
  async startBot(): Promise<BotProcess> {
    const [first] = this.bots;
    const bot = await this.world.startBot({
      env: { ...ENVIRONMENT, ...(first ? { PUBLIC_URL: first.url } : {}) },
      onLine: (line) => this.noteErrors(line),
    });
    this.bots.push(bot);
    return bot;
  }

  /** Has people told in the next space and kills the process at each point, to start it again. */
  async tellWithKills(points: readonly KillPoint[], random: SeededRandom): Promise<Outcome> {
    const [bot] = this.bots;
    const incident = await this.nextIncident();
    const kills: string[] = [];
    for (const point of points) {
      const { isKilled } = await this.runUntilKilled(bot!, point, random, incident, kills.length);
      if (!isKilled) break;
      kills.push(point);
    }
    await bot!.start();
    return this.judge(incident, kills);
  }

  /** Has people told by all processes and kills one of them for good. */
  async tellWithLoss(bot: BotProcess, point: KillPoint, random: SeededRandom): Promise<Outcome> {
    const incident = await this.nextIncident();
    const { isKilled } = await this.runUntilKilled(bot, point, random, incident, 0);
    return this.judge(incident, isKilled ? [point] : []);
  }

  async close(): Promise<void> {
    await this.outbox.close();
    await Promise.all(this.bots.map((bot) => bot.stop()));
    await this.world.close();
  }

  private async nextIncident(): Promise<Incident> {
    const { moderator, sandbox } = this.world;
    const space = this.spaces[this.incidents]!;
    this.incidents += 1;
    // What was said here before is where the search for missed messages begins.
    sandbox.world.say({ person: moderator, space, text: "@Muster help" });
    const isAnswered = (): boolean =>
      sandbox.world.messagesIn(space.id).some(({ personId }) => personId !== moderator.id);
    await until("the bot answers", isAnswered, PATIENCE);
    return { space, expected: this.incidents * NOTIFICATIONS, received: this.received() };
  }

  private async runUntilKilled(
    bot: BotProcess,
    point: KillPoint,
    random: SeededRandom,
    incident: Incident,
    killsBefore: number,
  ): Promise<{ isKilled: boolean }> {
    const { moderator, sandbox } = this.world;
    const kill = { isDone: false };
    const disarm = killPoints[point](sandbox, random, () => {
      kill.isDone = true;
      void bot.kill();
    });
    const text = "@Muster start incident payments down";
    if (killsBefore === 0) sandbox.world.say({ person: moderator, space: incident.space, text });
    const starting = bot.start().catch((error: unknown) => {
      if (!kill.isDone) throw error;
    });
    await until("a kill or the end", () => kill.isDone || this.isSettled(incident), PATIENCE);
    disarm();
    sandbox.faults.clear();
    if (kill.isDone) await bot.ended;
    await starting;
    return { isKilled: kill.isDone };
  }

  private async isSettled({ expected }: Incident): Promise<boolean> {
    const { open, total } = await this.outbox.counts();
    return total >= expected && open === 0;
  }

  private async judge(incident: Incident, kills: string[]): Promise<Outcome> {
    await until("everybody is told", () => this.isSettled(incident), PATIENCE);
    await this.world.sandbox.idle();
    const { accepted } = await this.outbox.counts();
    const after = this.received();
    const faults = [...incident.received].flatMap(([what, before]) => {
      const times = (after.get(what) ?? 0) - before;
      return times === 1 ? [] : [`${what}: ${times} times`];
    });
    if (accepted !== incident.expected)
      faults.push(`${accepted} of ${incident.expected} notifications count as accepted`);
    return { kills, faults: [...faults, ...this.errors.splice(0)] };
  }

  /** How often each responder was reached on each channel until now. */
  private received(): Map<string, number> {
    const { phones, world } = this.world.sandbox;
    return new Map(
      this.responders.flatMap(({ email = "", mobile = "", voice = "" }): [string, number][] => [
        [`text to ${mobile}`, phones.at(mobile).texts.length],
        [`call to ${voice}`, phones.at(voice).calls.length],
        [
          `direct message to ${email}`,
          world.personByEmail(email) ? world.messagesTo(email).length : 0,
        ],
      ]),
    );
  }

  private noteErrors(line: string): void {
    if (isError(line)) this.errors.push(`logged: ${line}`);
  }
}

interface Incident {
  space: SandboxSpace;
  /** Notifications in the database once everybody was told. */
  expected: number;
  /** What had been received before. */
  received: Map<string, number>;
}

/** What is no line of the log at all comes from a process that could not even log. */
function isError(line: string): boolean {
  return line.startsWith("{") ? line.includes('"level":"error"') : line.trim() !== "";
}
