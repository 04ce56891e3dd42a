import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const PLACES = [
  "/usr/bin",
  "/usr/local/bin",
  "/snap/bin",
  "/Applications/Google Chrome.app/Contents/MacOS",
  "/Applications/Chromium.app/Contents/MacOS",
];
const NAMES_ON_MACOS = ["Google Chrome", "Chromium"];

const HOW_TO_GET_CHROMIUM = `The page is looked at with Chromium, and none was found.
Debian and Ubuntu: apt-get install chromium. Elsewhere install Chromium or Chrome, or set
CHROMIUM=/path/to/it.`;

/** Why no browser can be started, and how to get one. */
export function missingChromium({ CHROMIUM } = process.env): string {
  return CHROMIUM ? `CHROMIUM names ${CHROMIUM}, which is no program.` : HOW_TO_GET_CHROMIUM;
}

/** The program to start: the one that CHROMIUM names, else what lies in the usual places. */
export function findChromium(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  if (env.CHROMIUM) return isProgram(env.CHROMIUM) ? env.CHROMIUM : undefined;
  const folders = [...(env.PATH ?? "").split(delimiter), ...PLACES];
  const candidates = folders.flatMap((folder) =>
    [...NAMES, ...NAMES_ON_MACOS].map((name) => join(folder, name)),
  );
  return candidates.find(isProgram);
}

/** Rejects with how to get one where there is no Chromium. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(missingChromium());
  // Its sandbox cannot be made by root, and containers often have nobody else.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath, args });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
