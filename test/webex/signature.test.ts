import { createHmac } from "node:crypto";
import { createSignatureVerifier, verifyWebhookSignature } from "../../src/webex/signature";

const secret = "a webhook secret";

function sign(body: string | Buffer, key = secret, algorithm = "sha1"): string {
  return createHmac(algorithm, key).update(body).digest("hex");
}

function isAccepted(body: string, headers: Record<string, string | string[] | undefined>): boolean {
  return verifyWebhookSignature({ rawBody: Buffer.from(body), headers, secret });
}

describe("a webhook's signature", () => {
  test.each([
    ["plain", '{"resource":"messages","data":{"id":"m1"}}'],
    ["spaced", '{ "resource" : "messages",\n\t"data": { "id": "m1" } }\n'],
    ["with escapes", '{"name":"Zo\\u00eb \\/ \\ud83d\\ude92"}'],
    ["with the same letters unescaped", '{"name":"Zoë / 🚒"}'],
    ["with keys twice and in odd order", '{"b":1,"a":2,"b":3}'],
    ["empty", ""],
  ])("is accepted over the bytes as they came: %s", (_name, body) => {
    expect(isAccepted(body, { "x-spark-signature": sign(body) })).toBe(true);
  });

  test("is accepted over bytes that are no text", () => {
    const rawBody = Buffer.from([0xff, 0x00, 0xfe]);
    const headers = { "x-spark-signature": sign(rawBody) };
    expect(verifyWebhookSignature({ rawBody, headers, secret })).toBe(true);
  });

  test("is accepted in capitals", () => {
    expect(isAccepted("{}", { "x-spark-signature": sign("{}").toUpperCase() })).toBe(true);
  });

  const body = '{"a":"ë"}';
  test.each<[string, Record<string, string | string[] | undefined>]>([
    ["is missing", {}],
    ["is empty", { "x-spark-signature": "" }],
    ["is no hexadecimal", { "x-spark-signature": "z".repeat(40) }],
    ["is cut off", { "x-spark-signature": sign(body).slice(0, 38) }],
    ["is too long", { "x-spark-signature": `${sign(body)}00` }],
    ["comes twice", { "x-spark-signature": [sign(body), sign(body)] }],
    ["comes twice in one line", { "x-spark-signature": `${sign(body)}, ${sign(body)}` }],
    ["was made with another secret", { "x-spark-signature": sign(body, "another") }],
    ["is of the body written anew", { "x-spark-signature": sign('{"a":"\\u00eb"}') }],
    ["is of another algorithm", { "x-spark-signature": sign(body, secret, "sha256") }],
    ["has another header's name", { "x-webex-signature": sign(body, secret, "sha256") }],
  ])("is refused when it %s", (_name, headers) => {
    expect(isAccepted(body, headers)).toBe(false);
  });

  test("is refused when one byte of the body changed", () => {
    expect(isAccepted('{"a":2}', { "x-spark-signature": sign('{"a":1}') })).toBe(false);
  });

  test("cannot be checked with an empty secret", () => {
    expect(() => createSignatureVerifier("")).toThrow("the webhook secret is empty");
  });
});
