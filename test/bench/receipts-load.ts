import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { Agent, request } from "undici";

/** What is posted: one a turn, each at its moment, whether or not those before were answered. */
export interface LoadWish {
  perSecond: number;
  callbacks: { url: string; body: string; signature: string }[];
}

/** What this process prints, as one line of JSON. */
export interface LoadResult {
  /** Milliseconds from the moment each was to be posted until it was answered; in their order. */
  answeredMs: number[];
  /** By how many milliseconds each was posted late, which is in the above. */
  lateMs: number[];
  /** Answers other than 200, and none, by how many there were of each. */
  otherwise: Record<string, number>;
}

/** As many as the provider may hold open; what waits for one is counted as waiting for the bot. */
const connections = new Agent({ connections: 100 });

/** Posts callbacks steadily, in a process of its own that does nothing else. */
async function main(file: string): Promise<LoadResult> {
  const { callbacks, perSecond } = JSON.parse(await readFile(file, "utf8")) as LoadWish;
  const otherwise: Record<string, number> = {};
  const answered: Promise<number>[] = [];
  const lateMs: number[] = [];
  const startedAt = performance.now();
  for (const [turn, callback] of callbacks.entries()) {
    const at = startedAt + (turn * 1_000) / perSecond;
    const early = at - performance.now();
    if (early > 0) await wait(Math.ceil(early));
    lateMs.push(performance.now() - at);
    answered.push(
      post(callback).then((status) => {
        if (status !== "200") otherwise[status] = (otherwise[status] ?? 0) + 1;
        return performance.now() - at;
      }),
    );
  }
  return { answeredMs: await Promise.all(answered), lateMs, otherwise };
}

async function post({ body, signature, url }: LoadWish["callbacks"][number]): Promise<string> {
  try {
    const response = await request(url, {
      method: "POST",
      headers: { "content-type": "application/json", "x-hub-signature": signature },
      body,
      dispatcher: connections,
    });
    await response.body.dump();
    return String(response.statusCode);
  } catch (error) {
    return error instanceof Error ? error.message : "no answer";
  }
}

void main(process.argv[2] ?? "").then((result) => console.log(JSON.stringify(result)));
