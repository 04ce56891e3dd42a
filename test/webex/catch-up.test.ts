import type { IncomingMessage } from "../../src/bot/incoming";
import { RemoteError } from "../../src/errors";
import { CatchUp, type Unheard } from "../../src/webex/catch-up";
import type { WebhookEnvelope } from "../../src/webex/envelope";
import { ManualClock } from "../support/manual-clock";

const DAY_MS = 24 * 60 * 60_000;
const quiet = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() };
const log = { ...quiet, child: () => log };

function aMessage(overrides: Partial<IncomingMessage>): IncomingMessage {
  return {
    kind: "message",
    id: "m1",
    spaceId: "s1",
    spaceKind: "group",
    personId: "ana",
    personEmail: "ana@example.com",
    text: "start incident payments down",
    at: 0,
    ...overrides,
  };
}

function unreachable(): RemoteError {
  return new RemoteError("no", {
    service: "webex",
    status: 429,
    retryable: true,
    unclear: false,
  });
}

function aCatchUp(places: () => Unheard[], answer: (id: string) => IncomingMessage[]) {
  const asked: { id: string; since: number }[] = [];
  const kept: WebhookEnvelope[] = [];
  const clock = new ManualClock();
  const ask = (id: string, since: number): Promise<IncomingMessage[]> => {
    asked.push({ id, since });
    return Promise.resolve().then(() => answer(id));
  };
  const catchUp = new CatchUp({
    client: { listMentions: ask, listDirect: ask },
    botId: () => "the-bot",
    whereToLook: () => Promise.resolve(places()),
    keep: (envelope) => Promise.resolve(kept.push(envelope)),
    clock,
    log,
  });
  return { asked, catchUp, clock, kept };
}

test("what was heard after the note does not hide what nobody heard before it", async () => {
  let since = 1_000;
  const now = new ManualClock().now();
  const { asked, catchUp } = aCatchUp(
    () => [{ id: "s1", kind: "group", since: now - since }],
    () => [],
  );
  await catchUp.note();
  since = 0;
  await catchUp.run();
  expect(asked).toEqual([{ id: "s1", since: now - 1_000 }]);
});

test("what could not be read stays on the list and is read with the next run", async () => {
  let isBusy = true;
  const { asked, catchUp, kept } = aCatchUp(
    () => [
      { id: "s1", kind: "group", since: 1 },
      { id: "ben", kind: "person", since: 1 },
    ],
    (id) => {
      if (id === "s1" && isBusy) throw unreachable();
      return id === "s1" ? [aMessage({})] : [];
    },
  );
  await catchUp.note();
  await catchUp.run();
  expect(kept).toEqual([]);
  isBusy = false;
  await catchUp.run();
  await catchUp.run();
  expect(asked.map(({ id }) => id)).toEqual(["s1", "ben", "s1"]);
  expect(kept.map(({ data }) => data.id)).toEqual(["m1"]);
});

test("since the bot was last known to hear is looked at, not only since the last event", async () => {
  const { asked, catchUp, clock } = aCatchUp(
    () => [{ id: "s1", kind: "group", since: clock.now() - 10 }],
    () => [],
  );
  await catchUp.note(clock.now() - 60_000);
  await catchUp.run();
  expect(asked).toEqual([{ id: "s1", since: clock.now() - 60_000 }]);
});

test("nothing is looked for that is older than what is remembered of handled messages", async () => {
  const { asked, catchUp, clock } = aCatchUp(
    () => [{ id: "s1", kind: "group", since: clock.now() - 30 * DAY_MS }],
    () => [],
  );
  await catchUp.note();
  await catchUp.run();
  expect(asked).toEqual([{ id: "s1", since: clock.now() - 6 * DAY_MS }]);
});
