import type { Locator } from "playwright-core";
import type { Visitor } from "./visitor";
import { withSandbox } from "./with-sandbox";

const stage = withSandbox();

const guideOf = ({ page }: Visitor): Locator => page.getByRole("region", { name: "Guide" });

/** Which steps are ticked. */
async function ticked(ana: Visitor): Promise<string[]> {
  const names = await guideOf(ana).getByRole("listitem").allTextContents();
  return names
    .filter((name) => name.endsWith(" (done)"))
    .map((name) => /\d: (\w+) /.exec(name)?.[1] ?? name);
}

it("ticks what happened, not what was said", async () => {
  const ana = await stage.visit();
  const guide = guideOf(ana);
  await guide.getByText("let the bot tell everybody in Payments incidents").waitFor();
  await ana.looksAt("Coffee corner");
  await ana.says("@Muster start incident coffee");
  await ana.sees("This space is not moderated");
  expect(await ticked(ana)).toEqual([]);

  await guide.getByRole("button", { name: "Write the command" }).click();
  expect(await ana.composer.inputValue()).toBe("@Muster start incident payments down");
  await ana.composer.press("Enter");
  await guide.getByRole("button", { name: "Start (done)" }).waitFor();

  await guide.getByText("Call in somebody by phone.").waitFor();
  await guide.getByRole("button", { name: "Write the command" }).click();
  await ana.composer.press("Enter");
  await ana.sees("I sent you the form.");
  await guide.getByText("Look in Muster, Direct: the form lies there.").waitFor();
  expect(await ticked(ana)).toEqual(["Start"]);

  // In the middle of it the page is loaded anew.
  await ana.page.reload();
  await guide.getByText("It needs a number, such as +1 202 555 0143.").waitFor();
  expect(await ticked(ana)).toEqual(["Start"]);
  await guide.getByRole("button", { name: "Open Muster, Direct" }).click();
  await guide.getByText("Give the form the mobile number +1 202 555 0143").waitFor();
  const form = ana.card("A person with a phone");
  await form.getByRole("textbox", { name: /^Mobile number/ }).fill("+1 202 555 0143");
  await ana.presses("Save and add here", form);
  await guide.getByRole("button", { name: "Add (done)" }).waitFor();

  await ana.looksAt("Payments incidents");
  await ana.says("@Muster stop incident");
  await ana.card("Stop “payments down”?").waitFor();
  expect(await ticked(ana)).toEqual(["Start", "Add"]);
  await guide.getByRole("button", { name: "Speak as Ben Carter" }).click();
  await ana.presses("On my way", ana.card("payments down"));
  await guide.getByRole("button", { name: "Answer (done)" }).waitFor();

  await guide.getByRole("button", { name: "Write it as Ana Silva" }).click();
  await ana.composer.press("Enter");
  const ask = ana.cards("Stop “payments down”?");
  await ask.nth(1).waitFor();
  expect(await ticked(ana)).toEqual(["Start", "Add", "Answer"]);
  await ana.presses("Stop, keep everyone", ask.nth(1));
  await guide.getByRole("button", { name: "Stop (done)" }).waitFor();
});

it("an answer from a phone is one, and what is long over ticks nothing", async () => {
  const ana = await stage.visit();
  expect(await ticked(ana)).toEqual([]);
  await ana.starts("again");
  const grace = await ana.takesPhone("Grace Hall");
  await grace.getByText("you are needed for the incident again").waitFor();
  await grace.getByRole("button", { name: "Reply Y" }).click();
  await guideOf(ana).getByRole("button", { name: "Answer (done)" }).waitFor();
  await ana.stops("again");
});

it("says as whom it is about to write", async () => {
  const eve = await stage.visit();
  const guide = guideOf(eve);
  await eve.speaksAs("Eve Lindqvist");
  await guide.getByRole("button", { name: "Write it as Ana Silva" }).click();
  await eve.page.getByPlaceholder("Write as Ana Silva; begin with @Muster").waitFor();
  await guide.getByRole("button", { name: "Write the command" }).waitFor();
});
