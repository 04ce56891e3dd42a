import axe from "axe-core";
import type { Locator, Page } from "playwright-core";
import type { Visitor } from "./visitor";
import { withSandbox } from "./with-sandbox";

const stage = withSandbox();
const MOST_TABS = 60;

/** What a person who does not see or cannot use a mouse would stumble over. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>("axe.run()");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}

/** Presses Tab, or with Shift, until this has the focus. */
async function tabTo({ page }: Visitor, wanted: Locator, key: "Tab" | "Shift+Tab"): Promise<void> {
  const focused = wanted.and(page.locator(":focus"));
  for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
    await page.keyboard.press(key);
    if ((await focused.count()) === 1) return;
  }
  throw new Error(`${MOST_TABS} times ${key} did not lead there.`);
}

/** She has no mobile phone, so she is called at once. */
beforeAll(async () => {
  const ana = await stage.visit();
  await ana.addsExternal("Grace Hall", "+1 202 555 0143", /^Number to call/);
});

it("a whole incident can be played with the keyboard alone", async () => {
  const ana = await stage.visit();
  const { keyboard } = ana.page;
  await tabTo(ana, ana.page.getByRole("link", { name: "Go to the message box" }), "Tab");
  await keyboard.press("Enter");
  await keyboard.type("@Mus");
  await ana.page.getByRole("option", { name: "Muster" }).waitFor();
  await keyboard.press("Enter");
  await keyboard.type("start incident payments down");
  await keyboard.press("Enter");
  // The first card goes when everybody has been told.
  const card = ana.card("5 invited");
  await card.waitFor();
  await tabTo(ana, card.getByRole("button", { name: "Stop…" }), "Shift+Tab");
  await keyboard.press("Enter");
  const confirm = ana.card("Stop “payments down”?");
  await confirm.waitFor();
  await tabTo(ana, confirm.getByRole("button", { name: "Stop, keep everyone" }), "Tab");
  await keyboard.press("Space");
  await ana.sees("is over. Everyone stays.");
});

it("the list of members closes by Escape, and by a click elsewhere", async () => {
  const ana = await stage.visit();
  const opener = ana.page.getByRole("main").locator("summary", { hasText: "6 members" });
  const members = ana.page.getByRole("list", { name: "Members" });
  await opener.press("Enter");
  await members.waitFor();
  await ana.page.keyboard.press("Escape");
  await members.waitFor({ state: "hidden" });
  await opener.and(ana.page.locator(":focus")).click();
  await members.waitFor();
  await ana.composer.click();
  await members.waitFor({ state: "hidden" });
});

const looks = (["light", "dark"] as const).flatMap((colorScheme) => [
  { colorScheme, viewport: { width: 1280, height: 720 } },
  { colorScheme, viewport: { width: 390, height: 844 } },
]);

describe.each(looks)("$colorScheme, $viewport.width × $viewport.height", (look) => {
  const incident = `payments ${look.colorScheme} ${look.viewport.width}`;
  const isNarrow = look.viewport.width < 700;

  /** On a narrow screen there is room for one part at a time. */
  async function turnsTo({ page }: Visitor, part: string): Promise<void> {
    const parts = page.getByRole("navigation", { name: "Parts of the page" });
    if (isNarrow) await parts.getByRole("button", { name: part }).click();
  }

  it("axe finds nothing serious", async () => {
    const ana = await stage.visit(look);
    expect(await findings(ana.page)).toEqual([]);
    await ana.starts(incident);
    await turnsTo(ana, "Phones");
    const grace = await ana.takesPhone("Grace Hall");
    await grace.getByRole("button", { name: "Answer", exact: true }).waitFor();
    expect(await findings(ana.page)).toEqual([]);
    await grace.getByRole("button", { name: "Answer", exact: true }).click();
    await grace.getByRole("button", { name: "Hang up" }).waitFor();
    expect(await findings(ana.page)).toEqual([]);
    await grace.getByRole("button", { name: "Hang up" }).click();

    await turnsTo(ana, "Conversation");
    await ana.card(incident).getByText("5 invited").waitFor();
    expect(await findings(ana.page)).toEqual([]);
    await ana.says("@Muster add external Hugo Weber");
    await ana.sees("I sent you the form.");
    await turnsTo(ana, "Spaces");
    expect(await findings(ana.page)).toEqual([]);
    await ana.looksAt("Muster Direct");
    const form = ana.card("A person with a phone");
    await form.getByRole("textbox", { name: /^Mobile number/ }).fill("12345");
    await ana.presses("Save and add here", form);
    await ana.card("This number cannot be dialled.").waitFor();
    expect(await findings(ana.page)).toEqual([]);

    await turnsTo(ana, "Controls");
    await ana.opensFaults();
    expect(await findings(ana.page)).toEqual([]);
    await ana.page.keyboard.press("Escape");
    await turnsTo(ana, "Spaces");
    await ana.looksAt("Payments incidents");
    await ana.stops(incident);
    expect(await findings(ana.page)).toEqual([]);
  });
});
