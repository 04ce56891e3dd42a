import type { ChildProcessByStdio } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { HELP, readArguments } from "../../src/sandbox/main-options";

jest.setTimeout(60_000);

const CLEAR_WITHIN_MS = 15_000;
const ROOT = resolve(__dirname, "../..");

/** `npm run sandbox` as a process; its temporary folder is one of our own. */
class Main {
  output = "";
  private readonly process: ChildProcessByStdio<null, Readable, Readable>;
  private readonly listeners = new Set<() => void>();
  private readonly ended: Promise<unknown[]>;

  constructor(
    readonly folder: string,
    args: readonly string[],
  ) {
    const program = ["--import", "tsx", "src/sandbox/main.ts", ...args];
    const env = { PATH: process.env.PATH, HOME: folder, TMPDIR: folder };
    const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
    this.process = spawn(process.execPath, program, { cwd: ROOT, env, stdio });
    for (const stream of [this.process.stdout, this.process.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
        for (const listener of this.listeners) listener();
      });
    this.ended = once(this.process, "close");
  }

  /** Throws with everything that was said when it ends before it says this. */
  async says(what: RegExp): Promise<RegExpExecArray> {
    const said = new Promise<RegExpExecArray>((found) => {
      const look = (): void => {
        const match = what.exec(this.output);
        if (match) found(match);
      };
      this.listeners.add(look);
      look();
    });
    const silent = this.ended.then(() => {
      throw new Error(`It never said ${String(what)}:\n${this.output}`);
    });
    return Promise.race([said, silent]);
  }

  /** Its code. */
  async end(signal?: NodeJS.Signals): Promise<unknown> {
    if (signal) this.process.kill(signal);
    return (await this.ended)[0];
  }

  /** As when the program that reads it is gone. */
  hangUp(): void {
    this.process.stdout.destroy();
    this.process.stderr.destroy();
  }

  /** Whatever a test has left running: asked first, because what is killed leaves the bot. */
  async clear(): Promise<void> {
    const patience = setTimeout(() => this.process.kill("SIGKILL"), CLEAR_WITHIN_MS);
    await this.end("SIGTERM");
    clearTimeout(patience);
  }
}

let folder: string;
let running: Main[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "muster-test-"));
  running = [];
});
afterEach(async () => {
  for (const main of running) await main.clear();
  rmSync(folder, { recursive: true });
});

function start(...args: string[]): Main {
  const main = new Main(folder, args);
  running.push(main);
  return main;
}

/** What is left behind; the loader of the sources keeps a cache of its own. */
function left(): string[] {
  return readdirSync(folder).filter((name) => name.startsWith("muster-"));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A port that is taken, with a free one after it more likely than not. */
async function takePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { port, free: () => new Promise((done) => server.close(done)) };
}

const pidOf = async (main: Main): Promise<number> => Number((await main.says(/"pid":(\d+)/))[1]);

describe("npm run sandbox", () => {
  it("takes the next port, outlives the bot, and keeps its folder when asked to", async () => {
    const taken = await takePort();
    const main = start("--port", String(taken.port), "--keep", "--log");
    await main.says(new RegExp(`Port ${taken.port} is taken, trying ${taken.port + 1}\\.`));
    const [, origin = ""] = await main.says(/^ {2}Open (http:\/\/127\.0\.0\.1:\d+)\/$/m);
    await main.says(/The bot is ready at http/);
    process.kill(await pidOf(main), "SIGKILL");
    await main.says(/The bot ended by itself \(SIGKILL\)\. Its last lines:/);
    const state = (await (await fetch(`${origin}/_sandbox/state`)).json()) as object;
    expect(state).toMatchObject({ bot: { state: "ended", isUnexpected: true } });
    const headers = { "content-type": "application/json" };
    const body = '{"action":"start"}';
    await fetch(`${origin}/_sandbox/bot`, { method: "POST", headers, body });
    await main.says(/The bot runs again\./);
    expect(await main.end("SIGINT")).toBe(0);
    const [, kept = ""] = await main.says(/^Kept: (\S+)$/m);
    expect(left().map((name) => join(folder, name))).toEqual([kept]);
    expect(readdirSync(kept, { recursive: true })).toContain(join("bot", "muster.sqlite3"));
    await taken.free();
  });

  it("leaves nothing behind when it is stopped", async () => {
    const main = start("--port", String((await takenAndFree()).port));
    const [, log = ""] = await main.says(/Its log: (\S+)/);
    expect(log).toContain(folder);
    expect(await main.end("SIGTERM")).toBe(0);
    expect(left()).toEqual([]);
  });

  it("leaves nothing behind when it is stopped while the bot starts", async () => {
    const main = start("--log", "--port", String((await takenAndFree()).port));
    const pid = await pidOf(main);
    expect(main.output).not.toContain("The bot is ready");
    expect(await main.end("SIGHUP")).toBe(0);
    expect(isAlive(pid)).toBe(false);
    expect(left()).toEqual([]);
  });

  it("leaves nothing behind when nobody reads it any more", async () => {
    const main = start("--log", "--port", String((await takenAndFree()).port));
    const pid = await pidOf(main);
    main.hangUp();
    expect(await main.end()).toBe(0);
    expect(isAlive(pid)).toBe(false);
    expect(left()).toEqual([]);
  });

  it("says what it does not know, and starts nothing", async () => {
    const main = start("--kepe");
    expect(await main.end()).toBe(2);
    expect(main.output).toMatch(/^Unknown argument --kepe\.\n\nUsage: npm run sandbox/);
    expect(left()).toEqual([]);
  });

  it("explains itself", async () => {
    const main = start("--help");
    expect(await main.end()).toBe(0);
    expect(main.output).toBe(`${HELP}\n`);
  });
});

/** A port that was free a moment ago. */
async function takenAndFree(): Promise<{ port: number }> {
  const { port, free } = await takePort();
  await free();
  return { port };
}

describe("the arguments", () => {
  it("are taken in any order", () => {
    const none = { port: 5600, keep: false, log: false, open: false };
    expect(readArguments([])).toEqual(none);
    expect(readArguments(["--open", "--port=7000", "--log", "--keep"])).toEqual({
      ...{ port: 7000, keep: true, log: true, open: true },
    });
    expect(readArguments(["--keep", "--help"])).toBe("help");
  });

  it.each([
    [["-x"], "Unknown argument -x."],
    [["sandbox"], "Unknown argument sandbox."],
    [["--", "x"], "Unknown argument --."],
    [["--keep=yes"], "--keep takes no value."],
    [["--port"], "--port needs a value."],
    [["--port", "--keep"], "--port needs a value."],
    [["--port", "0"], "--port 0 is not a port: give a number from 1 to 65535."],
    [["--port", "70000"], "--port 70000 is not a port: give a number from 1 to 65535."],
    [["--port", "web"], "--port web is not a port: give a number from 1 to 65535."],
  ])("%j are refused with a sentence", (args, sentence) => {
    expect(() => readArguments(args)).toThrow(new Error(sentence));
  });
});
