import nock from "nock";
import { WebexClient } from "../../src/webex/webex-client";
import { aRest, failureOf, ORIGIN } from "./fixtures";

const client = (): WebexClient => new WebexClient(aRest());

describe("a direct message that may have been sent", () => {
  const card = (cardId: string): object[] => [
    { content: { actions: [{ data: { card: cardId } }] } },
  ];
  const fromBot = (id: string, cardId: string): object => ({
    id,
    personId: "bot",
    attachments: card(cardId),
  });

  async function anIdentifiedClient(): Promise<WebexClient> {
    nock(ORIGIN).get("/v1/people/me").reply(200, { id: "bot" });
    const identified = client();
    await identified.me();
    return identified;
  }

  test("is found by its card's id among the bot's own", async () => {
    nock(ORIGIN)
      .get("/v1/messages/direct?personId=ana")
      .reply(200, {
        items: [
          { id: "text", personId: "bot" },
          { id: "copy", personId: "ana", attachments: card("c-1") },
          fromBot("longer", "c-11"),
          fromBot("ours", "c-1"),
        ],
      });
    const found = await (await anIdentifiedClient()).findDirectMessage({ personId: "ana" }, "c-1");
    expect(found).toBe("ours");
  });

  test("is looked for by address too, and the bot's id read first where it is not known", async () => {
    nock(ORIGIN)
      .get("/v1/people/me")
      .reply(200, { id: "bot" })
      .get("/v1/messages/direct?personEmail=bo%40other.example")
      .reply(200, { items: [] });
    expect(await client().findDirectMessage({ email: "bo@other.example" }, "c-1")).toBeUndefined();
  });

  test.each([403, 404])("counts as not there when Webex answers %i", async (status) => {
    nock(ORIGIN).get("/v1/messages/direct?personId=ana").reply(status, {});
    const found = await (await anIdentifiedClient()).findDirectMessage({ personId: "ana" }, "c-1");
    expect(found).toBeUndefined();
  });

  test("stays open when Webex cannot say", async () => {
    nock(ORIGIN).get("/v1/messages/direct?personId=ana").reply(503, {});
    const search = (await anIdentifiedClient()).findDirectMessage({ personId: "ana" }, "c-1");
    expect(await failureOf(search)).toMatchObject({ status: 503, retryable: true });
  });
});
