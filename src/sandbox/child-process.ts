import type { ChildProcessByStdio } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

const KEPT_LINES = 1000;

export interface ChildOptions {
  command: readonly [string, ...string[]];
  env: Readonly<Record<string, string>>;
  cwd: string;
  onLine?: ((line: string) => void) | undefined;
}

/** One run of a process. It never outlives the process that started it, unless that is killed. */
export class Child {
  /** The last lines of both of its outputs. */
  readonly lines: string[] = [];
  /** How it ended, such as "code 1" or "SIGKILL"; undefined while it runs. */
  ending: string | undefined;
  readonly ended: Promise<string>;
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;
  private readonly endWithUs = (): void => void this.child.kill("SIGKILL");

  constructor(private readonly options: ChildOptions) {
    const { command, env, cwd } = options;
    const [file, ...args] = command;
    this.child = spawn(file, args, { env, cwd, stdio: ["ignore", "pipe", "pipe"] });
    for (const output of [this.child.stdout, this.child.stderr]) {
      createInterface({ input: output }).on("line", (line) => this.keep(line));
    }
    process.once("exit", this.endWithUs);
    this.ended = this.waitForEnd();
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Asks it to stop, and kills it when it has not in time. */
  async stop(withinMs: number): Promise<string> {
    this.child.kill("SIGTERM");
    const patience = setTimeout(() => this.child.kill("SIGKILL"), withinMs);
    const ending = await this.ended;
    clearTimeout(patience);
    return ending;
  }

  async kill(): Promise<string> {
    this.child.kill("SIGKILL");
    return this.ended;
  }

  private keep(line: string): void {
    this.lines.push(line);
    if (this.lines.length > KEPT_LINES) this.lines.shift();
    this.options.onLine?.(line);
  }

  private async waitForEnd(): Promise<string> {
    try {
      const [code, signal] = (await once(this.child, "close")) as [number | null, string | null];
      this.ending = signal ?? `code ${code ?? "unknown"}`;
    } catch (error) {
      this.ending = `not started: ${String(error)}`;
    }
    process.removeListener("exit", this.endWithUs);
    return this.ending;
  }
}
