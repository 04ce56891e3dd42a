import { untilCount, type Visitor } from "./visitor";
import { withSandbox } from "./with-sandbox";

const stage = withSandbox();

const HOSTILE = [
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>",
  "[click](javascript:alert(1))",
  "![see](https://evil.example/a.png)",
  "https://evil.example",
  "<a href=https://evil.example>here</a>",
];
const BIDI = "invoice \u202Egnp.exe";

beforeAll(async () => {
  const ana = await stage.visit();
  await ana.addsExternal("Iris Moreau", "+1 202 555 0145");
});

/** Elements that only what was written could have made. */
const MADE = [
  ...["img", "iframe", "object", "video", "main script", "main style", "[onerror]"],
  ...['[href*="evil"]', '[src*="evil"]', '[href^="javascript"]', 'a:text("click")'],
];

async function expectHarmless({ page }: Visitor): Promise<void> {
  for (const made of MADE) await untilCount(page.locator(made), 0);
}

it.each([...HOSTILE, BIDI])("%s, said, is text", async (text) => {
  const ana = await stage.visit();
  await ana.says(text);
  await ana.conversation.getByText(text, { exact: true }).waitFor();
  await expectHarmless(ana);
});

it.each(HOSTILE)("%s, the name of an incident, is text on cards and phones", async (text) => {
  const ana = await stage.visit();
  await ana.starts(text);
  await ana.card("Running since").getByText(text, { exact: true }).waitFor();
  const iris = await ana.takesPhone("Iris Moreau");
  await iris.getByText(`you are needed for the incident ${text}`).waitFor();
  await ana.looksAtDirect("Ben Carter");
  await ana.card("You are needed").getByText(text, { exact: true }).waitFor();
  await expectHarmless(ana);
  await ana.looksAtSpace();
  await ana.says("@Muster stop incident");
  await ana.presses("Stop, keep everyone", ana.card(`Stop “${text}”?`));
  await ana.card("Stopped at").getByText(text, { exact: true }).waitFor();
  await expectHarmless(ana);
});

it("such names of people are text on cards", async () => {
  const ana = await stage.visit();
  for (const [index, name] of HOSTILE.entries())
    await ana.addsExternal(name, `+1 202 555 018${index}`);
  await ana.starts("names");
  const card = ana.card("Running since");
  for (const name of HOSTILE) await card.getByText(name, { exact: true }).first().waitFor();
  await expectHarmless(ana);
});
