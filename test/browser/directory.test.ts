import { withSandbox } from "./with-sandbox";

const stage = withSandbox();

it("an administrator lets the bot read the directory, and then finds people in it", async () => {
  const ana = await stage.visit();
  await ana.looksAtDirect("Ana Silva");
  await ana.says("authorize");
  const opened = ana.page.context().waitForEvent("page");
  await ana.card("Connect the directory").getByRole("link", { name: "Authorise" }).click();
  const consent = await opened;
  await consent.getByRole("heading", { name: /^Allow .* to act for you\?$/ }).waitFor();
  const who = consent.getByRole("combobox", { name: "Signed in as" });
  await who.selectOption({ label: "Ana Silva, administrator" });
  await consent.getByRole("button", { name: "Accept" }).click();
  await consent.getByRole("heading", { name: "The directory is connected" }).waitFor();

  await ana.sees("Thank you, the directory is connected.");
  await ana.sees(/The directory is read: \d+ people/);
  await ana.says("directory");
  await ana
    .card(/\d+ people/)
    .getByText("Connected")
    .waitFor();

  await ana.looksAtSpace();
  await ana.says("@Muster add eve");
  const found = ana.card("One person fits “eve”");
  await found.getByRole("checkbox", { name: /Eve Lindqvist/, checked: true }).waitFor();
  await ana.presses("Add", found);
  await ana.sees("Eve Lindqvist is in the space.");
});
