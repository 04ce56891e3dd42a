import type { Visitor } from "./visitor";
import { withSandbox } from "./with-sandbox";

const stage = withSandbox();

/** Presses the button of a space and says something before the browser has painted anything. */
async function saysAtOnceIn({ page }: Visitor, space: string, line: string): Promise<void> {
  await page.evaluate(`{
    const buttons = [...document.querySelectorAll("button.space")];
    buttons.find(({ textContent }) => textContent.includes(${JSON.stringify(space)})).click();
    const field = document.querySelector("#page-message");
    field.value = ${JSON.stringify(line)};
    field.form.requestSubmit();
  }`);
}

it("a space that one is in to work stands first", async () => {
  const ana = await stage.visit();
  const spaces = ana.places.getByRole("region", { name: "Spaces" }).getByRole("listitem");
  await ana.page.getByRole("heading", { name: "Payments incidents" }).waitFor();
  expect(await spaces.first().textContent()).toContain("Payments incidents");
});

it("what is typed right after another space was chosen is said there", async () => {
  const ana = await stage.visit();
  await ana.composer.fill("half written in Payments");
  await saysAtOnceIn(ana, "Coffee corner", "said over coffee");
  await ana.page.getByRole("log", { name: "Messages in Coffee corner" }).waitFor();
  await ana.sees("said over coffee");
  expect(await ana.composer.inputValue()).toBe("");
  await ana.looksAt("Payments incidents");
  expect(await ana.composer.inputValue()).toBe("half written in Payments");
});

it("comes back to the same place, with what nobody has looked at", async () => {
  const ana = await stage.visit();
  await ana.starts("places");
  await ana.looksAtDirect("Ben Carter");
  await ana.card("places").waitFor();
  const direct = ana.page.getByText("Direct conversation with Ben Carter");
  const carla = ana.places.getByRole("radio", { name: /^Carla Rossi 1$/ });
  await carla.waitFor();

  await ana.page.reload();
  await direct.waitFor();
  await ana.card("places").waitFor();
  await carla.waitFor();
  const ben = ana.places.getByRole("radio", { name: "Ben Carter", exact: true });
  await ben.and(ana.page.locator(":checked")).waitFor();

  // What came meanwhile counts, too.
  const { page } = ana;
  await page.goto("about:blank");
  const other = await stage.visit();
  await other.says("@Muster stop incident");
  await other.presses("Stop, keep everyone", other.card("Stop “places”?"));
  await other.looksAtDirect("Carla Rossi");
  await other.card("It is over").waitFor();
  await ana.opens();
  await ana.places.getByRole("radio", { name: /^Carla Rossi [2-9]$/ }).waitFor();
});

it("a part of the page that fails is told of, and stops no other", async () => {
  const ana = await stage.visit();
  await ana.page.addInitScript(`{
    const { get, set } = Object.getOwnPropertyDescriptor(Node.prototype, "textContent");
    Object.defineProperty(Node.prototype, "textContent", {
      configurable: true,
      get,
      set(text) {
        if (this.className === "person-note") throw new Error("no notes today");
        set.call(this, text);
      },
    });
  }`);
  await ana.page.reload();
  await ana.says("still heard");
  await ana.sees("still heard");
  await ana.page.close();
  expect(ana.troubles.splice(0)).toContainEqual(expect.stringContaining("no notes today"));
});
