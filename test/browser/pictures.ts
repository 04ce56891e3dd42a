import { join, resolve } from "node:path";
import type { Locator } from "playwright-core";
import { findChromium, launchChromium, missingChromium } from "./chromium";
import { startSandboxProgram } from "./sandbox-program";
import { Visitor } from "./visitor";

const FOLDER = resolve(__dirname, "../../docs/pictures");
const LOOK = { viewport: { width: 1280, height: 720 }, colorScheme: "light" } as const;

/** `npm run pictures`: makes the pictures of the README anew, from an incident that runs. */
async function main(): Promise<void> {
  if (findChromium() === undefined) {
    console.error(missingChromium());
    process.exitCode = 1;
    return;
  }
  const sandbox = await startSandboxProgram();
  try {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage({ ...LOOK, locale: "en-GB" });
      await takePictures(new Visitor(page, sandbox.origin));
    } finally {
      await browser.close();
    }
  } finally {
    await sandbox.end();
  }
}

async function takePictures(ana: Visitor): Promise<void> {
  const { page } = ana;
  await ana.opens();
  await ana.addsExternal("Grace Hall", "+1 202 555 0143");
  await ana.starts("payments down");
  const grace = await ana.takesPhone("Grace Hall");
  await grace.getByText("you are needed for the incident").waitFor();
  for (const [person, answer] of [
    ["Ben Carter", "On my way"],
    ["Finn Okafor", "Can't join"],
  ] as const) {
    await ana.looksAtDirect(person);
    await ana.presses(answer, ana.card("payments down"));
    await ana.conversation.getByText(`pressed “${answer}”`).waitFor();
  }
  await grace.getByRole("button", { name: "Reply Y" }).click();
  await grace.getByText("noted, you are coming").waitFor();
  await ana.looksAtSpace();
  await ana.sees("3 of 5 answered");
  await ana.says("@Muster status");
  const card = ana.card("3 coming");
  await card.waitFor();
  await page.getByRole("button", { name: "Dismiss the guide" }).click();
  // Nothing is written, and the card is read from its top.
  await page.getByRole("heading", { name: "Payments incidents" }).click();
  await card.getByText("Incident 1 · Payments incidents").scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(FOLDER, "sandbox.png") });
  await page.setViewportSize({ width: 1280, height: 1000 });
  const clip = await beside(page.getByRole("main"), grace);
  await page.screenshot({ path: join(FOLDER, "card-and-phone.png"), clip });
}

const MARGIN = 8;

/** As tall as the phone, from where the conversation begins. */
async function beside(conversation: Locator, phone: Locator) {
  const [left, right] = [await conversation.boundingBox(), await phone.boundingBox()];
  if (left === null || right === null) throw new Error("The phone is not to be seen.");
  return {
    x: left.x,
    y: right.y - MARGIN,
    width: right.x + right.width + MARGIN - left.x,
    height: right.height + 2 * MARGIN,
  };
}

void main();
