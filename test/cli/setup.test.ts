import { spawn } from "node:child_process";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "dotenv";
import { setUp } from "../../src/cli/set-up";
import { parseConfig, readEnv } from "../../src/config";
import { key, token } from "../config/settings";

const root = join(__dirname, "../..");
const otherToken = token.replace("NzYx", "AbCd");
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "setup-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

async function runSetup(answer: string) {
  const input = new PassThrough();
  input.end(answer);
  const output = new PassThrough();
  const isDone = await setUp({ folder, input, output });
  return { isDone, printed: String(output.read()) };
}

const envFile = () => join(folder, ".env");
const written = () => readFileSync(envFile(), "utf8");

test("npm run setup takes a piped token", async () => {
  const command = [join(root, "node_modules/tsx/dist/cli.mjs"), join(root, "src/cli/setup.ts")];
  const child = spawn(process.execPath, command, { cwd: folder });
  let printed = "";
  child.stdout.on("data", (chunk) => (printed += String(chunk)));
  child.stdin.end(`${token}\n`);
  expect(await once(child, "close")).toEqual([0, null]);
  expect(printed).toContain("Set: WEBEX_BOT_TOKEN, WEBHOOK_SECRET, ENCRYPTION_KEY");
  expect(parse(written()).WEBEX_BOT_TOKEN).toBe(token);
});

test("at a terminal it asks again after a wrong token, and shows neither", async () => {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = new PassThrough();
  const answers = ["wrong-token\r", `${token}\r`];
  let printed = "";
  output.on("data", (chunk) => {
    printed += String(chunk);
    if (String(chunk).endsWith(": ")) setImmediate(() => input.write(answers.shift()));
  });
  expect(await setUp({ folder, input, output })).toBe(true);
  expect(printed).not.toMatch(new RegExp(`wrong-token|${token}`));
  expect(parse(written()).WEBEX_BOT_TOKEN).toBe(token);
});

test("makes a file that the bot starts with, readable by its owner only", async () => {
  expect(await runSetup(`${token}\n`)).toMatchObject({ isDone: true });
  expect(statSync(envFile()).mode & 0o777).toBe(0o600);
  expect(parseConfig(readEnv(parse(written()))).webex.botToken).toBe(token);
  expect(parse(written()).CONNECT_CALLBACK_SECRET).toMatch(/^[\w-]{32}$/);
});

test("prints no secret", async () => {
  const { printed } = await runSetup(`${token}\n`);
  for (const value of Object.values(parse(written()))) expect(printed).not.toContain(value);
});

test("keeps lines, order and every value that is there, but the token", async () => {
  const before = `# mine\nWEBEX_BOT_TOKEN=${token}\nENCRYPTION_KEY=${key}\n\nPORT=8080 # ours\n`;
  writeFileSync(envFile(), before, { mode: 0o644 });
  await runSetup(`${otherToken}\n`);
  expect(written().startsWith(before.replace(token, otherToken))).toBe(true);
  expect(statSync(envFile()).mode & 0o777).toBe(0o600);
});

test("keeps the token that is there when none is given, and makes nothing anew", async () => {
  await runSetup(`${token}\n`);
  const before = written();
  expect(await runSetup("")).toMatchObject({ isDone: true });
  expect(await runSetup("\n")).toMatchObject({ isDone: true });
  expect(written()).toBe(before);
});

test("fills in a copy of .env.example where there is one", async () => {
  writeFileSync(join(folder, ".env.example"), readFileSync(join(root, ".env.example")));
  await runSetup(token);
  expect(written().split("\n").length).toBe(
    readFileSync(join(root, ".env.example"), "utf8").split("\n").length,
  );
  expect(Object.keys(parseConfig(readEnv(parse(written()))))).toContain("http");
});

test.each(["", "\n", "faketoken\n", "a_b\n"])(
  "the input %p ends it and writes nothing",
  async (input) => {
    const { isDone, printed } = await runSetup(input);
    expect(isDone).toBe(false);
    expect(printed).toContain("three parts");
    expect(readdirSync(folder)).toEqual([]);
  },
);
