import { announceRoundClosed } from "../bot/announce";
import { decideMembership } from "../bot/membership-results";
import { createRoundTimer, type DueRound } from "../incident/round-timer";
import { Dispatcher } from "../notify/dispatcher";
import { LaneRunner } from "../notify/lane-runner";
import { createTalk } from "../webex/talk";
import { createSenders } from "./senders";
import { announcerOf, type Wiring } from "./wiring";

const TALK_SLOTS = 40;
const ROUND_SLOTS = 4;
const AFTER_ERROR_MS = 60_000;

/** What empties the outbox. */
export function createDispatcher(wiring: Wiring): Dispatcher {
  const { client, config, connection, identity, parts, store } = wiring;
  const { notify } = config;
  return new Dispatcher({
    clock: parts.clock,
    random: parts.random,
    outbox: store.outbox,
    senders: createSenders(wiring),
    talk: createTalk(client, connection, () => identity() !== undefined),
    slots: {
      talk: TALK_SLOTS,
      webex: notify.webex.concurrency,
      sms: notify.sms.concurrency,
      voice: notify.voice.concurrency,
    },
    onMembership: (row, result, record) =>
      decideMembership(store, announcerOf(wiring), row, result, record),
    report: reportTo(wiring),
  });
}

function reportTo({ parts: { log, metrics } }: Wiring) {
  return {
    finished: (lane: string, state: string) => metrics.notifications.inc({ channel: lane, state }),
    strangeDuplicate: (id: string) =>
      log.error({ notification: id }, "Webex Connect called a new message a duplicate"),
    lostLease: (lane: string, id: string, state: string) => {
      metrics.impossibleMoves.inc({ from: "no lease", to: state });
      log.warn({ lane, id }, "a lease ran out during a send");
    },
    failed: (lane: string, err: unknown) =>
      log.error({ lane, err }, "the dispatcher ran into a bug"),
  };
}

/** What closes rounds. One that cannot be closed is tried again later, and keeps no other waiting. */
export function createRounds(wiring: Wiring): LaneRunner {
  const { parts, store } = wiring;
  const { clock, log } = parts;
  const timer = createRoundTimer({
    decisions: store,
    dueRounds: (now) => store.queries.dueRounds(now),
    nextRoundDueAt: () => store.queries.nextRoundDueAt(),
    announce: (state, result, at) => announceRoundClosed(state, result, announcerOf(wiring), at),
  });
  const underWay = new Set<string>();
  const close = async (round: DueRound): Promise<void> => {
    underWay.add(round.id);
    try {
      await timer.run(round);
    } catch (err) {
      log.error({ err, round: round.id }, "a round could not be closed");
      await store.queries.postponeRound(round.id, clock.now() + AFTER_ERROR_MS);
    } finally {
      underWay.delete(round.id);
    }
  };
  return new LaneRunner(timer.name, ROUND_SLOTS, clock, {
    claim: async (limit) => {
      const due = await timer.due(clock.now());
      return due
        .filter((round) => !underWay.has(round.id))
        .slice(0, limit)
        .map(close);
    },
    nextLook: async () => {
      const dueAt = await timer.next();
      return dueAt === undefined || dueAt <= clock.now() ? {} : { dueAt };
    },
    onError: (err) => log.error({ err }, "rounds could not be looked at"),
  });
}
