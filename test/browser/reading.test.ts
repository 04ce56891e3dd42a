import { PATIENCE_MS, untilCount, type Visitor } from "./visitor";
import { withSandbox } from "./with-sandbox";

const stage = withSandbox();
const NARROW = { viewport: { width: 390, height: 844 } };
/** A small window at 200 %. */
const LOW = { viewport: { width: 640, height: 360 } };

const MESSAGES = `document.querySelector('main [role="log"]')`;
const TEXTS = `document.querySelector('aside [role="log"][aria-label^="Texts"]')`;

/** Said in the page: whether one sees where the last entry begins. */
function begins(log: string): string {
  const top = (element: string): string => `${element}.getBoundingClientRect().top`;
  return `Math.abs(${top(`${log}.querySelector("ol").lastElementChild`)} - ${top(log)}) < 2`;
}

/** Said in the page: whether one sees where the last entry ends, and not all above it. */
function ends(log: string): string {
  const left = `${log}.scrollHeight - ${log}.clientHeight - ${log}.scrollTop`;
  return `${log}.scrollTop > 0 && Math.abs(${left}) < 2`;
}

/** Looks with each picture that the page paints; its policy lets nothing be evaluated later. */
async function untilTrue({ page }: Visitor, condition: string): Promise<void> {
  const isSo = await page.evaluate<boolean>(`new Promise((done) => {
    const end = performance.now() + ${PATIENCE_MS};
    const look = () => {
      if (${condition}) done(true);
      else if (performance.now() > end) done(false);
      else requestAnimationFrame(look);
    };
    look();
  })`);
  if (!isSo) throw new Error(`It did not become so: ${condition}`);
}

async function turnsTo({ page }: Visitor, part: string): Promise<void> {
  const parts = page.getByRole("navigation", { name: "Parts of the page" });
  await parts.getByRole("button", { name: part }).click();
}

async function saysOften({ page }: Visitor, times: number): Promise<void> {
  const person = await page.getByRole("radio", { name: /^Ana Silva/ }).getAttribute("value");
  for (let index = 1; index <= times; index += 1) {
    const { status } = await fetch(`${stage.origin}/_sandbox/say`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ person, space: "Coffee corner", text: `line ${index}` }),
    });
    expect(status).toBe(200);
  }
}

beforeAll(async () => {
  const ana = await stage.visit();
  await ana.addsExternal("Hugo Weber", "+1 202 555 0144", /^Number to call/);
  const hugo = await ana.takesPhone("Hugo Weber");
  for (let texts = 1; texts <= 10; texts += 1) {
    await hugo.getByRole("button", { name: "Reply Y" }).click();
    await untilCount(hugo.getByText("Sent: Y"), texts);
  }
});

it("the link to the message box moves nothing else", async () => {
  const ana = await stage.visit();
  await ana.takesPhone("Hugo Weber");
  await ana.page.getByRole("link", { name: "Go to the message box" }).press("Enter");
  await ana.composer.and(ana.page.locator(":focus")).waitFor();
  const moved = "[document.scrollingElement.scrollTop, document.body.scrollTop]";
  expect(await ana.page.evaluate(moved)).toEqual([0, 0]);
});

it("a tall card is read from its top, and who has scrolled is left there", async () => {
  const ana = await stage.visit();
  const hugo = await ana.takesPhone("Hugo Weber");
  await untilTrue(ana, ends(TEXTS));
  await ana.starts("tall");
  await ana.card("tall").getByText("5 waiting").waitFor();
  await untilTrue(ana, begins(MESSAGES));
  // The call that rings takes some of the room of the texts.
  await hugo.getByRole("button", { name: "Decline" }).waitFor();
  await untilTrue(ana, ends(TEXTS));
  await hugo.getByRole("button", { name: "Decline" }).click();
  await hugo.getByText("Declined call").waitFor();

  const top = await ana.page.evaluate<number>(`${MESSAGES}.scrollTop`);
  await ana.conversation.hover();
  await ana.page.mouse.wheel(0, 120);
  await untilTrue(ana, `${MESSAGES}.scrollTop > ${top + 119}`);
  const before = await ana.page.evaluate(`${MESSAGES}.scrollTop`);
  const ben = await stage.visit();
  await ben.looksAtDirect("Ben Carter");
  await ben.presses("On my way", ben.card("tall"));
  const news = ana.page.getByRole("button", { name: "New messages" });
  await news.waitFor();
  expect(await ana.page.evaluate(`${MESSAGES}.scrollTop`)).toBe(before);
  await news.click();
  await untilTrue(ana, ends(MESSAGES));
  await ana.says("@Muster status");
  await untilTrue(ana, begins(MESSAGES));
  await ana.stops("tall");
});

