import type { Browser } from "playwright-core";
import { launchChromium } from "./chromium";
import { startSandboxProgram, type SandboxProgram } from "./sandbox-program";
import { untilCount, Visitor } from "./visitor";

const HELD_MS = 5_000;
let browser: Browser;
let sandbox: SandboxProgram;

/** Its bot is not ready for a while, as on a slow computer. */
beforeAll(async () => {
  browser = await launchChromium();
  sandbox = await startSandboxProgram("Starting the bot");
  const fault = { service: "webex", kind: "slow", route: "POST /webhooks", delayMs: HELD_MS };
  const response = await fetch(`${sandbox.origin}/_sandbox/faults`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(fault),
  });
  expect(response.status).toBe(200);
});
afterAll(async () => {
  await browser.close();
  await sandbox.end();
});

it("what is written while the bot starts is said once it is ready", async () => {
  const ana = new Visitor(await browser.newPage({ locale: "en-GB" }), sandbox.origin);
  await ana.opens();
  const banner = ana.page.getByRole("alert").filter({ hasText: "The bot is starting …" });
  await banner.getByText("What you write is sent when it is ready.").waitFor();
  await ana.says("@Muster start incident payments down");
  await ana.says("@Muster status");
  const waiting = ana.page.getByRole("status").filter({ hasText: "Not sent yet" });
  await waiting.getByText("Ana Silva: @Muster start incident payments down").waitFor();
  await untilCount(ana.conversation, 0);
  expect(await ana.page.getByRole("button", { name: "Start (done)" }).count()).toBe(0);

  // Whoever waits and sees nothing happen loads the page anew.
  await ana.page.reload();
  await waiting.getByText("Ana Silva: @Muster status").waitFor();

  await ana.sees("payments down is running");
  await ana.card("payments down").getByText("4 waiting").waitFor();
  await waiting.waitFor({ state: "detached" });
  await banner.waitFor({ state: "hidden" });
  await untilCount(ana.conversation.getByText("@Muster start incident payments down"), 1);
  expect(ana.troubles).toEqual([]);
});
