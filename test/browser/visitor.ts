import type { BrowserContext, Locator, Page } from "playwright-core";

/** How long what is to be seen may take, on a busy computer. */
export const PATIENCE_MS = 30_000;

/** Somebody at the page: what they do, by the names that they read. */
export class Visitor {
  /** What the pages complained of, and what they should not have asked for. */
  readonly troubles: string[] = [];
  readonly composer: Locator;
  readonly conversation: Locator;
  readonly places: Locator;

  constructor(
    readonly page: Page,
    private readonly origin: string,
  ) {
    const context = page.context();
    context.setDefaultTimeout(PATIENCE_MS);
    this.composer = page.getByRole("textbox", { name: /^Message to / });
    this.conversation = page.getByRole("log", { name: /^Messages in / });
    this.places = page.getByRole("navigation", { name: "People and spaces" });
    this.watch(context);
  }

  async opens(): Promise<void> {
    await this.page.goto(`${this.origin}/`);
    await this.composer.waitFor();
  }

  async speaksAs(person: string): Promise<void> {
    await this.places.getByRole("radio", { name: new RegExp(`^${person}\\b`) }).check();
  }

  async looksAt(space: string): Promise<void> {
    await this.places.getByRole("button", { name: new RegExp(`^${space}\\b`) }).click();
    const title = space.replace(/ Direct$/, "");
    await this.page.getByRole("textbox", { name: `Message to ${title}`, exact: true }).waitFor();
  }

  /** Looks at what the bot has told somebody alone. */
  async looksAtDirect(person: string): Promise<void> {
    await this.speaksAs(person);
    await this.looksAt("Muster Direct");
  }

  async looksAtSpace(person = "Ana Silva", space = "Payments incidents"): Promise<void> {
    await this.speaksAs(person);
    await this.looksAt(space);
  }

  async says(line: string): Promise<void> {
    await this.composer.fill(line);
    await this.composer.press("Enter");
  }

  async starts(incident: string): Promise<void> {
    await this.says(`@Muster start incident ${incident}`);
    await this.sees(`${incident} is running`);
  }

  /** Asked whether to, says so, and lets everybody stay. */
  async stops(incident: string): Promise<void> {
    await this.says("@Muster stop incident");
    await this.presses("Stop, keep everyone", this.card(`Stop “${incident}”?`));
    await this.sees(new RegExp(`${incident} \\(incident \\d+\\) is over. Everyone stays.`));
  }

  /** The newest message with these words. */
  message(words: string | RegExp): Locator {
    return this.conversation.getByRole("listitem").filter({ hasText: words }).last();
  }

  async sees(words: string | RegExp): Promise<void> {
    await this.message(words).waitFor();
  }

  /** All cards that hold these words. */
  cards(words: string | RegExp): Locator {
    return this.conversation
      .getByRole("group", { name: "Card from Muster" })
      .filter({ hasText: words });
  }

  card(words: string | RegExp): Locator {
    return this.cards(words).last();
  }

  async presses(button: string | RegExp, card: Locator): Promise<void> {
    await card.getByRole("button", { name: button }).click();
  }

  /** Fills in the form that the bot has sent alone, and puts them on the roster. */
  async addsExternal(name: string, number: string, field = /^Mobile number/): Promise<void> {
    const direct = this.page.getByRole("heading", { name: "Muster", exact: true });
    const forms = this.cards("A person with a phone");
    await this.looksAt("Muster Direct");
    await direct.waitFor();
    const older = await forms.count();
    await this.looksAt("Payments incidents");
    await this.says(`@Muster add external ${name}`);
    await this.looksAt("Muster Direct");
    const form = forms.nth(older);
    await form.getByRole("textbox", { name: field }).fill(number);
    await this.presses("Save and add here", form);
    await this.sees(`${name} is saved and is on the roster of Payments incidents`);
    await this.looksAt("Payments incidents");
  }

  /** Takes a phone into the hand. */
  async takesPhone(owner: string): Promise<Locator> {
    const phones = this.page.getByRole("list", { name: "All phones" });
    const row = phones.getByRole("button", { name: new RegExp(`\\b${owner}\\b`) });
    await row.click();
    const phone = this.page.getByRole("region", { name: /^Phone \+/ });
    await phone.getByRole("heading", { name: new RegExp(`^${owner}\\b`) }).waitFor();
    return phone;
  }

  async lets(minutes: 1 | 5 | 60): Promise<void> {
    const clock = this.page.getByRole("group", { name: "Clock" });
    await clock.getByRole("button", { name: new RegExp(`^\\+${minutes} min`) }).click();
  }

  fault(name: string): Locator {
    return this.page.getByRole("region", { name: "Faults" }).getByRole("switch", { name });
  }

  async opensFaults(): Promise<void> {
    const button = this.page.getByRole("banner").getByRole("button", { name: /^Faults/ });
    if ((await button.getAttribute("aria-expanded")) !== "true") await button.click();
  }

  /** Resolves when the panel shows it so. */
  async switchIs(fault: string, how: "on" | "off"): Promise<void> {
    const region = this.page.getByRole("region", { name: "Faults" });
    await region.getByRole("switch", { name: fault, checked: how === "on" }).waitFor();
  }

  async switches(fault: string, how: "on" | "off"): Promise<void> {
    await this.opensFaults();
    await this.fault(fault).setChecked(how === "on");
    await this.switchIs(fault, how);
    await this.page.keyboard.press("Escape");
  }

  /** What the strip at the top counts. */
  count(name: "Queued" | "Accepted" | "Delivered" | "Failed", number: number): Locator {
    const strip = this.page.getByRole("list", { name: "Notifications" });
    return strip.getByRole("listitem").filter({ hasText: `${name} ${number}` });
  }

  private watch(context: BrowserContext): void {
    context.on("console", (message) =>
      this.troubles.push(`console ${message.type()}: ${message.text()}`),
    );
    context.on("weberror", (error) => this.troubles.push(`error: ${error.error().message}`));
    context.on("dialog", (dialog) => {
      this.troubles.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    context.on("request", (request) => {
      const { protocol, origin, hostname } = new URL(request.url());
      // The bot's own address, to which Webex leads back, is on this computer, too.
      const isHere = origin === this.origin || hostname === "127.0.0.1";
      if (!isHere && protocol !== "data:") this.troubles.push(`asked ${request.url()}`);
    });
  }
}

/** Resolves when exactly so many are to be seen; rejects with how many there are in the end. */
export async function untilCount(locator: Locator, count: number): Promise<void> {
  const nth = locator.nth(count);
  if (count > 0) await locator.nth(count - 1).waitFor();
  await nth.waitFor({ state: "detached" });
}
