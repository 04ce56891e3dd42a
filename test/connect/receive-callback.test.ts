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
  signing?: { secret?: string; header?: string },
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

describe("with a signing secret", () => {
  const secret = "the one";
  const TEXT = {
    message: "Y42",
    oa: "351912345678",
    da: "14085550100",
    tid: "t-1",
    datetime: "2026-11-22T03:09:00Z",
  };
  const CALL = { event: "ANSWERED", sessionId: "s-1", correlationId: "n-1" };
  const signed = (body: string) =>
    `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  const take = () => Promise.resolve({ outcome: "stored", action: { kind: "none" } } as const);

  // Only the webhooks that stand in the provider's pages are signed.
  test.each([
    ["a receipt", RECEIPT, "stored"],
    ["an event of a call", CALL, { outcome: "stored", body: {} }],
    ["a text", TEXT, "bad-signature"],
  ])("%s without a signature", async (_what, fields, outcome) => {
    const inbox = anInbox();
    const received = await receive(JSON.stringify(fields), inbox, { secret }, take);
    expect(received).toEqual(outcome);
    expect(inbox.rows).toHaveLength(outcome === "stored" ? 1 : 0);
  });

  test.each([
    ["a receipt", RECEIPT, "stored"],
    ["an event of a call", CALL, { outcome: "stored", body: {} }],
    ["a text", TEXT, "stored"],
  ])("%s that is signed is taken, but with no other's signature", async (_what, fields, good) => {
    const body = JSON.stringify(fields);
    const inbox = anInbox();
    const takeCall = jest.fn(take);
    const others = [`sha256=${"0".repeat(64)}`, "", signed(`${body} `)];
    for (const header of others)
      expect(await receive(body, inbox, { secret, header }, takeCall)).toBe("bad-signature");
    expect(inbox.rows).toEqual([]);
    expect(takeCall).not.toHaveBeenCalled();
    const header = signed(body);
    expect(await receive(body, inbox, { secret, header }, takeCall)).toEqual(good);
  });
});

test("without a signing secret no signature is looked at", async () => {
  expect(await receive(JSON.stringify(RECEIPT), anInbox(), { header: "sha256=0" })).toBe("stored");
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
