import { spawn } from "node:child_process";
import { once } from "node:events";
import { findChromium, missingChromium } from "./chromium";

const HELP = `npm run test:browser -- [file] [-t name]

Uses the sandbox's page in Chromium as a newcomer would, by clicking and typing. CHROMIUM names the
program where it is not in a usual place. What is given besides goes to Jest.`;

async function main(args: readonly string[]): Promise<void> {
  const isHelp = args.includes("--help");
  if (isHelp || findChromium() === undefined) {
    console.log(isHelp ? HELP : missingChromium());
    process.exitCode = isHelp ? 0 : 1;
    return;
  }
  const jest = require.resolve("jest/bin/jest");
  const program = [jest, "--config", "test/browser/jest.config.js", ...args];
  const [code] = (await once(spawn(process.execPath, program, { stdio: "inherit" }), "close")) as [
    number | null,
  ];
  process.exitCode = code ?? 1;
}

void main(process.argv.slice(2));
