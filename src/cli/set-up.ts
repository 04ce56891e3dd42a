import { randomBytes } from "node:crypto";
import { access, chmod, readFile, realpath, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "dotenv";
import { isBotToken, readEnv, type Env, type VariableName } from "../config";
import { askSecret, type QuestionInput } from "./ask-secret";
import { mergeEnv } from "./merge-env";

const OWNER_ONLY = 0o600;

const generators: Partial<Record<VariableName, () => string>> = {
  WEBHOOK_SECRET: () => randomBytes(32).toString("hex"),
  ENCRYPTION_KEY: () => randomBytes(32).toString("base64"),
  CONNECT_CALLBACK_SECRET: () => randomBytes(24).toString("base64url"),
};

export interface SetUpOptions {
  folder: string;
  input: QuestionInput;
  output: NodeJS.WritableStream;
}

/**
 * Writes `.env` in `folder`: the bot token that was asked for, and every secret that is missing.
 * Nothing that is set is changed but the token. Prints names, never values. False, with nothing
 * written, without a token of the right form.
 */
export async function setUp({ folder, input, output }: SetUpOptions): Promise<boolean> {
  const say = (line: string) => void output.write(`${line}\n`);
  const file = await realPathOf(join(folder, ".env"));
  const existing = (await read(file)) ?? (await read(join(folder, ".env.example"))) ?? "";
  const env = readEnv(parse(existing));
  const token = await askToken(env.WEBEX_BOT_TOKEN, input, output);
  if (token === undefined) {
    say("That is not a bot token: it has three parts joined by _. Nothing was written.");
    say("Make a bot at https://developer.webex.com/my-apps/new/bot and copy its access token.");
    return false;
  }
  const values = { ...changedToken(env, token), ...missingSecrets(env) };
  await writePrivately(file, mergeEnv(existing, values));
  report(file, Object.keys(values), say);
  return true;
}

/** Asks up to three times; piped input is read once. Undefined without a token of the right form. */
async function askToken(
  current: string | undefined,
  input: QuestionInput,
  output: NodeJS.WritableStream,
): Promise<string | undefined> {
  const hint = current === undefined ? "" : " (Enter keeps the present one)";
  for (let tries = input.isTTY ? 3 : 1; tries > 0; tries--) {
    const answer = await askSecret(`The bot's access token${hint}: `, input, output);
    const token = answer === undefined || answer === "" ? current : answer;
    if (token !== undefined && isBotToken(token)) return token;
  }
  return undefined;
}

function changedToken(env: Env, token: string): Record<string, string> {
  return env.WEBEX_BOT_TOKEN === token ? {} : { WEBEX_BOT_TOKEN: token };
}

/** A key that is there must stay: what it encrypted cannot be read without it. */
function missingSecrets(env: Env): Record<string, string> {
  const missing = Object.entries(generators).filter(
    ([name]) => env[name as VariableName] === undefined,
  );
  return Object.fromEntries(missing.map(([name, generate]) => [name, generate()]));
}

/** Whole or not at all, and at no moment readable by others. */
async function writePrivately(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomBytes(4).toString("hex")}`;
  await writeFile(draft, text, { mode: OWNER_ONLY, flag: "wx" });
  await chmod(draft, OWNER_ONLY);
  await rename(draft, file);
}

function report(file: string, written: string[], say: (line: string) => void): void {
  say(written.length === 0 ? "Nothing was missing." : `Set: ${written.join(", ")}`);
  say(`${file} can be read by you only. Keep a copy of ENCRYPTION_KEY in a safe place:`);
  say("without it the database cannot be read.");
  say("Next: set PUBLIC_URL in it, then npm run build, npm start, and npm run doctor beside it.");
}

async function read(file: string): Promise<string | undefined> {
  return (await exists(file)) ? readFile(file, "utf8") : undefined;
}

/** Through a link, so that the file it leads to is replaced and not the link. */
async function realPathOf(file: string): Promise<string> {
  return (await exists(file)) ? realpath(file) : file;
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
