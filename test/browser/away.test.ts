import { cuttableLine } from "./cuttable";
import { untilCount } from "./visitor";
import { withSandbox } from "./with-sandbox";

const stage = withSandbox();

/** What the page has no button for. */
async function control(path: string, body: object): Promise<void> {
  const response = await fetch(`${stage.origin}/_sandbox/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
}

it("says that the bot has ended, and starts it again", async () => {
  const ana = await stage.visit();
  await ana.starts("payments down");
  await control("bot", { action: "kill" });
  const banner = ana.page.getByRole("alert").filter({ hasText: "The bot has ended (SIGKILL)." });
  await banner.waitFor();
  await ana.says("@Muster status");
  await ana.sees("@Muster status");
  await banner.getByRole("button", { name: "Start it again" }).click();
  await ana.page.getByText("The bot is starting …").waitFor();
  await ana.page.getByText("The bot is starting …").waitFor({ state: "hidden" });
  // What was written meanwhile is answered, and the incident goes on.
  const newest = ana.conversation.getByRole("listitem").last();
  await newest.getByRole("group", { name: "Card from Muster" }).getByText("4 waiting").waitFor();
  await ana.stops("payments down");
});

it("says that the bot was stopped", async () => {
  const ana = await stage.visit();
  await control("bot", { action: "stop" });
  const banner = ana.page.getByRole("alert").filter({ hasText: "The bot has ended (code 0)." });
  await banner.getByRole("button", { name: "Start it again" }).click();
  await ana.page.getByText("The bot is starting …").waitFor();
  // While it starts nothing may tell it of what is said, so that waits.
  await ana.says("@Muster ready");
  await ana.page.getByText("The bot is starting …").waitFor({ state: "hidden" });
  const newest = ana.conversation.getByRole("listitem").last();
  await newest.getByRole("group", { name: "Card from Muster" }).getByText("Ready").waitFor();
});

it("shows after a lost connection what was missed", async () => {
  const line = await cuttableLine(stage.origin);
  const ana = await stage.visit({ origin: line.origin });
  const ben = await stage.visit();
  await ben.speaksAs("Ben Carter");
  await line.cut();
  const banner = ana.page.getByText("The sandbox does not answer.");
  await banner.waitFor();
  for (const text of ["are you there?", "now you are"]) {
    await ben.says(text);
    await ben.sees(text);
  }
  await ana.says("I write meanwhile");
  await ana.page.getByRole("alert").filter({ hasText: "Not sent." }).waitFor();
  expect(await ana.composer.inputValue()).toBe("I write meanwhile");
  await untilCount(ana.conversation.getByText("now you are"), 0);

  await line.mend();
  await ana.sees("are you there?");
  await banner.waitFor({ state: "hidden" });
  await ben.says("and live again");
  await ana.sees("and live again");
  await untilCount(ana.conversation.getByText("now you are"), 1);
  await ana.page.context().close();
  await line.cut();
  // The browser itself tells of what it could not ask for; the page tells nothing.
  const troubles = ana.troubles.splice(0);
  const isRefused = /Failed to load resource: net::ERR_(CONNECTION|INCOMPLETE|EMPTY)_/;
  expect(troubles.filter((trouble) => !isRefused.test(trouble))).toEqual([]);
});