it("the focus goes with a call", async () => {
  const ana = await stage.visit();
  const focus = ana.page.locator(":focus");
  await ana.starts("focus");
  const hugo = await ana.takesPhone("Hugo Weber");
  await hugo.getByRole("button", { name: "Answer", exact: true }).press("Enter");
  await hugo.getByText("Press 1 if you are coming").waitFor();
  await hugo.getByRole("button", { name: "1", exact: true }).and(focus).waitFor();
  await hugo.getByRole("button", { name: "Hang up" }).press("Enter");
  const reply = hugo.getByRole("textbox", { name: /^Reply from/ });
  await reply.and(focus).waitFor();
  await ana.stops("focus");
});

it("the end stays in sight when something needs room below it", async () => {
  const ana = await stage.visit();
  await ana.says("Look at this");
  await ana.sees("Look at this");
  await untilTrue(ana, ends(MESSAGES));
  const buffer = Buffer.from("what we know");
  const file = { name: "notes.txt", mimeType: "text/plain", buffer };
  await ana.page.locator('input[type="file"]').setInputFiles(file);
  await ana.page.getByText("With notes.txt").waitFor();
  await untilTrue(ana, ends(MESSAGES));
});

it("on a narrow screen a phone opens at its newest text", async () => {
  const ana = await stage.visit(NARROW);
  await turnsTo(ana, "Phones");
  await ana.takesPhone("Hugo Weber");
  await untilTrue(ana, ends(TEXTS));
  await turnsTo(ana, "Conversation");
  await turnsTo(ana, "Phones");
  await untilTrue(ana, ends(TEXTS));
});

it("earlier messages are nothing new", async () => {
  const ana = await stage.visit();
  await ana.looksAt("Coffee corner");
  await saysOften(ana, 120);
  await ana.sees("line 120");
  await ana.page.reload();
  await ana.looksAt("Coffee corner");
  await ana.sees("line 120");
  await ana.page.getByRole("button", { name: "Earlier messages" }).click();
  await untilCount(ana.conversation.getByRole("listitem"), 120);
  const news = ana.page.getByRole("button", { name: "New messages" });
  await untilCount(news, 0);
  await ana.conversation.press("Home");
  const ben = await stage.visit();
  await ben.looksAtSpace("Ben Carter", "Coffee corner");
  await ben.says("something new");
  await news.click();
  await ana.sees("something new");
  await untilTrue(ana, ends(MESSAGES));
});

it("a low window leaves room for what is said", async () => {
  const ana = await stage.visit(LOW);
  await ana.conversation.waitFor();
  expect((await ana.conversation.boundingBox())?.height).toBeGreaterThan(150);
});

it("on a narrow screen the guide comes from the controls", async () => {
  const ana = await stage.visit(NARROW);
  const guide = ana.page.getByRole("region", { name: "Guide" });
  const button = ana.page.getByRole("banner").getByRole("button", { name: "Guide" });
  await turnsTo(ana, "Controls");
  await button.click();
  await guide.waitFor();
  await guide.getByRole("button", { name: "Dismiss the guide" }).click();
  await guide.waitFor({ state: "hidden" });
  await turnsTo(ana, "Controls");
  await button.click();
  await guide.waitFor();
});

it("the clock shows the zone of the cards, and the day once it is another", async () => {
  const ana = await stage.visit({ timezoneId: "Asia/Tokyo" });
  const clock = ana.page.getByRole("group", { name: "Clock" });
  const shown = (await clock.getByRole("time").textContent()) ?? "";
  expect(shown).toMatch(/^\d\d:\d\d:\d\d UTC$/);
  expect(new Date().toISOString().slice(11, 13)).toBe(shown.slice(0, 2));
  const day = clock.getByText(/^\w{3}, \d{1,2} \w{3,4} \d{4}$/);
  await untilCount(day, 0);
  for (let hours = 0; hours < 24; hours += 1) await ana.lets(60);
  await day.waitFor();
});
