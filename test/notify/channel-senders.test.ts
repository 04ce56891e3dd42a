import {
  createKeypadSender,
  createSmsSender,
  createVoiceSender,
  createWebexSender,
  factsOf,
  type PhoneMessages,
} from "../../src/notify/channel-senders";
import type { Texts } from "../../src/notify/texts";
import { NOW } from "../support/builders";
import { aDirectSend, aFailure, aSend } from "../support/outbox-builders";

const CALLBACK = "https://muster.example/webhooks/connect/secret";

function aPhone() {
  const sent: unknown[] = [];
  const phone: PhoneMessages = {
    sendSms: (sms) => {
      sent.push(sms);
      return Promise.resolve({ providerId: "p-sms" });
    },
    sendVoice: (call) => {
      sent.push(call);
      return Promise.resolve({ providerId: "p-call" });
    },
    isDuplicate: ({ code }) => code === "7020",
  };
  return { phone, sent };
}

function texts(words: string): Texts {
  return {
    smsText: (kind, facts) => `${kind} ${facts.incident.name} ${words}`,
    voiceText: (kind, facts) => ({
      text: `${kind} ${facts.incident.name} ${words}`,
      language: "en-US",
      voice: "Joanna",
      gender: "FEMALE",
    }),
    answerText: () => "",
    webexText: () => "",
  };
}

test("a direct message is the card made for this notification", async () => {
  const posts: unknown[] = [];
  const sender = createWebexSender(
    {
      post: (to, post) => {
        posts.push([to, post]);
        return Promise.resolve({ messageId: "m-1" });
      },
      find: () => Promise.resolve(undefined),
    },
    (context, cardId) => ({ markdown: `${context.incident.name} on ${cardId}` }),
  );
  expect(await sender.send(aDirectSend(), "bo")).toEqual({
    providerId: "m-1",
    text: "payments down on card-1",
  });
  expect(posts).toEqual([[{ personId: "bo" }, { markdown: "payments down on card-1" }]]);
});

test("a direct message to an external goes to their address, and is looked for there", async () => {
  const asked: unknown[] = [];
  const sender = createWebexSender(
    {
      post: (to) => {
        asked.push(to);
        return Promise.resolve({ messageId: "m-1" });
      },
      find: (to, cardId) => {
        asked.push([to, cardId]);
        return Promise.resolve("m-7");
      },
    },
    () => ({ markdown: "" }),
  );
  const context = aSend({
    row: { channel: "webex", cardId: "card-9" },
    responder: { email: "eve@else.example" },
  });
  await sender.send(context, "eve@else.example");
  expect(await sender.find?.(context, "eve@else.example")).toBe("m-7");
  expect(asked).toEqual([{ email: "eve@else.example" }, [{ email: "eve@else.example" }, "card-9"]]);
});

test("a text carries its time, its key, and where its receipt goes", async () => {
  const { phone, sent } = aPhone();
  const sender = createSmsSender(phone, texts("now"), CALLBACK);
  const context = aSend({ row: { keyNumber: 3 } });
  expect(await sender.send(context, "+14085550101")).toEqual({
    providerId: "p-sms",
    text: "invite payments down now",
  });
  expect(sent).toEqual([
    {
      to: "+14085550101",
      text: "invite payments down now",
      isUnicode: false,
      expiresAt: NOW + 30 * 60_000,
      correlationId: "n-1",
      idempotencyKey: "n-1-3",
      callbackUrl: CALLBACK,
    },
  ]);
});

test("a text is unicode only when a character needs it", async () => {
  const { phone, sent } = aPhone();
  await createSmsSender(phone, texts("日本"), CALLBACK).send(aSend(), "+14085550101");
  expect(sent).toEqual([expect.objectContaining({ isUnicode: true })]);
});

test("a call is spoken in its language", async () => {
  const { phone, sent } = aPhone();
  const context = aSend({ row: { channel: "voice", kind: "reminder" } });
  const sender = createVoiceSender(phone, texts("now"), CALLBACK);
  expect(await sender.send(context, "+14085550102")).toEqual({
    providerId: "p-call",
    text: "reminder payments down now",
  });
  expect(sent).toEqual([
    {
      to: "+14085550102",
      text: "reminder payments down now",
      language: "en-US",
      voice: "Joanna",
      gender: "FEMALE",
      correlationId: "n-1",
      idempotencyKey: "n-1-1",
      callbackUrl: CALLBACK,
    },
  ]);
});

test("a call that takes keys is only started; what it says it is told later", async () => {
  const started: unknown[] = [];
  const sender = createKeypadSender(
    {
      startCall: (call) => {
        started.push(call);
        return Promise.resolve({ providerId: "s-1" });
      },
      isDuplicate: ({ status }) => status === 409,
    },
    (part, kind, facts) => ({
      text: `${part} ${kind} ${facts.incident.name}`,
      language: "en-US",
      voice: "Joanna",
      gender: "FEMALE",
    }),
    CALLBACK,
  );
  const context = aSend({ row: { channel: "voice", keyNumber: 2 } });
  expect(await sender.send(context, "+14085550102")).toEqual({
    providerId: "s-1",
    text: "message invite payments down",
  });
  expect(started).toEqual([
    {
      to: "+14085550102",
      correlationId: "n-1",
      idempotencyKey: "n-1-2",
      callbackUrl: CALLBACK,
    },
  ]);
  expect(sender.isDuplicate?.(aFailure({ status: 409 }).failure)).toBe(true);
});

test("whether it is a duplicate only the provider's client knows", () => {
  const { phone } = aPhone();
  for (const create of [createSmsSender, createVoiceSender]) {
    const sender = create(phone, texts(""), CALLBACK);
    expect(sender.isDuplicate?.(aFailure({ status: 400, code: "7020" }).failure)).toBe(true);
    expect(sender.isDuplicate?.(aFailure({ status: 400, code: "7000" }).failure)).toBe(false);
  }
});

test("a text is about the incident, the space, the conference and the words given", () => {
  const conference = { link: "https://meet.example/1", source: "bridge" } as const;
  const context = aSend({ incident: { conference }, responder: { language: "de" }, text: "hurry" });
  expect(factsOf(context)).toEqual({
    incident: context.incident,
    space: context.space,
    language: "de",
    conference,
    text: "hurry",
  });
  expect(Object.keys(factsOf(aSend()))).toEqual(["incident", "space"]);
});
