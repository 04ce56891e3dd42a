import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyLog } from "../../src/store/copy-log";
import { openDatabase, sqliteConnection } from "../../src/store/database";
import { ManualClock } from "../support/manual-clock";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "muster-database-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("what was written to a SQLite file reaches it while it is in use", async () => {
  const file = join(folder, "muster.sqlite3");
  jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate"] });
  const other = sqliteConnection(file, []);
  const db = openDatabase(`sqlite:${file}`, new ManualClock());
  const stopCopying = copyLog(file);
  try {
    await db.write.raw("CREATE TABLE notes (words TEXT)");
    await db.write("notes").insert({ words: "kept" });
    // Who closes a file last copies everything into it: somebody else still has it open.
    await other.raw("SELECT * FROM notes");
    jest.advanceTimersByTime(1_000);
  } finally {
    jest.useRealTimers();
    await stopCopying();
    await db.close();
  }
  // Without the log beside it.
  const copy = join(folder, "copy.sqlite3");
  await copyFile(file, copy);
  const read = sqliteConnection(copy, []);
  expect(await read("notes").select("words")).toEqual([{ words: "kept" }]);
  await read.destroy();
  await other.destroy();
});
