import { setTimeout as wait } from "node:timers/promises";
import { SMS_NUMBER } from "../../src/sandbox/bot-environment";
import type { BenchWorld } from "../support/bench-world";

const PEOPLE = 10;
const PAUSE_MS = 2_000;

/**
 * How the page that Muster replaces told people: for each one a message, a text, two seconds, a
 * call, two seconds. Measured with ten people on the same stand-in; resolves with the milliseconds
 * that a hundred would take.
 */
export async function tellOneAfterAnother(bench: BenchWorld): Promise<number> {
  const startedAt = Date.now();
  for (let index = 0; index < PEOPLE; index += 1) await tell(bench, index);
  return (Date.now() - startedAt) * 10;
}

async function tell({ sandbox, bot }: BenchWorld, index: number): Promise<void> {
  const text = "Incident payments down. Join the meeting.";
  const phone = `+1408557${1_000 + index}`;
  const { serviceKey } = sandbox.connect.settings;
  await post(`${sandbox.webexUrl}/messages`, `Bearer ${bot.token}`, {
    toPersonEmail: `original${index}@outside.example`,
    markdown: text,
  });
  await post(`${sandbox.connectUrl}/v1/sms/messages`, serviceKey, {
    from: SMS_NUMBER,
    to: phone,
    content: text,
  });
  await wait(PAUSE_MS);
  await post(`${sandbox.connectUrl}/v1/voice/messages`, serviceKey, {
    callerId: `+${SMS_NUMBER}`,
    dialedNumber: phone,
    audio: { type: "TTS", text },
  });
  await wait(PAUSE_MS);
}

async function post(url: string, authorization: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
}
