import { execFile } from "node:child_process";
import { copyFile, lstat, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectFolder } from "../../src/paths";
import { megabytes } from "./numbers";
import type { Row } from "./row";

/** As `du -m` counts. */
const MOST_BYTES = 180 * 2 ** 20;
/** In which `lstat` counts what a file takes on the disk. */
const BLOCK_BYTES = 512;
const SHOWN_PACKAGES = 10;
/** What the overrides of package.json keep out, or put an empty package in the place of. */
const UNWANTED = ["react-native", "react-native-securerandom", "expo", "request", "mongodb"];

const run = promisify(execFile);

/** What an administrator gets with `npm ci --omit=dev`. */
export async function benchInstall(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "muster-install-"));
  try {
    for (const file of ["package.json", "package-lock.json"])
      await copyFile(join(projectFolder(), file), join(folder, file));
    await run("npm", ["ci", "--omit=dev", "--no-audit", "--no-fund"], {
      cwd: folder,
      maxBuffer: 16_000_000,
    });
    const packages = join(folder, "node_modules");
    return [await sizeRow(packages), await unwantedRow(packages)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function sizeRow(packages: string): Promise<Row> {
  const bytes = await sizeOf(packages);
  return {
    what: "production install",
    reached: megabytes(bytes),
    limit: megabytes(MOST_BYTES),
    isGood: bytes <= MOST_BYTES,
    why: await largest(packages),
  };
}

async function unwantedRow(packages: string): Promise<Row> {
  const found = (await Promise.all(UNWANTED.map((name) => describe(packages, name)))).flat();
  return {
    what: `none of ${UNWANTED.join(", ")} is installed`,
    reached: found.length === 0 ? "none" : found.join(", "),
    limit: "none",
    isGood: found.length === 0,
  };
}

/** The package's own name and version, if what stands under `name` is not its replacement. */
async function describe(packages: string, name: string): Promise<string[]> {
  const file = join(packages, name, "package.json");
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return [];
  const manifest = JSON.parse(text) as { name: string; version: string };
  return manifest.name === name ? [`${name} ${manifest.version}`] : [];
}

async function largest(packages: string): Promise<string[]> {
  const names = await readdir(packages);
  const sizes = await Promise.all(
    names.map(async (name) => ({ name, bytes: await sizeOf(join(packages, name)) })),
  );
  return sizes
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, SHOWN_PACKAGES)
    .map(({ name, bytes }) => `${name}: ${megabytes(bytes)}`);
}

/** What it takes on the disk, which for thousands of small files is more than they hold. */
async function sizeOf(path: string, counted = new Set<number>()): Promise<number> {
  const stat = await lstat(path);
  // A compiler links its result into several folders: one file, and counted once.
  if (counted.has(stat.ino)) return 0;
  counted.add(stat.ino);
  const own = stat.blocks * BLOCK_BYTES;
  if (!stat.isDirectory()) return own;
  const names = await readdir(path);
  const sizes = await Promise.all(names.map((name) => sizeOf(join(path, name), counted)));
  return sizes.reduce((sum, size) => sum + size, own);
}
