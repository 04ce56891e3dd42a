import { Agent, get, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import { listen } from "../../src/http/server";

const local = { port: 0, host: "127.0.0.1" };

/** Answers each request when the test says so. */
function holding() {
  const waiting: ServerResponse[] = [];
  let arrived = (): void => undefined;
  return {
    app: (_request: IncomingMessage, response: ServerResponse) => {
      waiting.push(response);
      arrived();
    },
    request: new Promise<void>((resolve) => (arrived = resolve)),
    answer: () => waiting.splice(0).forEach((response) => response.end("done")),
  };
}

async function answerTo(port: number, agent?: Agent): Promise<string> {
  const [response] = (await once(
    get({ port, host: "127.0.0.1", ...(agent && { agent }) }),
    "response",
  )) as [IncomingMessage];
  let text = "";
  for await (const chunk of response) text += String(chunk);
  return text;
}

test("listens on a port of the system's choice", async () => {
  const server = await listen((_request, response) => response.end("hello"), local);
  expect(await answerTo(server.port)).toBe("hello");
  await server.close();
});

test("fails with the system's reason when the port is taken", async () => {
  const first = await listen((_request, response) => response.end(), local);
  const second = listen((_request, response) => response.end(), { ...local, port: first.port });
  await expect(second).rejects.toMatchObject({ code: "EADDRINUSE" });
  await first.close();
});

test("close lets a running request finish and takes no new one", async () => {
  const { app, request, answer } = holding();
  const server = await listen(app, local);
  const agent = new Agent({ keepAlive: true });
  const text = answerTo(server.port, agent);
  await request;
  const closed = server.close();
  await expect(answerTo(server.port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  answer();
  expect(await text).toBe("done");
  await closed;
  agent.destroy();
});

test("close ends idle connections that clients keep alive", async () => {
  const server = await listen((_request, response) => response.end("hello"), local, 60_000);
  const agent = new Agent({ keepAlive: true });
  await answerTo(server.port, agent);
  await server.close();
  agent.destroy();
});

test("close cuts a request that takes longer than the bound", async () => {
  const { app, request } = holding();
  const server = await listen(app, local, 20);
  const text = answerTo(server.port);
  await request;
  await Promise.all([server.close(), expect(text).rejects.toMatchObject({ code: "ECONNRESET" })]);
});

test("close may be called twice", async () => {
  const server = await listen((_request, response) => response.end(), local);
  await Promise.all([server.close(), server.close()]);
});
