import { createHash } from "node:crypto";
import { linkTo, startOAuth, type Callback } from "./oauth-fixture";
import type { Webex } from "./webex-fixture";

const STATE = "a-state-that-is-long-enough";
let webex: Webex;
let callback: Callback;
beforeEach(async () => {
  ({ webex, callback } = await startOAuth());
});
afterEach(() => webex.close());

async function open(link: string): Promise<{ response: Response; html: string }> {
  const response = await fetch(link, { redirect: "manual" });
  return { response, html: await response.text() };
}

const link = (wish: Record<string, string | undefined> = {}) =>
  linkTo(webex, callback.url, { state: STATE, ...wish });

/** Who is chosen when the page opens; empty for nobody. */
function chosenIn(html: string): string {
  return /<option value="([^"]*)" selected>/.exec(html)?.[1] ?? "none at all";
}

it("says what is asked for in plain words and offers both answers", async () => {
  const { html } = await open(link());
  expect(html).toContain("Allow <bdi>Muster</bdi> to act for you?");
  expect(html).toMatch(/your organisation’s whole directory .*<code>spark-admin:people_read</);
  expect(html).toMatch(/<button class="main" name="decision" value="accept">Accept</);
  expect(html).toMatch(/<button name="decision" value="deny" formnovalidate>Deny</);
  expect(html).toMatch(/<label for="person">Signed in as<\/label>\s*<select id="person"/);
  expect(html).toContain(">Ana Silva, administrator</option>");
});

it("tells people of one name apart by their addresses", async () => {
  webex.world.addPerson({ name: "Ana Silva", email: "another.ana@example.com" });
  const { html } = await open(link());
  expect(html).toContain(">Ana Silva, ana.silva@example.com, administrator</option>");
  expect(html).toContain(">Ana Silva, another.ana@example.com</option>");
});

it("chooses nobody of whom nothing is known", async () => {
  const { html } = await open(link());
  expect(chosenIn(html)).toBe("");
  expect(html).toContain('name="person" required');
});

it("chooses whoever the link was written to", async () => {
  webex.world.say({ person: webex.bot, to: webex.bo, text: `Agree: ${link()}` });
  webex.world.say({ person: webex.bot, to: webex.ana, text: "Hello" });
  expect(chosenIn((await open(link())).html)).toBe(webex.bo.id);
  expect(chosenIn((await open(link({ state: `${STATE}2` }))).html)).toBe("");
});

it("chooses nobody because of a link that a whole space can read", async () => {
  webex.world.say({ person: webex.bot, space: webex.space, text: `Agree: ${link()}` });
  expect(chosenIn((await open(link())).html)).toBe("");
});

it.each(["id", "email", "displayName"] as const)("takes the person's %s from ?as=", async (key) => {
  const { html } = await open(`${link()}&as=${encodeURIComponent(webex.bo[key])}`);
  expect(chosenIn(html)).toBe(webex.bo.id);
  expect(html).not.toContain('name="as"');
});

it.each(["nobody@example.com", "Muster"])("chooses nobody for ?as=%s", async (who) => {
  expect(chosenIn((await open(`${link()}&as=${who}`)).html)).toBe("");
});

it("shows names, rights and the state as text, whatever they hold", async () => {
  const hostile = `</option><script>alert("1")</script>\u202Ecod.exe & 'Co'`;
  webex.world.addPerson({ name: hostile, email: "eve@example.com" });
  webex.world.oauth.integration.name = `<img src=x onerror=alert(1)>`;
  webex.world.oauth.integration.scopes.push("<b>constructor</b>", "constructor");
  const scope = "<b>constructor</b> constructor";
  const { html } = await open(link({ scope, state: `"><script>alert(2)</script>` }));
  expect(html).not.toMatch(/<(script|img|b)\b/);
  expect(html).not.toContain("\u202E");
  expect(html).toContain("&lt;/option&gt;&lt;script&gt;");
  expect(html).toContain("<li><code>constructor</code></li>");
});

it("lets nothing run, load or be sent but its own style and the answer", async () => {
  const { response, html } = await open(link());
  const [, style = ""] = /<style>([^]*)<\/style>/.exec(html) ?? [];
  const hash = createHash("sha256").update(style).digest("base64");
  expect(response.headers.get("content-security-policy")).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; ` +
      `form-action 'self' ${new URL(callback.url).origin}; base-uri 'none'; frame-ancestors 'none'`,
  );
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(html).not.toMatch(/ on\w+=| style=/);
});

it("refuses on a page that is as safe", async () => {
  const { response, html } = await open(link({ client_id: "C1" }));
  expect(response.status).toBe(400);
  expect(response.headers.get("content-security-policy")).toContain("form-action 'self';");
  expect(html).toContain('<p role="alert">The client_id is not that of an integration.</p>');
});
