import { spawn } from "node:child_process";

const PROGRAMS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

/** Asks the system's browser for a page. `onProblem` hears when there is none to ask. */
export function openBrowser(url: string, onProblem: () => void): void {
  const [program, ...args] = PROGRAMS[process.platform] ?? ["xdg-open"];
  const child = spawn(program, [...args, url], { stdio: "ignore", detached: true });
  child.once("error", onProblem);
  child.once("exit", (code) => {
    if (code !== 0) onProblem();
  });
  child.unref();
}
