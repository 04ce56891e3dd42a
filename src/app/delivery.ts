import { announceGivenUp, announceRoundClosed } from "../bot/announce";
import { tellMeetingGoesOn } from "../bot/announce-meeting";
import { announceLobby, tellAdmitted } from "../bot/lobby";
import { decideMembership } from "../bot/membership-results";
import { refreshStatus } from "../bot/status-post";
import { createAttendanceTimer } from "../incident/attendance-timer";
import { createReminderTimer } from "../incident/reminder-timer";
import { createRoundTimer } from "../incident/round-timer";
import { createStatusTimer } from "../incident/status-timer";
import { Dispatcher } from "../notify/dispatcher";
import type { LaneRunner } from "../notify/lane-runner";
import { createMissingReceipts } from "../notify/missing-receipts";
import { createTalk } from "../webex/talk";
import { attendeesLister, lobbyAdmitter, meetingEnder } from "./meetings";
import { createSenders, createSendStatus, createTextSender } from "./senders";
import { TIMER_SLOTS, timerRunner } from "./timer-runner";
import { announcerOf, type Wiring } from "./wiring";

const TALK_SLOTS = 40;

/** What empties the outbox. */
export function createDispatcher(wiring: Wiring): Dispatcher {
  const { client, config, connection, identity, parts, store } = wiring;
  const { notify } = config;
  return new Dispatcher({
    clock: parts.clock,
    random: parts.random,
    outbox: store.outbox,
    senders: createSenders(wiring),
    talk: {
      ...createTalk(client, connection, () => identity() !== undefined),
      endMeeting: meetingEnder(wiring),
      admitWaiting: lobbyAdmitter(wiring),
      sendText: createTextSender(wiring),
    },
    slots: {
      talk: TALK_SLOTS,
      webex: notify.webex.concurrency,
      sms: notify.sms.concurrency,
      voice: notify.voice.concurrency,
    },
    onMembership: (row, result, record) =>
      decideMembership(store, announcerOf(wiring), row, result, record),
    onMeetingGoesOn: (row, result, record) => tellMeetingGoesOn(store, row, result, record),
    onLobby: (row, result, record) => tellAdmitted(store, row, result, record),
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

/**
 * With the one writing connection of SQLite several at once are no faster; together they would only
 * stand in the way of what comes in meanwhile.
 */
function decisionSlots({ store }: Wiring): number {
  return store.db.dialect === "sqlite" ? 1 : TIMER_SLOTS;
}

/** What closes rounds. */
export function createRounds(wiring: Wiring): LaneRunner {
  const { queries } = wiring.store;
  const timer = createRoundTimer({
    decisions: wiring.store,
    settings: () => announcerOf(wiring).settings,
    dueRounds: (now) => queries.dueRounds(now),
    nextRoundDueAt: () => queries.nextRoundDueAt(),
    announce: (state, result, at) => announceRoundClosed(state, result, announcerOf(wiring), at),
  });
  return timerRunner(wiring, timer, {
    idOf: (round) => round.id,
    postpone: (round, dueAt) => queries.postponeRound(round.id, dueAt),
    slots: decisionSlots(wiring),
  });
}

/** What reminds who has not answered. */
export function createReminders(wiring: Wiring): LaneRunner {
  const { queries } = wiring.store;
  const timer = createReminderTimer({
    decisions: wiring.store,
    settings: () => announcerOf(wiring).settings,
    dueReminders: (now) => queries.dueReminders(now),
    nextReminderDueAt: () => queries.nextReminderDueAt(),
    announce: (state, result, at) => announceGivenUp(state, result, announcerOf(wiring), at),
  });
  return timerRunner(wiring, timer, {
    idOf: (reminder) => reminder.id,
    postpone: (reminder, dueAt) => queries.postponeReminder(reminder.id, dueAt),
    slots: decisionSlots(wiring),
  });
}

/** What reads who is in the meetings that the bot opened. */
export function createAttendance(wiring: Wiring): LaneRunner {
  const { parts, store } = wiring;
  const { clock, log, metrics } = parts;
  const timer = createAttendanceTimer({
    clock,
    decisions: store,
    store: store.attendances,
    listAttendees: attendeesLister(wiring),
    announce: announceLobby,
    report: (outcome) => metrics.attendanceReadings.inc({ outcome }),
    log,
  });
  return timerRunner(wiring, timer, {
    idOf: (reading) => reading.id,
    postpone: (reading, dueAt) => store.attendances.postpone(reading.id, dueAt),
  });
}

/** What asks the provider about texts and calls of which nothing is heard. */
export function createReceiptQuestions(wiring: Wiring): LaneRunner {
  const { clock, log } = wiring.parts;
  const { silentSends } = wiring.store;
  const timer = createMissingReceipts({
    dueAsks: (now) => silentSends.due(now),
    nextAskAt: () => silentSends.nextAt(clock.now()),
    take: (send) => silentSends.take(send),
    ask: createSendStatus(wiring),
    note: (send, receipts) => silentSends.note(send, receipts),
    log,
  });
  return timerRunner(wiring, timer, {
    idOf: (send) => send.id,
    // Whatever went wrong, it is not asked again.
    postpone: async (send) => {
      await silentSends.take(send);
    },
  });
}

/** What keeps status cards up to date. */
export function createStatusCards(wiring: Wiring): LaneRunner {
  const { queries } = wiring.store;
  const { statusCardMs } = wiring.config.incident;
  const timer = createStatusTimer({
    decisions: wiring.store,
    dueStatusCards: (now) => queries.dueStatusCards(now),
    nextStatusCardDueAt: () => queries.nextStatusCardDueAt(),
    refresh: (state, at) => refreshStatus(state, { ...announcerOf(wiring), statusCardMs }, at),
  });
  return timerRunner(wiring, timer, {
    idOf: (card) => card.spaceId,
    postpone: (card, dueAt) => queries.postponeStatusCard(card.spaceId, dueAt),
    slots: decisionSlots(wiring),
  });
}
