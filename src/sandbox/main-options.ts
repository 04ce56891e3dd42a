import { parseArgs } from "node:util";

export interface MainOptions {
  /** The first port to try. */
  port: number;
  keep: boolean;
  log: boolean;
  open: boolean;
}

const FIRST_PORT = 5600;

const flag = { type: "boolean", default: false } as const;
const OPTIONS = {
  ...{ help: flag, keep: flag, log: flag, open: flag },
  port: { type: "string" },
} as const;

export const HELP = `Usage: npm run sandbox -- [options]

Starts the bot against a local Webex and a local Webex Connect, with a page to use them.

  --port <number>  take this port, or the next free one (${FIRST_PORT})
  --open           open the page in the browser
  --keep           keep the database and the log when the sandbox is stopped
  --log            print the bot's log here instead of writing it to a file
  --help           show this`;

/** What was not understood, as a sentence. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** Throws UsageError. */
export function readArguments(args: readonly string[]): MainOptions | "help" {
  const { help, port, ...chosen } = parse(args);
  if (help) return "help";
  return { ...chosen, port: port === undefined ? FIRST_PORT : readPort(port) };
}

function parse(args: readonly string[]) {
  // What is wrong is looked for here: the library's own sentences name its options, not ours.
  const { tokens } = parseArgs({ args: [...args], options: OPTIONS, strict: false, tokens: true });
  for (const token of tokens) {
    const option = token.kind === "option" ? optionNamed(token.name) : undefined;
    if (token.kind !== "option" || option === undefined)
      throw new UsageError(`Unknown argument ${args[token.index] ?? ""}.`);
    const { name, value } = token;
    const isMissing = value === undefined || (!token.inlineValue && value.startsWith("-"));
    if (option.type === "string" && isMissing) throw new UsageError(`--${name} needs a value.`);
    if (option.type === "boolean" && value !== undefined)
      throw new UsageError(`--${name} takes no value.`);
  }
  return parseArgs({ args: [...args], options: OPTIONS }).values;
}

function optionNamed(name: string): { type: "boolean" | "string" } | undefined {
  return Object.entries(OPTIONS).find(([known]) => known === name)?.[1];
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port >= 1 && port <= 65_535) return port;
  throw new UsageError(`--port ${text} is not a port: give a number from 1 to 65535.`);
}
