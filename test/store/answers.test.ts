import type { Answer } from "../../src/incident/answer";
import type { ProgressState } from "../../src/incident/space-state";
import type { Store } from "../../src/store/store";
import { anExternal, ana, SPACE } from "../support/builders";
import { eachDatabase } from "../support/databases";
import {
  aNotification,
  aRound,
  outboxStates,
  queue,
  seedIncident,
  seedSpace,
  START,
  write,
} from "./seed";

async function say(store: Store, id: string, said: Answer, responderId = "r-eve"): Promise<void> {
  await write(store, {
    kind: "answer.recorded",
    id,
    incidentId: "incident-1",
    responderId,
    said,
  });
}

async function progressOf(store: Store): Promise<ProgressState["progress"]> {
  const decided = await store.withProgress({ kind: "reading" }, { spaceId: SPACE }, (state) => ({
    changes: [],
    result: state.progress,
  }));
  return decided.isDone ? decided.result : [];
}

eachDatabase("answers", (database) => {
  async function seeded(): Promise<Store> {
    const store = await database.open();
    await seedSpace(store, [anExternal(), anExternal({ id: "r-fay", mobile: "+14085550199" })]);
    await seedIncident(store);
    return store;
  }

  it("are kept, and the last one of each counts", async () => {
    const store = await seeded();
    await say(store, "a-1", { answer: "coming", via: "sms", at: START });
    await say(store, "a-2", { answer: "declined", via: "moderator", at: START, by: ana });
    const progress = await progressOf(store);
    expect(progress.map(({ responder, group }) => [responder.id, group])).toEqual([
      ["r-eve", "declined"],
      ["r-fay", "not-reached"],
    ]);
    expect(progress[0]?.answer).toEqual({
      answer: "declined",
      via: "moderator",
      at: START,
      by: ana,
    });
    expect(progress[0]?.isReached).toBe(true);
    expect(await store.db.write("answers").select("id")).toHaveLength(2);
  });

  it("cancel what Muster sends by itself, and nothing that a moderator asked for", async () => {
    const store = await seeded();
    await write(
      store,
      { kind: "round.opened", round: aRound({ id: "by-hand", kind: "reminder" }) },
      {
        kind: "round.opened",
        round: aRound({ id: "by-itself", kind: "reminder", trigger: "timer" }),
      },
      { kind: "round.opened", round: aRound({ id: "news", kind: "update", trigger: "timer" }) },
    );
    await queue(
      store,
      aNotification({ id: "n-invite" }),
      aNotification({ id: "n-fay", responderId: "r-fay" }),
      aNotification({ id: "n-by-hand", roundId: "by-hand", kind: "reminder" }),
      aNotification({ id: "n-by-itself", roundId: "by-itself", kind: "reminder" }),
      aNotification({ id: "n-news", roundId: "news", kind: "update" }),
    );
    await write(store, {
      kind: "notifications.cancelled",
      filter: {
        incidentId: "incident-1",
        responderId: "r-eve",
        isAutomatic: true,
        reason: "answered",
      },
    });
    expect(await outboxStates(store)).toEqual({
      "n-by-hand": "queued",
      "n-by-itself": "cancelled",
      "n-fay": "queued",
      "n-invite": "cancelled",
      "n-news": "queued",
    });
  });
});
