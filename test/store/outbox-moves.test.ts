import fc from "fast-check";
import { canMove, sendMoves, sendStates, type SendState } from "../../src/notify/notification";
import type { ClaimedRow } from "../../src/notify/outbox-row";
import type { Store } from "../../src/store/store";
import { onlyOn } from "../support/databases";
import {
  aNotification,
  aRound,
  claimRows,
  letLeasesExpire,
  outboxStates,
  queue,
  recordOf,
  seedIncident,
  seedSpace,
  write,
} from "./seed";

type Step =
  | { kind: "claim" }
  | { kind: "record"; state: SendState; isUnclear: boolean; holder: number }
  | { kind: "cancel" }
  | { kind: "lose-leases" };

const recordable = sendMoves.sending;

const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Step>({ kind: "claim" }) },
    {
      weight: 6,
      arbitrary: fc.record<Step & { kind: "record" }>({
        kind: fc.constant("record"),
        state: fc.constantFrom(...recordable),
        isUnclear: fc.boolean(),
        holder: fc.nat(9),
      }),
    },
    { weight: 1, arbitrary: fc.constant<Step>({ kind: "cancel" }) },
    { weight: 2, arbitrary: fc.constant<Step>({ kind: "lose-leases" }) },
  ),
  { minLength: 4, maxLength: 10 },
);

/** One that a claim passes through, such as queued to sending to expired, is two moves at once. */
function isReachable(from: SendState, to: SendState): boolean {
  const first = sendMoves[from];
  const second = first.flatMap((state) => sendMoves[state]);
  return from === to || first.includes(to) || second.includes(to);
}

describe("the moves of a notification", () => {
  it("are between known states, and none leads out of delivered and cancelled", () => {
    for (const from of sendStates)
      for (const to of sendStates)
        if (canMove(from, to)) expect(["delivered", "cancelled"]).not.toContain(from);
  });
});

onlyOn("sqlite", "any order of claims, records, cancels and deaths", (database) => {
  it("moves a notification only as it may move, and never out of an end", async () => {
    const store = await database.open();
    await seedSpace(store);
    await seedIncident(store);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        run += 1;
        await store.db.write("outbox").delete();
        const roundId = `round-of-run-${run}`;
        await write(store, { kind: "round.opened", round: aRound({ id: roundId }) });
        await queue(store, aNotification({ roundId }));
        await play(store, sequence);
      }),
      { numRuns: 40 },
    );
  });

  async function play(store: Store, sequence: readonly Step[]): Promise<void> {
    const holders: ClaimedRow[] = [];
    let before: SendState = "queued";
    for (const step of sequence) {
      const wasHeard = await take(store, step, holders);
      const now = (await outboxStates(store))["n-1"]!;
      expect(isReachable(before, now)).toBe(true);
      if (sendMoves[before].length <= 1 && before !== "accepted") expect(now).toBe(before);
      if (step.kind === "record" && !wasHeard) expect(now).toBe(before);
      before = now;
    }
  }

  async function take(store: Store, step: Step, holders: ClaimedRow[]): Promise<boolean> {
    switch (step.kind) {
      case "claim":
        holders.push(...(await claimRows(store, "sms")));
        return true;
      case "cancel":
        await write(store, {
          kind: "notifications.cancelled",
          filter: { incidentId: "incident-1", reason: "over" },
        });
        return true;
      case "lose-leases":
        await letLeasesExpire(store, database);
        return true;
      case "record": {
        const holder = holders[step.holder % Math.max(1, holders.length)];
        if (!holder) return false;
        const unclearSince = step.isUnclear ? 1 : null;
        return store.outbox.record(recordOf(holder, step.state, { unclearSince }));
      }
    }
  }
});
