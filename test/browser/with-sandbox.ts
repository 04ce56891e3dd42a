import type { Browser, BrowserContextOptions } from "playwright-core";
import { launchChromium } from "./chromium";
import { startSandboxProgram, type SandboxProgram } from "./sandbox-program";
import { Visitor } from "./visitor";

const WIDE = { width: 1280, height: 720 };

export interface VisitOptions extends BrowserContextOptions {
  /** Where the page is asked for; the sandbox itself when absent. */
  origin?: string;
}

export interface Stage {
  readonly origin: string;
  /** Opens the page in a browser that knows nothing of earlier visits. */
  visit(options?: VisitOptions): Promise<Visitor>;
}

/**
 * One sandbox and one browser for the tests of a file. After each test every visitor goes, and must
 * have had nothing to complain of.
 */
export function withSandbox(): Stage {
  let sandbox: SandboxProgram | undefined;
  let browser: Browser | undefined;
  let visitors: Visitor[] = [];
  beforeAll(async () => {
    sandbox = await startSandboxProgram();
    browser = await launchChromium();
  });
  afterEach(async () => {
    const gone = visitors;
    visitors = [];
    for (const { page } of gone) await page.context().close();
    expect(gone.flatMap(({ troubles }) => troubles)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await sandbox?.end();
  });
  return {
    get origin() {
      return sandbox!.origin;
    },
    async visit({ origin = sandbox!.origin, ...options } = {}) {
      const context = await browser!.newContext({ viewport: WIDE, locale: "en-GB", ...options });
      const visitor = new Visitor(await context.newPage(), origin);
      visitors.push(visitor);
      await visitor.opens();
      return visitor;
    },
  };
}
