import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildOptions, Plugin } from "esbuild";

export type PagePart = "html" | "script" | "style";

const FOLDER = join(__dirname, "page");

const made = new Map<PagePart, Promise<string>>();

/**
 * A part of the page, bundled in memory the first time that it is asked for. Rejects where it
 * cannot be, and tries again the next time.
 */
export function pagePart(part: PagePart): Promise<string> {
  const known = made.get(part);
  if (known !== undefined) return known;
  const making = make[part]();
  made.set(part, making);
  making.catch(() => made.delete(part));
  return making;
}

/** Begins to make what takes long, so that whoever opens the page need not wait for it. */
export function preparePage(): void {
  // What cannot be made is tried again, and said, when it is asked for.
  for (const part of ["style", "script"] as const) pagePart(part).catch(() => undefined);
}

const make: Readonly<Record<PagePart, () => Promise<string>>> = {
  html: () => readFile(join(FOLDER, "index.html"), "utf8"),
  script: () =>
    bundle({
      entryPoints: [join(FOLDER, "main.ts")],
      tsconfig: join(FOLDER, "tsconfig.json"),
      plugins: [withoutCarousel],
    }),
  style: () => bundle({ entryPoints: [join(FOLDER, "styles", "index.css")] }),
};

async function bundle(options: BuildOptions): Promise<string> {
  // Loaded here, so that tests and benches that open no page do not pay for it.
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    ...options,
    write: false,
    bundle: true,
    minify: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    legalComments: "none",
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}

/** Cards of version 1.3 have no carousel, and it needs a whole library of its own. */
const withoutCarousel: Plugin = {
  name: "without-carousel",
  setup(build) {
    const namespace = "without-carousel";
    build.onResolve({ filter: /^\.\/carousel$/ }, () => ({ path: "carousel", namespace }));
    build.onLoad({ filter: /.*/, namespace }, () => ({ contents: "export {};" }));
  },
};
