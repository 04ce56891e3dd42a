import { startWebex, type Webex } from "./webex-fixture";

let webex: Webex;
beforeEach(async () => {
  webex = await startWebex();
});
afterEach(() => webex.close());

const file = { name: "liste ä.csv", type: "text/csv", content: Buffer.from([0xff, 0x0d, 0x0a, 0]) };

function fetchAs({ token }: { token: string }, url: string): Promise<Response> {
  return fetch(url, { headers: { authorization: `Bearer ${token}` } });
}

function addressOf(message: { files: string[] }): string {
  return message.files[0] ?? "";
}

test("a file that somebody sends can be fetched by who may read the message", async () => {
  const message = webex.world.say({ person: webex.ana, text: "import", files: [file] });
  const response = await fetchAs(webex.bot, addressOf(message));
  expect(response.status).toBe(200);
  expect(Buffer.from(await response.arrayBuffer())).toEqual(file.content);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "text/csv",
    "content-length": "4",
    "content-disposition": `attachment; filename="liste _.csv"; filename*=UTF-8''liste%20%C3%A4.csv`,
  });
  expect((await fetchAs(webex.ana, addressOf(message))).status).toBe(200);
});

test("nobody else gets it, and nobody once the message is deleted", async () => {
  const message = webex.world.say({ person: webex.ana, text: "import", files: [file] });
  expect((await fetchAs(webex.bo, addressOf(message))).status).toBe(404);
  expect((await fetch(addressOf(message))).status).toBe(401);
  expect((await fetchAs(webex.bot, `${webex.origin}/v1/contents/nonsense`)).status).toBe(400);
  expect((await webex.call(webex.ana, "DELETE", `/messages/${message.id}`)).status).toBe(204);
  expect((await fetchAs(webex.bot, addressOf(message))).status).toBe(404);
});

test("a bot in a space sees the files of messages that mention it", async () => {
  const { ana, bot, space, world } = webex;
  const unmentioned = world.say({ person: ana, space, text: "here", files: [file] });
  const mentioned = world.say({ person: ana, space, text: "@Muster import", files: [file] });
  expect((await fetchAs(bot, addressOf(unmentioned))).status).toBe(404);
  expect((await fetchAs(bot, addressOf(mentioned))).status).toBe(200);
});

test("faults strike a download", async () => {
  const message = webex.world.say({ person: webex.ana, text: "import", files: [file] });
  const fault = { service: "webex", route: "GET /contents", kind: "status" } as const;
  webex.faults.add({ ...fault, status: 423, retryAfter: "5", times: 1 });
  const response = await fetchAs(webex.bot, addressOf(message));
  expect([response.status, response.headers.get("retry-after")]).toEqual([423, "5"]);
});

async function post(fields: Record<string, string>, ...uploads: File[]): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const upload of uploads) form.append("files", upload);
  const headers = { authorization: `Bearer ${webex.bot.token}` };
  return fetch(`${webex.origin}/v1/messages`, { method: "POST", headers, body: form });
}

const upload = (): File => new File([new Uint8Array(file.content)], "a.csv", { type: file.type });

test("a form posts a message with a file", async () => {
  const response = await post({ toPersonId: webex.bo.id, markdown: "**for** you" }, upload());
  expect(response.status).toBe(200);
  const message = (await response.json()) as { files: string[]; text: string; html: string };
  expect(message).toMatchObject({ text: "for you", html: "<p><strong>for</strong> you</p>" });
  const fetched = await fetchAs(webex.bo, addressOf(message));
  expect(Buffer.from(await fetched.arrayBuffer())).toEqual(file.content);
});

test("a form may hold a file and nothing to say", async () => {
  expect((await post({ roomId: webex.space.id }, upload())).status).toBe(200);
});

test.each([
  ["two files", () => post({ roomId: webex.space.id }, upload(), upload())],
  ["nothing", () => post({ roomId: webex.space.id })],
  ["no destination", () => post({ markdown: "x" }, upload())],
])("a form with %s is refused", async (_what, send) => {
  expect((await send()).status).toBe(400);
});

test.each([
  ["multipart/form-data", ""],
  ["multipart/form-data; boundary=x", "--x"],
  ["multipart/form-data; boundary=x", "--x\r\nContent-Type: text/plain\r\n\r\nno name\r\n--x--"],
  [
    "multipart/form-data; boundary=x",
    '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nopen',
  ],
])("what calls itself %s and is none is refused", async (type, body) => {
  const headers = { authorization: `Bearer ${webex.bot.token}`, "content-type": type };
  const response = await fetch(`${webex.origin}/v1/messages`, { method: "POST", headers, body });
  expect(response.status).toBe(400);
});

test("of a form the names of files are recorded", async () => {
  webex.world.recordTraffic = true;
  const message = webex.world.say({ person: webex.ana, text: "import", files: [file] });
  await post({ roomId: webex.space.id, markdown: "x" }, upload());
  await fetchAs(webex.bot, addressOf(message));
  const [posted, fetched] = webex.world.requests;
  expect(posted?.body).toEqual({ roomId: webex.space.id, markdown: "x", files: ["a.csv"] });
  expect(fetched?.response).toBe("4 bytes");
});
