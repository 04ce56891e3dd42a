import type { Browser, Page } from "playwright-core";
import { SystemClock } from "../../src/clock";
import { startSandbox, type Sandbox } from "../../src/sandbox/start-sandbox";
import { launchChromium } from "../browser/chromium";
import { measureMachine, printMachine } from "./machine";
import { median, ms } from "./numbers";
import type { Row } from "./row";

const PAINT_MS = 1_000;
const VISIBLE_MS = 100;
const LONG_TASK_MS = 100;
const PAINTS = 5;
const MESSAGES = 20;
const MANY_MESSAGES = 2_000;
const ROSTER = 200;
const SPACE = "Payments incidents";

/** How soon the sandbox's page is there, and how soon a message is to be seen on it. */
export async function benchPage(): Promise<Row[]> {
  const machine = await measureMachine();
  printMachine(machine);
  const browser = await launchChromium();
  const few = await openWorld(0);
  const many = await openWorld(MANY_MESSAGES);
  const row = (what: string, reachedMs: number, limitMs: number): Row => ({
    ...{ what, reached: ms(reachedMs), limit: ms(limitMs) },
    isGood: reachedMs <= limitMs + machine.allowanceMs,
  });
  try {
    const full = `${MANY_MESSAGES} messages, ${ROSTER} members`;
    return [
      // The very first time the page is bundled, too.
      row("first paint, the first time", await firstPaint(browser, few, 1), PAINT_MS),
      row("first paint, later", await firstPaint(browser, few), PAINT_MS),
      row(`first paint, ${full}`, await firstPaint(browser, many), PAINT_MS),
      row("message visible after its post", await visibleAfter(browser, few), VISIBLE_MS),
      row(`message visible, ${full}`, await visibleAfter(browser, many), VISIBLE_MS),
      row(`longest task while scrolling, ${full}`, await scroll(browser, many), LONG_TASK_MS),
    ];
  } finally {
    await browser.close();
    for (const sandbox of [few, many]) await sandbox.close();
  }
}

async function openWorld(messages: number): Promise<Sandbox> {
  const sandbox = await startSandbox({ clock: new SystemClock() });
  const { world } = sandbox;
  const bot = world.addPerson({ name: "Muster", type: "bot" });
  const ana = world.addPerson({ name: "Ana Silva" });
  const space = world.addSpace({ title: SPACE, isLocked: true }).id;
  for (const { id } of [bot, ana]) world.setMember({ space, person: id, moderator: true });
  if (messages > 0)
    for (let index = 0; index < ROSTER; index += 1)
      world.setMember({ space, person: world.addPerson({ name: `Member ${index + 1}` }).id });
  for (let index = 0; index < messages; index += 1)
    world.say({ person: ana.id, space, text: `line ${index + 1} of what was said` });
  return sandbox;
}

async function opened(browser: Browser, { origin }: Sandbox): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.goto(`${origin}/`);
  await page.getByRole("textbox", { name: `Message to ${SPACE}` }).waitFor();
  return page;
}

async function firstPaint(browser: Browser, sandbox: Sandbox, runs = PAINTS): Promise<number> {
  const paints: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const page = await opened(browser, sandbox);
    paints.push(await page.evaluate<number>(FIRST_PAINT));
    await page.close();
  }
  return median(paints);
}

const FIRST_PAINT = `new Promise((done) => new PerformanceObserver((list) => {
  const paint = list.getEntriesByName("first-contentful-paint")[0];
  if (paint) done(paint.startTime);
}).observe({ type: "paint", buffered: true }))`;

/** Measured in the page, from the post to the frame in which the message is. */
async function visibleAfter(browser: Browser, sandbox: Sandbox): Promise<number> {
  const page = await opened(browser, sandbox);
  const times: number[] = [];
  for (let index = 0; index < MESSAGES; index += 1)
    times.push(await page.evaluate<number>(postAndSee(`measured ${index}.`)));
  await page.close();
  return median(times);
}

function postAndSee(text: string): string {
  const body = JSON.stringify({ person: "Ana Silva", space: SPACE, text });
  return `new Promise((done, fail) => {
  const startedAt = performance.now();
  const log = document.querySelector('main [role="log"]') ?? document.querySelector("main");
  const observer = new MutationObserver(() => {
    if (!log.textContent.includes(${JSON.stringify(text)})) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - startedAt)));
  });
  observer.observe(log, { childList: true, subtree: true });
  const headers = { "content-type": "application/json" };
  fetch("/_sandbox/say", { method: "POST", headers, body: ${JSON.stringify(body)} }).catch(fail);
})`;
}

/** From the end to the very first message, asking for earlier ones whenever there are. */
async function scroll(browser: Browser, sandbox: Sandbox): Promise<number> {
  const page = await opened(browser, sandbox);
  await page.evaluate(WATCH_TASKS);
  const earlier = page.getByRole("button", { name: "Earlier messages" });
  while (await earlier.isVisible()) {
    await earlier.click();
    await page.evaluate(SCROLL_UP);
  }
  const longest = await page.evaluate<number>(LONGEST_TASK);
  await page.close();
  return longest;
}

/** Tasks of less than 50 ms are not told of. */
const WATCH_TASKS = `void (
  window.longest = 0,
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
  }).observe({ type: "longtask" }))`;

const SCROLL_UP = `new Promise((done) => {
  const log = document.querySelector('main [role="log"]');
  const step = () => {
    if (log.scrollTop <= 0) return done();
    log.scrollTop -= 400;
    requestAnimationFrame(step);
  };
  step();
})`;

const LONGEST_TASK = `new Promise((done) =>
  requestAnimationFrame(() => setTimeout(() => done(window.longest))))`;
