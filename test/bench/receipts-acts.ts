import type { AcceptedSend } from "../../src/sandbox/connect/accepted-send";
import { DELIVERED, smsOutcome } from "../../src/sandbox/connect/outcomes";
import { receiptBody } from "../../src/sandbox/connect/receipt-body";
import type { ConnectSettings } from "../../src/sandbox/connect/settings";
import { inboundBody } from "../../src/sandbox/phones";
import type { SandboxPerson } from "../../src/sandbox/world";
import { buttonsOf } from "../support/story-cards";
import { until } from "../support/until";
import { countRows, PATIENCE, type ReceiptsWorld } from "./receipts-world";

/**
 * The provider says so of a text: milliseconds until that was answered, and until the notification
 * is seen to have moved.
 */
export async function receive(
  { bench, look }: ReceiptsWorld,
  send: AcceptedSend,
  code: string,
  callbackFormat: ConnectSettings["callbackFormat"],
): Promise<{ keptMs: number; movedMs: number }> {
  const { callbacks, settings } = bench.sandbox.connect;
  const body = receiptBody({ ...settings, callbackFormat }, send, smsOutcome(code), Date.now());
  const startedAt = performance.now();
  const answer = callbacks.ask(send.callbackUrl ?? "", body);
  const keptMs = timed(answer, startedAt);
  await until(
    "a receipt moves its notification",
    async () => {
      const row = await look<{ id: string; state: string }>("outbox")
        .where({ id: send.correlationId ?? "" })
        .first("state");
      return row?.state === (code === DELIVERED ? "delivered" : "failed");
    },
    PATIENCE,
  );
  return { movedMs: performance.now() - startedAt, keptMs: await keptMs };
}

/**
 * "Y" from the phone that got this text: milliseconds until that was answered, and until the answer
 * is seen.
 */
export async function reply(
  { bench, inboundUrl, look }: ReceiptsWorld,
  send: AcceptedSend,
): Promise<{ keptMs: number; takenMs: number }> {
  const before = await countRows(look("answers"));
  const text = { to: send.from, from: send.to, text: "Y", at: Date.now(), id: `in-${send.id}` };
  const body = inboundBody(text, "sample");
  const startedAt = performance.now();
  const keptMs = timed(bench.sandbox.connect.callbacks.ask(inboundUrl, body), startedAt);
  await until(
    "a reply is taken",
    async () => (await countRows(look("answers"))) > before,
    PATIENCE,
  );
  return { takenMs: performance.now() - startedAt, keptMs: await keptMs };
}

/** "On my way" on the newest card: milliseconds until the answer is seen. */
export async function press(
  { bench, look }: ReceiptsWorld,
  person: SandboxPerson,
): Promise<number> {
  const { world } = bench.sandbox;
  const before = await countRows(look("answers"));
  const message = world.messagesTo(person).at(-1)!;
  const button = message.attachments
    .flatMap(({ content }) => buttonsOf(content))
    .find(({ title }) => title === "On my way")!;
  const startedAt = performance.now();
  world.press({ person, messageId: message.id, inputs: { ...button.data } });
  await until(
    "a press is taken",
    async () => (await countRows(look("answers"))) > before,
    PATIENCE,
  );
  return performance.now() - startedAt;
}

async function timed(
  answer: Promise<{ status: number } | undefined>,
  startedAt: number,
): Promise<number> {
  const status = (await answer)?.status;
  if (status !== 200) throw new Error(`The bot answered a callback with ${status ?? "nothing"}.`);
  return performance.now() - startedAt;
}
