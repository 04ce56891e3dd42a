import { renameSync, writeFileSync } from "node:fs";
import type { SystemClock } from "../clock";

/** Moves the sandbox's clock and, through `file`, that of a bot in another process. */
export class ClockFile {
  private offsetMs = 0;

  constructor(
    private readonly clock: SystemClock,
    private readonly file?: string,
  ) {}

  advance(ms: number): void {
    this.offsetMs += ms;
    if (this.file !== undefined) replaceFile(this.file, String(this.offsetMs));
    this.clock.setOffset(this.offsetMs);
  }
}

/** Its reader must never see half a number. */
function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}
