import { holdProcessLock } from "../../src/store/process-lock";

/** A process that takes the lock of the file that it is given, says so, and lives until its input ends. */
async function main(): Promise<void> {
  const [file = ""] = process.argv.slice(2);
  await holdProcessLock(file);
  process.stdout.write("held\n");
  process.stdin.resume().once("end", () => process.exit());
}

void main();
