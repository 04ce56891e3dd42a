import { createHmac } from "node:crypto";
import {
  receiveCallback,
  type CallbackInbox,
  type ReceiveOptions,
} from "../../src/connect/receive-callback";

const NOW = Date.parse("2026-11-22T03:10:00Z");
const RECEIPT = {
  messageId: "m-1",
  status: "DELIVERED",
  statusTime: "2026-11-22T03:09:00Z",
  correlationId: "n-1",
};

type Row = Parameters<CallbackInbox["add"]>[0];

/** Keeps each key once. */
function anInbox() {
  const rows: Row[] = [];
  const add = (row: Row) => {
    const isKnown = rows.some(({ key }) => key === row.key);
    if (!isKnown) rows.push(row);
    return Promise.resolve(isKnown ? ("duplicate" as const) : ("stored" as const));
  };
  return { rows, add };
}

function receive(
  body: string,
  inbox: CallbackInbox,
  signing?: { secret: string; header?: string },
  takeCall: ReceiveOptions["takeCall"] = () => Promise.reject(new Error("no call was expected")),
) {
  return receiveCallback(Buffer.from(body), signing?.header, {
    inbox,
    ours: ["14085550100"],
    signingSecret: signing?.secret,
    now: NOW,
    takeCall,
  });
}

test("a receipt is kept, and the same bytes again are the same receipt", async () => {
  const inbox = anInbox();
  const body = JSON.stringify(RECEIPT);
  expect(await receive(body, inbox)).toBe("stored");
  for (let i = 0; i < 1_000; i += 1) expect(await receive(body, inbox)).toBe("duplicate");
  expect(inbox.rows).toEqual([
    {
      kind: "receipt",
      key: expect.stringMatching(/^receipt:[\w-]{43}$/) as string,
      occurredAt: Date.parse("2026-11-22T03:09:00Z"),
      body: {
        kind: "delivered",
        channel: "sms",
        notificationId: "n-1",
        providerId: "m-1",
        at: Date.parse("2026-11-22T03:09:00Z"),
      },
    },
  ]);
});

test("another state of the same text is another receipt", async () => {
  const inbox = anInbox();
  await receive(JSON.stringify({ ...RECEIPT, status: "SENT" }), inbox);
  expect(await receive(JSON.stringify(RECEIPT), inbox)).toBe("stored");
});

test.each([
  ["no JSON", "<xml/>"],
  ["half of it", '{"messageId": "m-1"'],
  ["nothing", ""],
  ["another shape", '{"hello": "world"}'],
  ["bytes", "\u0000\u0001"],
])("%s is malformed and not kept", async (_what, body) => {
  const inbox = anInbox();
  expect(await receive(body, inbox)).toBe("malformed");
  expect(inbox.rows).toEqual([]);
});

test("with a signing secret only what is signed with it is read", async () => {
  const inbox = anInbox();
  const body = JSON.stringify(RECEIPT);
  const secret = "the one";
  const header = createHmac("sha256", secret).update(body).digest("hex");
  expect(await receive(body, inbox, { secret })).toBe("bad-signature");
  expect(await receive(body, inbox, { secret, header: `sha256=${"0".repeat(64)}` })).toBe(
    "bad-signature",
  );
  expect(inbox.rows).toEqual([]);
  expect(await receive(body, inbox, { secret, header: `sha256=${header}` })).toBe("stored");
});

describe("an event of a call", () => {
  const ANSWERED = { event: "ANSWERED", sessionId: "s-1", correlationId: "n-1" };

  function aCaller(action: Awaited<ReturnType<ReceiveOptions["takeCall"]>>["action"]) {
    const taken: Parameters<ReceiveOptions["takeCall"]>[] = [];
    const takeCall: ReceiveOptions["takeCall"] = (...given) => {
      taken.push(given);
      return Promise.resolve({ outcome: "stored", action });
    };
    return { taken, takeCall };
  }

  test("is answered with what the call does next, as Webex Connect reads it", async () => {
    const { taken, takeCall } = aCaller({ kind: "hang-up" });
    const received = await receive(JSON.stringify(ANSWERED), anInbox(), undefined, takeCall);
    expect(received).toEqual({ outcome: "stored", body: { action: "HANGUP", reason: "done" } });
    expect(taken[0]?.[0]).toMatchObject({ sessionId: "s-1", notificationId: "n-1" });
  });

  test("is told from another by its bytes", async () => {
    const { taken, takeCall } = aCaller({ kind: "none" });
    const hashes = async (...bodies: object[]) => {
      for (const body of bodies)
        await receive(JSON.stringify(body), anInbox(), undefined, takeCall);
      return new Set(taken.map(([, hash]) => hash)).size;
    };
    expect(await hashes(ANSWERED, ANSWERED, { ...ANSWERED, eventTime: "later" })).toBe(2);
  });

  test("that is not signed where it must be reaches no call", async () => {
    const { taken, takeCall } = aCaller({ kind: "none" });
    const body = JSON.stringify(ANSWERED);
    expect(await receive(body, anInbox(), { secret: "the one" }, takeCall)).toBe("bad-signature");
    expect(taken).toEqual([]);
  });
});

test("a text without an id is told by its bytes, of which the key shows nothing", async () => {
  const inbox = anInbox();
  const body = JSON.stringify({
    message: "secret words",
    oa: "351912345678",
    da: "14085550100",
    datetime: "2026-11-22T03:09:00Z",
  });
  expect(await receive(body, inbox)).toBe("stored");
  expect(await receive(body, inbox)).toBe("duplicate");
  expect(inbox.rows[0]?.key).toMatch(/^text:[\w-]{43}$/);
});
