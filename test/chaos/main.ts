import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { sendPoints, startPoints, type KillPoint } from "../support/chaos-kill-points";
import { onPostgres } from "../support/chaos-postgres";
import { SeededRandom } from "../support/chaos-random";
import { ChaosStory, type Outcome } from "../support/chaos-story";

const HELP = `npm run test:chaos -- [kills] [--seed n] [--database sqlite|postgres|both]

Kills the bot while it tells a hundred people on three channels, and starts it again, until it was
killed so often (100 times). On PostgreSQL two processes run, and each kill waits for a lease.`;

const KILLS_PER_INCIDENT = 5;
const DATABASES = ["sqlite", "postgres"] as const;

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: "string" },
      database: { type: "string", default: "both" },
      help: { type: "boolean" },
    },
  });
  const kills = Number(positionals[0] ?? 100);
  const seed = Number(values.seed ?? randomInt(1_000_000_000));
  const chosen = DATABASES.filter((name) => ["both", name].includes(values.database));
  if (values.help || !Number.isInteger(kills) || !Number.isInteger(seed) || chosen.length === 0) {
    console.log(HELP);
    process.exitCode = values.help ? 0 : 1;
    return;
  }
  console.log(`seed ${seed}`);
  const random = new SeededRandom(seed);
  if (chosen.includes("sqlite")) await killOnSqlite(Math.ceil(kills / chosen.length), random);
  if (chosen.includes("postgres")) await killOnPostgres(Math.ceil(kills / chosen.length), random);
}

async function killOnSqlite(kills: number, random: SeededRandom): Promise<void> {
  for (let done = 0; done < kills;) {
    const story = await ChaosStory.open(1);
    try {
      await story.startBot();
      const most = Math.min(KILLS_PER_INCIDENT, kills - done);
      const outcome = await story.tellWithKills(somePoints(most, random), random);
      report("SQLite", outcome);
      // An incident may end before its last kill; one without any would never end this.
      done += Math.max(1, outcome.kills.length);
    } finally {
      await story.close();
    }
  }
}

async function killOnPostgres(kills: number, random: SeededRandom): Promise<void> {
  for (let done = 0; done < kills; done += 1)
    await onPostgres(async (databaseUrl) => {
      const story = await ChaosStory.open(1, databaseUrl);
      try {
        const bots = [await story.startBot(), await story.startBot()];
        const [point] = somePoints(1, random);
        report("PostgreSQL", await story.tellWithLoss(random.oneOf(bots), point!, random));
      } finally {
        await story.close();
      }
    });
}

/** The first of an incident may be at its start. */
function somePoints(count: number, random: SeededRandom): KillPoint[] {
  return Array.from({ length: count }, (_, index) =>
    random.oneOf<KillPoint>(index === 0 ? [...startPoints, ...sendPoints] : sendPoints),
  );
}

function report(database: string, { faults, kills }: Outcome): void {
  const isGood = faults.length === 0;
  console.log(`${isGood ? "✔" : "✘"} ${database}: killed ${kills.join("; ") || "never"}`);
  for (const fault of faults) console.log(`    ${fault}`);
  if (!isGood) process.exitCode = 1;
}

void main();
