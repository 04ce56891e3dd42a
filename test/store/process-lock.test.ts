import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { sqlitePath } from "../../src/store/database-url";
import { DatabaseInUseError, holdProcessLock } from "../../src/store/process-lock";
import { onlyOn } from "../support/databases";
import { claimIds, queue, aNotification, outboxRow, seedIncident, seedSpace } from "./seed";

const NO_PATIENCE_MS = 0;

onlyOn("sqlite", "the process lock", (database) => {
  const file = (): string => sqlitePath(database.url());

  it("refuses a second process, naming the file and the ways out", async () => {
    const letGo = await holdProcessLock(file());
    const refused = holdProcessLock(file(), NO_PATIENCE_MS);
    await expect(refused).rejects.toBeInstanceOf(DatabaseInUseError);
    await expect(refused).rejects.toThrow(
      `Another Muster is using ${file()}. Stop it first, or use PostgreSQL for several processes.`,
    );
    await letGo();
  });

  it("does not disturb whoever holds it by refusing others", async () => {
    const store = await database.open();
    await expect(holdProcessLock(file(), NO_PATIENCE_MS)).rejects.toThrow("Another Muster");
    await seedSpace(store);
    await expect(holdProcessLock(file(), NO_PATIENCE_MS)).rejects.toThrow("Another Muster");
  });

  it("is free again once it was let go", async () => {
    const letGo = await holdProcessLock(file());
    await letGo();
    const again = await holdProcessLock(file(), NO_PATIENCE_MS);
    await again();
  });

  it("waits for a process that is just ending", async () => {
    const letGo = await holdProcessLock(file());
    const waiting = holdProcessLock(file());
    await letGo();
    await (
      await waiting
    )();
  });

  it("is freed when the start behind it fails", async () => {
    await (await database.open()).close();
    await expect(database.open({ encryptionKeys: [Buffer.alloc(32, 9)] })).rejects.toThrow();
    const letGo = await holdProcessLock(file(), NO_PATIENCE_MS);
    await letGo();
  });

  it("is freed by the death of a process that was killed", async () => {
    const holder = spawn(
      process.execPath,
      ["--import", "tsx", join(__dirname, "hold-lock.ts"), file()],
      { stdio: ["pipe", "pipe", "inherit"] },
    );
    try {
      await once(holder.stdout, "data");
      await expect(holdProcessLock(file(), NO_PATIENCE_MS)).rejects.toThrow("Another Muster");
    } finally {
      const died = once(holder, "exit");
      holder.kill("SIGKILL");
      await died;
    }
    const letGo = await holdProcessLock(file(), NO_PATIENCE_MS);
    await letGo();
  });

  it("gives whoever has it the rows of the dead one at once, as unclear", async () => {
    const dead = await database.open();
    await seedSpace(dead);
    await seedIncident(dead);
    await queue(dead, aNotification());
    await dead.inbox.add({ kind: "message", key: "m-1", occurredAt: 1, body: {} });
    await claimIds(dead, "sms");
    await dead.inbox.claim(1);
    await dead.close();
    const next = await database.open();
    expect(await claimIds(next, "sms")).toEqual(["n-1"]);
    expect(await outboxRow(next, "n-1")).toMatchObject({
      attempts: 2,
      unclear_since: database.clock().now(),
    });
    expect(await next.inbox.claim(1)).toHaveLength(1);
  });
});
