import type { ReceivedEvent } from "../../src/http/webex-webhook";
import { closeServers, postSigned, servePublic } from "./serving";

afterEach(closeServers);

const body = JSON.stringify({
  resource: "messages",
  event: "created",
  actorId: "ana",
  data: { id: "m1", roomId: "r1" },
});

async function eventsCounted(metrics: {
  registry: { getSingleMetricAsString(n: string): Promise<string> };
}) {
  return metrics.registry.getSingleMetricAsString("muster_events_received_total");
}

test("a signed event is stored, then answered with 200", async () => {
  const stored: [ReceivedEvent, string][] = [];
  const { url, metrics } = await servePublic({
    webex: {
      acceptEvent: (event, rawBody) => {
        stored.push([event, rawBody]);
        return Promise.resolve("stored");
      },
    },
  });
  const answer = await postSigned(url, body);
  expect(answer.status).toBe(200);
  expect(stored).toEqual([[JSON.parse(body), body]]);
  expect(await eventsCounted(metrics)).toContain('{resource="messages",outcome="stored"} 1');
});

test("the answer waits until the event is stored", async () => {
  let finish = (): void => undefined;
  const order: string[] = [];
  const stored = new Promise<void>((resolve) => (finish = resolve));
  const { url } = await servePublic({
    webex: {
      acceptEvent: async () => {
        setImmediate(() => {
          order.push("stored");
          finish();
        });
        await stored;
        return "stored";
      },
    },
  });
  await postSigned(url, body).then(() => order.push("answered"));
  expect(order).toEqual(["stored", "answered"]);
});

test("the signature is checked over the bytes that were sent, escapes and all", async () => {
  const { url } = await servePublic();
  const odd = body.replace('"m1"', '"m\\u0031"').replace("{", "{ \n");
  expect((await postSigned(url, odd)).status).toBe(200);
});

test.each([
  ["another signature", "0".repeat(40)],
  ["no signature", ""],
])("%s is refused with 401 and nothing is stored", async (_what, signature) => {
  const acceptEvent = jest.fn();
  const { url, metrics } = await servePublic({ webex: { acceptEvent } });
  expect((await postSigned(url, body, signature)).status).toBe(401);
  expect(acceptEvent).not.toHaveBeenCalled();
  expect(await eventsCounted(metrics)).toContain('{resource="unknown",outcome="bad-signature"} 1');
});

test.each(["", "no json", "[]", "null", '{"resource":"messages","event":"created"}'])(
  "a signed body %p is refused with 400 and nothing is stored",
  async (text) => {
    const acceptEvent = jest.fn();
    const { url } = await servePublic({ webex: { acceptEvent } });
    expect((await postSigned(url, text)).status).toBe(400);
    expect(acceptEvent).not.toHaveBeenCalled();
  },
);

test("an event that could not be stored is answered with 500, without the reason", async () => {
  const acceptEvent = () => Promise.reject(new Error("disk full at /var/lib"));
  const { url, logged } = await servePublic({ webex: { acceptEvent } });
  const answer = await postSigned(url, body);
  expect(answer.status).toBe(500);
  expect(await answer.text()).toBe("Internal error\n");
  expect(logged).toContainEqual(
    expect.objectContaining({ level: "error", msg: "request failed", route: "/webhooks/webex" }),
  );
});

test("a replayed event is answered with 200 and counted as a duplicate", async () => {
  const { url, metrics } = await servePublic({
    webex: { acceptEvent: () => Promise.resolve("duplicate") },
  });
  expect((await postSigned(url, body)).status).toBe(200);
  expect(await eventsCounted(metrics)).toContain('outcome="duplicate"} 1');
});

test("a resource that nobody knows does not become a label", async () => {
  const { url, metrics } = await servePublic();
  await postSigned(url, body.replace("messages", "x".repeat(100)));
  expect(await eventsCounted(metrics)).toContain('{resource="other",outcome="stored"} 1');
});

test("a body of 256 kB passes and a larger one is refused with 413", async () => {
  const { url } = await servePublic();
  const padded = (size: number) => body + " ".repeat(size - body.length);
  expect((await postSigned(url, padded(256 * 1024))).status).toBe(200);
  expect((await postSigned(url, padded(256 * 1024 + 1))).status).toBe(413);
});

test.each([
  ["stored", "info"],
  ["duplicate", "info"],
  ["dropped", "debug"],
] as const)("the request of an event that is %s is told at level %s", async (outcome, level) => {
  const { url, logged } = await servePublic({
    webex: { acceptEvent: () => Promise.resolve(outcome) },
  });
  await postSigned(url, body);
  const line = { level, msg: "request", route: "/webhooks/webex", status: 200 };
  expect(logged).toEqual([expect.objectContaining(line)]);
});
