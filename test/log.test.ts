import { RemoteError } from "../src/errors";
import { createLogger, type LogLevel } from "../src/log";

type Line = Record<string, unknown> & { err: Record<string, unknown> };

function recording(options: { level?: LogLevel; secrets?: string[] } = {}) {
  const written: string[] = [];
  const log = createLogger({
    level: options.level ?? "debug",
    secrets: options.secrets ?? [],
    destination: { write: (line) => written.push(line) },
  });
  return { log, written, lines: () => written.map((line) => JSON.parse(line) as Line) };
}

function lineFor(fields: object, msg = "m"): string {
  const { log, written } = recording();
  log.info(fields, msg);
  return written.join("");
}

test("a line is JSON with level, time, fields and message", () => {
  const { log, lines } = recording();
  log.warn({ incident: 42, channels: ["sms", "voice"] }, "round closed");
  expect(lines()).toEqual([
    expect.objectContaining({
      level: "warn",
      incident: 42,
      channels: ["sms", "voice"],
      msg: "round closed",
    }),
  ]);
});

test("lines below the level are not written", () => {
  const { log, written } = recording({ level: "warn" });
  log.debug({}, "d");
  log.info({}, "i");
  log.error({}, "e");
  expect(written).toHaveLength(1);
});

test("a child adds its fields to every line, and they are scrubbed too", () => {
  const { log, lines } = recording();
  log.child({ space: "S1", note: "for ana@example.com" }).child({ round: 2 }).info({}, "m");
  expect(lines()).toEqual([
    expect.objectContaining({ space: "S1", round: 2, note: "for [email]" }),
  ]);
});

describe("what may not be in a log", () => {
  const privateTexts = [
    ["+351912345678", "912345678"],
    ["+1 (555) 010-0199", "010-0199"],
    ["351912345678", "912345678"],
    ["%2B351912345678", "912345678"],
    ["tel:+351912345678", "912345678"],
    ["ana.b+c@mail.example.com", "ana.b"],
    ["josé@exämple.com", "josé"],
    ["Bearer abc.def-ghi", "abc.def"],
    ["NzYxMzA4abcdefghijklmnop_PF84_1eb65fdf-9643-417f-9974-ad72cae0e10f", "NzYx"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl", "eyJ"],
    ['access_token":"opaque-value-1"', "opaque"],
    ["refresh_token=opaque-value-2&x=1", "opaque"],
    ["postgres://ops:pass-word@db/muster", "pass-word"],
    ["/webhooks/connect/0123456789abcdef01234567", "89abcdef"],
  ] as const;

  test.each(privateTexts)("%s, in a field, in an error or in the message", (text, telling) => {
    const quoted = `before ${text} after`;
    const error = new Error(quoted, { cause: new AggregateError([new Error(quoted)], quoted) });
    const line = lineFor({ reason: quoted, list: [{ deep: quoted }], err: error }, quoted);
    expect(line).not.toContain(telling);
    expect(line).toContain("before");
  });

  const privateNames = [
    "authorization",
    "Authorization",
    "access_token",
    "botToken",
    "clientSecret",
    "phone",
    "phoneNumbers",
    "personEmail",
    "emails",
    "text",
    "markdown",
    "html",
    "rawBody",
    "inputs",
    "attachments",
    "set-cookie",
  ];

  test.each(privateNames)("the field %s, wherever it is", (name) => {
    const line = lineFor({ [name]: "hidden-1", headers: { [name]: ["hidden-2"] } });
    expect(line).not.toContain("hidden-");
    expect(line).toContain(name);
  });

  test("a configured secret, which has no look of its own", () => {
    const { log, written } = recording({ secrets: ["plainservicekey"] });
    log.error({ err: new Error("refused key plainservicekey") }, "plainservicekey");
    expect(written.join("")).not.toContain("plainservicekey");
  });

  test("a key of a map and the body of a buffer", () => {
    const line = lineFor({ by: new Map([["+351912345678", 1]]), raw: Buffer.from("secret words") });
    expect(line).not.toMatch(/351912345678|secret words/);
    expect(line).toContain("[12 bytes]");
  });
});

describe("what stays readable", () => {
  test.each([
    "0190a1b2-1234-7abc-8def-123456789012",
    "2026-01-05T03:00:00.000Z",
    "node_modules/@webex/webex-core/dist/index.js:10:2",
    "503 after 10000 ms",
    "code 7020",
    "v1.2.3",
  ])("%s", (text) => {
    expect(lineFor({ what: text })).toContain(text);
  });

  test("a time in milliseconds, a date and an address", () => {
    const line = lineFor({ at: 1767225600000, due: new Date(0), url: new URL("https://h/v1") });
    expect(line).toContain("1767225600000");
    expect(line).toContain("1970-01-01T00:00:00.000Z");
    expect(line).toContain("https://h/v1");
  });
});

describe("errors", () => {
  test("are written with name, message, code, failure, cause and stack", () => {
    const failure = { service: "webex", status: 503, retryable: true, unclear: false } as const;
    const cause = Object.assign(new Error("reset"), { code: "ECONNRESET" });
    const { log, lines } = recording();
    log.error({ err: new RemoteError("Webex is away", failure, { cause }) }, "m");
    expect(lines()[0]?.err).toMatchObject({
      name: "RemoteError",
      message: "Webex is away",
      failure,
      cause: { name: "Error", message: "reset", code: "ECONNRESET" },
      stack: expect.stringContaining("log.test") as string,
    });
  });

  test("may be the fields themselves, or something that is not an error", () => {
    const { log, lines } = recording();
    log.error(new Error("bare"), "m");
    log.error({ err: "thrown text" }, "m");
    expect(lines()[0]?.err).toMatchObject({ message: "bare" });
    expect(lines()[1]?.err).toBe("thrown text");
  });
});

test("a cycle, a deep nest and a long text end", () => {
  const cycle: Record<string, unknown> = { name: "loop" };
  cycle.self = cycle;
  const deep = Array.from({ length: 50 }).reduce<object>((inner) => ({ inner }), {});
  const line = lineFor({ cycle, deep, long: "x".repeat(1_000_000) });
  expect(line).toContain("[circular]");
  expect(line).toContain("[deep]");
  expect(line.length).toBeLessThan(30_000);
});
