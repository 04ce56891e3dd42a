import { ChaosDirectory, syncPoints, type SyncPoint } from "../support/chaos-directory";
import { ChaosStory } from "../support/chaos-story";
import { SeededRandom } from "../support/chaos-random";
import { onPostgres } from "../support/chaos-postgres";

/** Ten kills that are the same each time, but for the computer's own haste. */
const SEED = 20_261_122;

jest.setTimeout(180_000);

/** They spend most of their time waiting, for a start or a lease, and do so side by side. */
it.concurrent("tells everybody once, however often the process is killed", async () => {
  const random = new SeededRandom(SEED);
  const story = await ChaosStory.open(2);
  try {
    await story.startBot();
    const first = await story.tellWithKills(
      [
        "when the command's message was read, before anything is decided",
        "after a text was taken, before its answer",
        "before a call is taken",
        "after a direct message was taken, before its answer",
        "while a text's answer is recorded",
      ],
      random,
    );
    expect(first.faults).toEqual([]);
    expect(first.kills).toHaveLength(5);
    const second = await story.tellWithKills(
      [
        "while the command's event is delivered",
        "around the commit of the start",
        "after a call was taken, before its answer",
        "at any moment",
      ],
      random,
    );
    expect(second.faults).toEqual([]);
    expect(second.kills).toHaveLength(4);
  } finally {
    await story.close();
  }
});

it.concurrent(
  "lets another process on PostgreSQL take over when the lease has run out",
  async () => {
    const random = new SeededRandom(SEED);
    await onPostgres(async (databaseUrl) => {
      const story = await ChaosStory.open(1, databaseUrl);
      try {
        const doomed = await story.startBot();
        await story.startBot();
        const outcome = await story.tellWithLoss(
          doomed,
          "after a direct message was taken, before its answer",
          random,
        );
        expect(outcome.faults).toEqual([]);
        expect(outcome.kills).toHaveLength(1);
      } finally {
        await story.close();
      }
    });
  },
);

it.concurrent("has a whole directory, however often the process is killed in a sync", async () => {
  const random = new SeededRandom(SEED);
  const directory = await ChaosDirectory.open();
  try {
    const bot = await directory.startBot();
    try {
      for (const point of Object.keys(syncPoints) as SyncPoint[])
        expect(await directory.killAt(bot, point, random)).toEqual([]);
      expect(await directory.look()).toMatchObject({ generations: 1 });
    } finally {
      await bot.stop();
    }
  } finally {
    await directory.close();
  }
});
