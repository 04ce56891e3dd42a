import { untilCount, type Visitor } from "./visitor";
import { withSandbox } from "./with-sandbox";

const stage = withSandbox();

beforeAll(async () => {
  const ana = await stage.visit();
  await ana.addsExternal("Grace Hall", "+1 202 555 0143");
});

/** Ben's invites to an incident, when its end has reached him: nothing comes any more then. */
async function expectToldOnce(ana: Visitor, incident: string): Promise<void> {
  await ana.looksAtSpace();
  await ana.stops(incident);
  await ana.looksAtDirect("Ben Carter");
  const about = ana.cards(incident);
  await about.filter({ hasText: "It is over" }).waitFor();
  await untilCount(about.filter({ hasText: "You are needed" }), 1);
}

it("429: the bot waits, and everybody is told once", async () => {
  const ana = await stage.visit();
  await ana.opensFaults();
  await ana.page.getByRole("combobox", { name: "Each" }).selectOption("five times");
  await ana.switches("429: too many requests", "on");
  await ana.starts("too many");
  // It has struck five times, and is off by itself.
  await ana.opensFaults();
  await ana.switchIs("429: too many requests", "off");
  await ana.page.keyboard.press("Escape");
  await expectToldOnce(ana, "too many");
});

it("500: what phones say counts meanwhile, and the space hears of it later", async () => {
  const ana = await stage.visit();
  await ana.starts("server error");
  const grace = await ana.takesPhone("Grace Hall");
  await grace.getByText("you are needed for the incident server error").waitFor();
  await ana.switches("500: server error", "on");
  await grace.getByRole("textbox", { name: /^Reply from/ }).fill("On my way with the spare key");
  await grace.getByRole("button", { name: /^Send from/ }).click();
  await grace.getByRole("button", { name: "Reply Y" }).click();
  await grace.getByText("noted, you are coming to the incident server error").waitFor();
  await untilCount(ana.conversation.getByText("spare key"), 0);
  await ana.switches("500: server error", "off");
  await ana.lets(1);
  await ana.sees("On my way with the spare key");
  await untilCount(ana.conversation.getByText("spare key"), 1);
  await expectToldOnce(ana, "server error");
});

it("slow answers: everything still works", async () => {
  const ana = await stage.visit();
  await ana.switches("Slow answers", "on");
  await ana.starts("slow");
  await ana.looksAtDirect("Ben Carter");
  await ana.presses("On my way", ana.card("slow"));
  await ana.looksAtSpace();
  await ana.sees(/1 of \d answered/);
  await ana.switches("Slow answers", "off");
  await expectToldOnce(ana, "slow");
});

it("lost answers: the bot looks before it tells anybody again", async () => {
  const ana = await stage.visit();
  await ana.switches("Lost answers", "on");
  await ana.says("@Muster start incident lost");
  await ana.looksAtDirect("Ben Carter");
  await ana.card("lost").waitFor();
  await ana.switches("Lost answers", "off");
  await ana.lets(1);
  await ana.looksAtSpace();
  await ana.sees("lost is running");
  await expectToldOnce(ana, "lost");
});

it("duplicate webhooks: one line starts one incident", async () => {
  const ana = await stage.visit();
  await ana.switches("Duplicate webhooks", "on");
  await ana.starts("twice");
  await ana.says("@Muster help");
  await ana.card("status").waitFor();
  await untilCount(ana.conversation.getByText("is already running"), 0);
  await ana.switches("Duplicate webhooks", "off");
  await expectToldOnce(ana, "twice");
});

it("missing webhooks: what the bot does not hear of it does not do", async () => {
  const ana = await stage.visit();
  await ana.switches("Missing webhooks", "on");
  await ana.says("@Muster start incident unheard");
  await ana.sees("@Muster start incident unheard");
  await ana.switches("Missing webhooks", "off");
  await ana.says("@Muster start incident heard");
  await ana.sees("heard is running");
  await expectToldOnce(ana, "heard");
  await untilCount(ana.cards("unheard"), 0);
});

it("Connect is down: the text comes once it is back, once", async () => {
  const ana = await stage.visit();
  await ana.switches("Connect is down", "on");
  await ana.starts("no texts");
  await ana.card("no texts").getByText("Grace Hall").first().waitFor();
  await ana.looksAtDirect("Ben Carter");
  await ana.card("no texts").waitFor();
  const grace = await ana.takesPhone("Grace Hall");
  const invite = grace.getByText("you are needed for the incident no texts");
  await untilCount(invite, 0);
  await ana.switches("Connect is down", "off");
  await ana.lets(1);
  await invite.waitFor();
  await expectToldOnce(ana, "no texts");
  await grace.getByText("no texts is over").waitFor();
  await untilCount(invite, 1);
});
