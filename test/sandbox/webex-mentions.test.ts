import type { SandboxPerson } from "../../src/sandbox/world";
import { renderMarkdown } from "../../src/sandbox/webex/markdown";
import { startWebex, type Webex } from "./webex-fixture";

const ANA: SandboxPerson = {
  id: "ana-id",
  displayName: "Ana Silva",
  email: "ana@corp.example",
  orgId: "org",
  type: "person",
  token: "token",
  isAdmin: false,
  phoneNumbers: [],
  isPending: false,
  isLoginEnabled: true,
  created: 0,
};

function render(markdown: string) {
  return renderMarkdown(markdown, (by, value) =>
    value === (by === "id" ? ANA.id : ANA.email) ? ANA : undefined,
  );
}

function mention(label: string): string {
  return `<spark-mention data-object-type="person" data-object-id="ana-id">${label}</spark-mention>`;
}

describe("Markdown", () => {
  it.each([
    ["plain & <simple>", "plain & <simple>", "<p>plain &amp; &lt;simple&gt;</p>"],
    [
      "**bold** and __bold__",
      "bold and bold",
      "<p><strong>bold</strong> and <strong>bold</strong></p>",
    ],
    ["*it* and _it_", "it and it", "<p><em>it</em> and <em>it</em></p>"],
    ["**_both_**", "both", "<p><strong><em>both</em></strong></p>"],
    ["snake_case_name", "snake_case_name", "<p>snake_case_name</p>"],
    ["2 * 3 * 4", "2 * 3 * 4", "<p>2 * 3 * 4</p>"],
    ["**open", "**open", "<p>**open</p>"],
    ["`a` and ``b`c``", "a and b`c", "<p><code>a</code> and <code>b`c</code></p>"],
    ["\\*no\\* \\_no\\_ \\\\", "*no* _no_ \\", "<p>*no* _no_ \\</p>"],
    ["**a\\*\\*b**", "a**b", "<p><strong>a**b</strong></p>"],
    [
      "[join](https://a.example/x?a=1&b=2)",
      "join",
      '<p><a href="https://a.example/x?a=1&amp;b=2" target="_blank">join</a></p>',
    ],
    ["\\[no\\](https://a.example)", "[no](https://a.example)", "<p>[no](https://a.example)</p>"],
    ["one\ntwo\n\nthree", "one\ntwo\n\nthree", "<p>one<br/>two</p><p>three</p>"],
    [
      "- a\n- **b**\nafter",
      "- a\n- b\nafter",
      "<ul><li>a</li><li><strong>b</strong></li></ul><p>after</p>",
    ],
    ["1. a\n2. b", "1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"],
    ["# Title\n> said", "Title\nsaid", "<h3>Title</h3><blockquote>said</blockquote>"],
    ["\\- no list", "- no list", "<p>- no list</p>"],
  ])("%j reads %j", (markdown, text, html) => {
    expect(render(markdown)).toMatchObject({
      text,
      html,
      mentionedPeople: [],
      mentionedGroups: [],
    });
  });

  it.each([
    ["<@personId:ana-id|Ana> hi", "Ana hi", mention("Ana")],
    ["<@personId:ana-id> hi", "Ana Silva hi", mention("Ana Silva")],
    ["<@personEmail:ana@corp.example|Ana> hi", "Ana hi", mention("Ana")],
    ["<@PERSONEMAIL:ana@corp.example> hi", "Ana Silva hi", mention("Ana Silva")],
    ["**<@personId:ana-id|Ana>** hi", "Ana hi", `<strong>${mention("Ana")}</strong>`],
    ["`<@personId:ana-id|Ana>` hi", "Ana hi", `<code>${mention("Ana")}</code>`],
    ["\\\\<@personId:ana-id|A&B> hi", "\\A&B hi", mention("A&amp;B")],
    [`${mention("Ana")} hi`, "Ana hi", mention("Ana")],
  ])("%j mentions Ana", (markdown, text, html) => {
    const content = render(markdown);
    expect(content.mentionedPeople).toEqual(["ana-id"]);
    expect(content.text).toBe(text);
    expect(content.html).toContain(html);
  });

  it("mentions each person once, and everybody", () => {
    const content = render("<@personId:ana-id> <@personId:ana-id> <@all> <@ALL>");
    expect(content.mentionedPeople).toEqual(["ana-id"]);
    expect(content.mentionedGroups).toEqual(["all"]);
    expect(content.text).toBe("Ana Silva Ana Silva All All");
  });

  it.each([
    ["\\<@all\\>", "<@all>"],
    ["\\<@personId:ana-id|Ana\\>", "<@personId:ana-id|Ana>"],
    ["&lt;@all&gt;", "<@all>"],
    ["&amp;lt;", "&lt;"],
    ["<@personId:bo-id|Bo>", "Bo"],
    ["<@personEmail:bo@corp.example>", "bo@corp.example"],
    ["@all @Ana Silva", "@all @Ana Silva"],
  ])("%j mentions nobody", (markdown, text) => {
    expect(render(markdown)).toMatchObject({ text, mentionedPeople: [], mentionedGroups: [] });
  });
});

describe("mentions in a space", () => {
  let webex: Webex;
  beforeEach(async () => {
    webex = await startWebex();
  });
  afterEach(() => webex.close());

  it("are made of names that people type, the longest that fits first", () => {
    const { ana, bo, space, world } = webex;
    const short = world.addPerson({ name: "Ana" });
    world.setMember({ space, person: short });
    const say = (text: string) => world.say({ person: bo, space, text });
    const spoken = say("@Ana Silva & @Muster: look");
    expect(spoken).toMatchObject({
      text: "Ana Silva & Muster: look",
      mentionedPeople: [ana.id, webex.bot.id],
    });
    expect(spoken.html).toBe(
      `<p><spark-mention data-object-type="person" data-object-id="${ana.id}">Ana Silva</spark-mention>` +
        ` &amp; <spark-mention data-object-type="person" data-object-id="${webex.bot.id}">Muster</spark-mention>: look</p>`,
    );
    expect(say("@Ana look").mentionedPeople).toEqual([short.id]);
    expect(say("@Anabel look").mentionedPeople).toEqual([]);
    expect(say("@Cy Ortega look")).toMatchObject({ text: "@Cy Ortega look", mentionedPeople: [] });
  });

  it("are real only for members, and shown in the answer", async () => {
    const { bo, bot, cy, space } = webex;
    const markdown = `<@personId:${bo.id}|Bo> <@personEmail:${cy.email}|Cy> <@all>`;
    const { body } = await webex.call(bot, "POST", "/messages", { roomId: space.id, markdown });
    expect(body).toMatchObject({
      text: "Bo Cy All",
      markdown,
      mentionedPeople: [bo.id],
      mentionedGroups: ["all"],
    });
  });

  it("are never made of plain text", async () => {
    const { bo, bot, space } = webex;
    const text = `<@personId:${bo.id}|Bo> <@all>`;
    const { body } = await webex.call(bot, "POST", "/messages", { roomId: space.id, text });
    expect(body.text).toBe(text);
    expect(body).not.toHaveProperty("html");
    expect(body).not.toHaveProperty("mentionedPeople");
    expect(body).not.toHaveProperty("mentionedGroups");
  });
});
