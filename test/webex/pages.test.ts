import nock from "nock";
import { z } from "zod";
import type { WebexRest } from "../../src/webex/rest";
import { aRest, failureOf, ORIGIN } from "./fixtures";

const item = z.object({ n: z.number() });

describe("the pages of a list", () => {
  async function numbers(rest: WebexRest): Promise<number[]> {
    return (await rest.all("/things", item, { max: 2 })).map(({ n }) => n);
  }

  test("are followed by the Link header, an empty one among them", async () => {
    nock(ORIGIN)
      .get("/v1/things?max=2")
      .reply(
        200,
        { items: [{ n: 1 }, { n: 2 }] },
        { link: `<${ORIGIN}/v1/things?c=a>; rel="next"` },
      )
      .get("/v1/things?c=a")
      .reply(200, { items: [] }, { link: `<${ORIGIN}/x>; rel="first", </v1/things?c=b>; rel=next` })
      .get("/v1/things?c=b")
      .reply(200, { items: [{ n: 3 }] }, { link: `<${ORIGIN}/v1/things?c=a>; rel="prev"` });
    expect(await numbers(aRest())).toEqual([1, 2, 3]);
  });

  test.each([
    ["another host", "https://elsewhere.example/v1/things?c=a"],
    ["another port", `${ORIGIN}:8443/v1/things?c=a`],
    ["plain http", "http://webex.example/v1/things?c=a"],
    ["the same page", `${ORIGIN}/v1/things?max=2`],
  ])("are not followed to %s", async (_name, link) => {
    nock(ORIGIN)
      .get("/v1/things?max=2")
      .reply(200, { items: [] }, { link: `<${link}>; rel="next"` });
    expect(await failureOf(numbers(aRest()))).toMatchObject({ retryable: false });
  });

  test("stop where the reader stops", async () => {
    nock(ORIGIN)
      .get("/v1/things")
      .reply(200, { items: [{ n: 1 }] }, { link: `<${ORIGIN}/v1/things?c=a>; rel="next"` });
    for await (const page of aRest().pages("/things", item)) {
      expect(page).toEqual([{ n: 1 }]);
      break;
    }
  });

  test("fail as a whole when a later page fails", async () => {
    nock(ORIGIN)
      .get("/v1/things?max=2")
      .reply(200, { items: [{ n: 1 }] }, { link: `<${ORIGIN}/v1/things?c=a>; rel="next"` })
      .get("/v1/things?c=a")
      .reply(500, {});
    expect(await failureOf(numbers(aRest()))).toMatchObject({ status: 500 });
  });
});
