import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PersonInStory, SpaceInStory, Story, StoryBook } from "../../support/story";
import { hours } from "../../support/story";

const DAY = hours(24);
/** A part of a secret says as much. */
const ENOUGH = 20;
const DEBUG = { LOG_LEVEL: "debug" };

/** What only Webex and the bot may know, by what it is. */
class Secrets {
  private readonly values = new Map<string, string>();

  constructor(private readonly told: Story) {
    told.sandbox.world.recordTraffic = true;
    const { clientSecret } = told.sandbox.world.oauth.integration;
    this.values.set(clientSecret, "the integration's secret");
  }

  /** A link's state; the link itself is for who asked, and for nobody else. */
  addLink(link: string): void {
    this.add("a state", new URL(link).searchParams.get("state"));
  }

  /** From what went over the wire. */
  addTraffic(): void {
    for (const { path, body, response } of this.told.sandbox.world.requests) {
      // What other stories caused may have been recorded without its content.
      if (!path.endsWith("/access_token") || response === undefined) continue;
      const sent = new URLSearchParams(String(body));
      const got = response as Record<string, unknown>;
      this.add("a code", sent.get("code"));
      this.add("a verifier", sent.get("code_verifier"));
      this.add("a refresh token", sent.get("refresh_token"));
      this.add("a refresh token", got.refresh_token);
      this.add("an access token", got.access_token);
    }
  }

  get kinds(): string[] {
    return [...new Set(this.values.values())].sort();
  }

  /** What is found in a text, and where that was. */
  foundIn(where: string, text: string, but: readonly string[] = []): string[] {
    return [...this.values]
      .filter(([value, what]) => !but.includes(what) && text.includes(value.slice(0, ENOUGH)))
      .map(([, what]) => `${what} in ${where}`);
  }

  private add(what: string, value: unknown): void {
    if (typeof value === "string" && value !== "") this.values.set(value, what);
  }
}

/** The database's files as they lie there, what was not yet taken over from the journal too. */
function databaseFiles({ world }: Story): [name: string, content: string][] {
  const names = readdirSync(world.folder).filter((name) => name.startsWith("muster."));
  return names.map((name) => [name, readFileSync(join(world.folder, name)).toString("latin1")]);
}

async function metrics({ world }: Story): Promise<string> {
  return (await fetch(`http://127.0.0.1:${world.app.ports.metrics}/metrics`)).text();
}

function said({ sandbox }: Story): string {
  const fromBot = [...sandbox.world.messages.values()].filter(
    ({ personId }) => personId === sandbox.world.bot().id,
  );
  return JSON.stringify(fromBot);
}

/** Nobody runs the bot for so long. */
async function sleeps(told: Story, ms: number): Promise<void> {
  await told.world.stopBot();
  await told.advance(ms);
  await told.restartBot(DEBUG);
}

function stopAndRemove(space: SpaceInStory): string {
  const { attachments } = space.expectCard("stop-confirm");
  return /"title":"(Stop and remove[^"]*)"/.exec(JSON.stringify(attachments))?.[1] ?? "";
}

/** What grants leave behind. */
export function grantSecretsStories({ story }: StoryBook): void {
  story("no token, code, verifier or secret is anywhere but with Webex", async (told) => {
    await told.restartBot(DEBUG);
    const { world } = told.sandbox;
    const logFrom = told.world.log.lines.length;
    const secrets = new Secrets(told);
    const { ada, cy, space } = await told.space({ moderators: ["Ada", "Cy"], members: ["Dee"] });
    world.setAdmin(ada.id, true);
    const pages: string[] = [];
    const asks = async (person: PersonInStory, command: string, title: string): Promise<string> => {
      await person.writes(command);
      const link = person.seesLink(title);
      secrets.addLink(link);
      return link;
    };
    const opens = async (address: string): Promise<void> => {
      pages.push(await (await fetch(address)).text());
      await told.settle();
    };

    const directory = await ada.decides(await asks(ada, "authorize", "Authorise"));
    pages.push(directory.html);
    expect(directory.html).toContain("The directory is connected");
    await opens(directory.location ?? "");
    expect(pages.at(-1)).toContain("This link was used already");

    const meetings = await asks(cy, "authorize meetings", "For my incidents");
    pages.push((await cy.decides(meetings)).html);
    expect(pages.at(-1)).toContain("Your meetings are connected");

    const state =
      new URL(await asks(ada, "authorize", "Authorise")).searchParams.get("state") ?? "";
    await opens(`${told.world.publicUrl}/callback?state=${state}&code=a-code-of-nobody`);
    expect(pages.at(-1)).toContain("Webex does not accept this any more");

    world.oauth.settings.givenScopes = ["spark:people_read"];
    pages.push((await ada.decides(await asks(ada, "authorize", "Authorise"))).html);
    expect(pages.at(-1)).toContain("Webex did not give every right");
    world.oauth.settings.givenScopes = undefined;

    const ben = told.person("Ben");
    pages.push((await ben.decides(await asks(ada, "authorize", "Authorise"))).html);
    expect(pages.at(-1)).toContain("This link is for somebody else");

    await cy.says(space, "@Muster start incident payments down");
    const [meeting] = [...world.meetings.byId.values()].filter(
      ({ spaceId }) => spaceId === space.id,
    );
    expect(meeting?.hostId).toBe(cy.id);
    await cy.says(space, "@Muster stop incident");
    await cy.presses(stopAndRemove(space), { in: space });
    expect(meeting && world.meetings.goesOn(meeting)).toBe(false);
    secrets.addTraffic();
    const logged = () => told.world.log.lines.slice(logFrom).map(({ text }) => text);
    const found = async () => [
      ...databaseFiles(told).flatMap(([name, content]) => secrets.foundIn(name, content)),
      ...secrets.foundIn("the log", logged().join("\n")),
      ...secrets.foundIn("the metrics", await metrics(told)),
      ...secrets.foundIn("a page", pages.join("\n")),
      ...secrets.foundIn("a message", said(told), ["a state"]),
    ];
    expect(await found()).toEqual([]);

    await sleeps(told, 15 * DAY);
    world.oauth.revoke(cy.id);
    await sleeps(told, 15 * DAY);
    told.expectLog("warn", /a grant is dead/);
    secrets.addTraffic();

    expect(secrets.kinds).toEqual([
      "a code",
      "a refresh token",
      "a state",
      "a verifier",
      "an access token",
      "the integration's secret",
    ]);
    expect(await found()).toEqual([]);
    expect(databaseFiles(told).map(([name]) => name)).toEqual(
      expect.arrayContaining(["muster.sqlite3", "muster.directory.sqlite3"]),
    );
    expect(logged().length).toBeGreaterThan(20);
    told.takeAll();
    world.recordTraffic = process.env.MUSTER_TRAFFIC_FILE !== undefined;
  });
}
