import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of Muster itself: the nearest one above this file that holds its cards. */
export function projectFolder(from = __dirname): string {
  if (existsSync(join(from, "cards", "messages"))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error("The folder cards was not installed with Muster.");
  return projectFolder(parent);
}
