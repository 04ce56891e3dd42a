import type { Knex } from "knex";
import { editExternal } from "../../src/incident/edit-external";
import { recordAnswer } from "../../src/incident/answer";
import type { Store } from "../../src/store/store";
import { ana, anExternal, SPACE } from "../support/builders";
import { onlyOn } from "../support/databases";
import {
  aNotification,
  letLeasesExpire,
  MINUTE,
  outboxStates,
  queue,
  seedRunning,
  somebodyWaits,
  START,
  write,
} from "./seed";

const EVE = anExternal();
const FAY = anExternal({ id: "r-fay", name: "Fay Holt", mobile: "+14085550199" });
const NUMBER = EVE.mobile ?? "";

/** Eve was called in an incident that runs, and is texted once more; her number is known. */
async function seeded(store: Store): Promise<void> {
  await seedRunning(
    store,
    [EVE, FAY],
    aNotification(),
    aNotification({ id: "n-fay", responderId: "r-fay", position: 1 }),
  );
  await write(store, { kind: "number.hinted", number: NUMBER, at: START });
}

/** Eve, or both of them, text Y. */
function answer(store: Store, responderIds: readonly string[] = ["r-eve"]): Promise<unknown> {
  const about = { spaceId: SPACE, number: NUMBER };
  const input = { incidentId: "incident-1", responderIds, answer: "coming", via: "sms" } as const;
  return store.withProgress({ kind: "reading" }, about, (state, at) => {
    const { changes, result } = recordAnswer(state, { ...input, textedAt: START }, at);
    const heard = { kind: "number.heard", number: NUMBER, isAnswered: true, at: at.now } as const;
    return { changes: [...changes, heard], result };
  });
}

const numbers = (tx: Knex) => tx("numbers").select("hash");
const eveIn = (tx: Knex) => tx("outbox").where({ id: "n-1" }).select("id");
const fayIn = (tx: Knex) => tx("outbox").where({ id: "n-fay" }).select("id");
const round = (tx: Knex) => tx("rounds").where({ id: "round-1" }).select("id");
const space = (tx: Knex) => tx("spaces").where({ id: SPACE }).select("id");

/**
 * Somebody else locks `first`, `work` comes to wait for it, and somebody else locks `next`: had
 * `work` locked that before it waited, the two would wait for each other for ever.
 */
async function meets(
  store: Store,
  first: (tx: Knex) => Knex.QueryBuilder,
  work: () => Promise<unknown>,
  next: (tx: Knex) => Knex.QueryBuilder,
): Promise<void> {
  const other = await store.db.write.transaction();
  await first(other).forUpdate();
  const working = work();
  await somebodyWaits(store);
  const isFree = await next(other)
    .forUpdate()
    .noWait()
    .then(
      () => true,
      () => false,
    );
  await other.rollback();
  await working;
  expect(isFree).toBe(true);
}

onlyOn("postgres", "an answer by SMS that meets the claim of a text to the same person", (on) => {
  it("waits for the text before it locks the number", async () => {
    const store = await on.open();
    await seeded(store);
    await meets(store, eveIn, () => answer(store), numbers);
    expect(await outboxStates(store)).toMatchObject({ "n-1": "cancelled" });
  });

  it("waits for the number before it marks the round", async () => {
    const store = await on.open();
    await seeded(store);
    await meets(store, numbers, () => answer(store), round);
  });

  it("waits for the texts to all who share the phone before it marks their round", async () => {
    const store = await on.open();
    await seeded(store);
    await meets(store, fayIn, () => answer(store, ["r-eve", "r-fay"]), round);
  });

  it("is made without one of them being ended", async () => {
    const store = await on.open({ limits: { textsPerHour: 100, callsPerHour: 100 } });
    await seeded(store);
    const refused: string[] = [];
    store.db.write.on("query-error", ({ code }: { code: string }) => void refused.push(code));
    for (let index = 0; index < 20; index += 1) {
      await write(store, {
        kind: "round.opened",
        round: {
          ...{ id: `round-again-${index}`, incidentId: "incident-1", kind: "invite" },
          ...{ trigger: "command", openedBy: ana, at: START },
        },
      });
      await queue(store, aNotification({ id: `a-${index}`, roundId: `round-again-${index}` }));
      await Promise.all([answer(store), store.outbox.claim("sms", 10)]);
      await store.db.write("answers").delete();
    }
    expect(refused).toEqual([]);
  });
});

onlyOn("postgres", "what else meets a claim", (database) => {
  const { open } = database;

  it("such as one that frees what a dead process held, waits for all of it before the round", async () => {
    const store = await open();
    await seeded(store);
    await store.outbox.claim("sms", 10);
    await store.db.write("outbox").where({ id: "n-1" }).update({ cancel_requested: 1 });
    await letLeasesExpire(store, database);
    await meets(store, fayIn, () => store.outbox.claim("sms", 10), round);
    expect(await outboxStates(store)).toEqual({ "n-1": "expired", "n-fay": "sending" });
  });

  it("such as an edit that takes a number away, waits for the text before its numbers", async () => {
    const store = await open();
    await seeded(store);
    const voice = "+14085550177";
    const external = { name: EVE.name, voice };
    await write(store, { kind: "number.hinted", number: voice, at: START });
    const about = { responderIds: ["r-eve"], numbers: [voice] };
    const input = { responderId: "r-eve", version: EVE.version, external, by: ana };
    const edit = () =>
      store.forExternals({ kind: "reading" }, about, (state, at) => editExternal(state, input, at));
    await meets(store, eveIn, edit, numbers);
    expect(await outboxStates(store)).toMatchObject({ "n-1": "cancelled" });
  });

  it("such as the end of a round, waits for the space before it takes the round's mark", async () => {
    const store = await open();
    await seeded(store);
    const [due] = await store.queries.dueRounds(START + MINUTE);
    if (!due) throw new Error("No round is due.");
    const look = () =>
      store.withProgress(
        { kind: "due", table: "rounds", id: due.id, dueAt: due.dueAt },
        { spaceId: SPACE },
        () => ({ changes: [], result: undefined }),
      );
    await meets(store, space, look, round);
  });
});
