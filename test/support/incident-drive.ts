import type { RemoteError } from "../../src/errors";
import { PhoneEvents } from "../../src/bot/phone-events";
import { createExternal } from "../../src/incident/create-external";
import { recordAnswer, type AnswerWord } from "../../src/incident/answer";
import type { CloseResult } from "../../src/incident/close-round";
import type { About } from "../../src/incident/ports";
import { remind } from "../../src/incident/remind";
import { removeResponders } from "../../src/incident/remove-responder";
import { createReminderTimer } from "../../src/incident/reminder-timer";
import type { RenotifyResult } from "../../src/incident/renotify";
import { createRoundTimer } from "../../src/incident/round-timer";
import type { IncidentSettings } from "../../src/incident/settings";
import type { ProgressState } from "../../src/incident/space-state";
import { startIncident } from "../../src/incident/start-incident";
import { stopIncident } from "../../src/incident/stop-incident";
import type { Decide } from "../../src/decision";
import type { Change } from "../../src/incident/change";
import type { Receipt } from "../../src/notify/receipt";
import type { Lane } from "../../src/notify/outbox-row";
import { attempt } from "../../src/notify/send-notification";
import type { SendContext } from "../../src/notify/send-context";
import type { Store } from "../../src/store/store";
import { ana } from "./builders";
import type { StoreClock } from "./databases";
import { aFailure } from "./outbox-builders";

/** What a provider does with a send; crash: the process dies before it can record anything. */
export type Answered =
  "accepts" | "refuses" | "knows-no-number" | "is-busy" | "is-silent" | "crash";

const NOW_READ = { kind: "reading" } as const;
const PHONES: readonly Lane[] = ["sms", "voice"];

/** One incident in one space, on a real store, with timers that run when they are told to. */
export class IncidentDrive {
  readonly claimed: SendContext[] = [];
  readonly closed: CloseResult[] = [];
  /** What came of each look at who has not answered. */
  readonly reminded: RenotifyResult["kind"][] = [];
  incidentId = "";
  private receipts = 0;

  constructor(
    public store: Store,
    readonly clock: StoreClock,
    readonly settings: IncidentSettings,
    readonly spaceId: string,
  ) {}

  async start(): Promise<void> {
    const decided = await this.store.forStart(NOW_READ, this.about, (state, at) =>
      startIncident(
        // Nobody waits for a conference to be found.
        { ...state, bridge: { link: "https://meet.example/1" } },
        {
          name: "payments down",
          by: ana,
          trigger: "command",
          isConfirmed: true,
          isFreshlyRead: true,
          settings: this.settings,
        },
        at,
      ),
    );
    if (!decided.isDone || decided.result.kind !== "started") throw new Error("Not started.");
    this.incidentId = decided.result.incident.id;
  }

  /** Somebody new with these numbers, who is invited at once. */
  async add(name: string, numbers: { mobile?: string; voice?: string }): Promise<void> {
    const about = { ...this.about, numbers: Object.values(numbers) };
    await this.store.forExternal(NOW_READ, about, (state, at) =>
      createExternal(
        state,
        { external: { name, ...numbers }, addsHere: true, by: ana, settings: this.settings },
        at,
      ),
    );
  }

  answer(responderId: string, answer: AnswerWord): Promise<unknown> {
    const input = { incidentId: this.incidentId, responderIds: [responderId], answer };
    return this.decide((state, at) => recordAnswer(state, { ...input, via: "sms" }, at));
  }

  /** A moderator's word. */
  remindAll(): Promise<unknown> {
    return this.decide((state, at) => {
      const { roster: entries } = state;
      return remind(state, { entries, by: ana, trigger: "command", settings: this.settings }, at);
    });
  }

  /** Off the roster by a moderator's word; false for whom that takes more than a decision. */
  async remove(responderId: string): Promise<boolean> {
    const decided = await this.decide((state, at) => {
      const entries = state.roster.filter(
        ({ responder }) => responder.id === responderId && responder.kind === "external",
      );
      if (entries.length === 0) return { changes: [], result: false };
      const { changes, result } = removeResponders(state, entries, ana, at);
      return { changes, result: result.removed.length > 0 };
    });
    return decided.isDone && decided.result;
  }

  stop(removes: boolean): Promise<unknown> {
    const { incidentId, settings } = this;
    const input = { incidentId, removes, settings, by: ana, operatorIds: new Set<string>() };
    return this.decide((state, at) => stopIncident(state, input, at));
  }

  decide<R>(rule: Decide<ProgressState, Change, R>) {
    return this.store.withProgress(NOW_READ, this.about, rule);
  }

  async progress(): Promise<ProgressState> {
    const decided = await this.decide((state) => ({ changes: [], result: state }));
    if (!decided.isDone) throw new Error("Nothing was read.");
    return decided.result;
  }

  /** What the timers would do now: reminders that are due, and rounds that are over. */
  async runTimers(): Promise<void> {
    for (const timer of [this.reminderTimer(), this.roundTimer()])
      await timer.runDue(this.clock.now());
  }

  /** Claims in a lane and tries what was claimed; gives the claimed notifications. */
  async send(lane: Lane, answered: Answered, limit = 100): Promise<SendContext[]> {
    const notifications = await this.claim(lane, limit);
    if (answered !== "crash")
      for (const context of notifications) await this.tryOne(context, answered);
    return notifications;
  }

  async claim(lane: Lane, limit = 100): Promise<SendContext[]> {
    const { notifications } = await this.store.outbox.claim(lane, limit);
    this.claimed.push(...notifications);
    return notifications;
  }

  /** Tries what was claimed, and records what came of it; false when nobody heard it any more. */
  async tryOne(context: SendContext, answered: Answered): Promise<boolean> {
    const tools = { clock: this.clock, random: () => 0.5 };
    const send = () => answerTo(context, answered);
    // Only Webex can be asked whether a message is there; these never are.
    const find = () => Promise.resolve(undefined);
    const sender = context.row.lane === "webex" ? { send, find } : { send };
    const { record } = await attempt(context, sender, tools);
    return this.store.outbox.record(record);
  }

  async sendAll(answered: Answered = "accepts"): Promise<SendContext[]> {
    const sent: SendContext[] = [];
    for (const lane of ["webex", ...PHONES] as const)
      sent.push(...(await this.send(lane, answered)));
    return sent;
  }

  /** Posted by the provider and handled; gives the key by which the same bytes are known. */
  async receipt(receipt: Omit<Receipt, "at">, sameAs?: string): Promise<string> {
    const { clock, store } = this;
    this.receipts += 1;
    const key = sameAs ?? `receipt:${this.spaceId}:${this.receipts}`;
    const body = { ...receipt, at: clock.now() };
    await store.inbox.add({ kind: "receipt", key, occurredAt: clock.now(), body });
    await this.handleReceipts();
    return key;
  }

  /** All that are due; what belongs to nothing yet is looked at again later. */
  async handleReceipts(): Promise<void> {
    const { clock, store } = this;
    const events = new PhoneEvents({
      clock,
      takeReceipt: (event, receipt) => store.receipts.take({ ...event, receipt }),
      takeText: () => Promise.reject(new Error("Nobody texts.")),
      retry: (event, dueAt, why) => store.inbox.retry(event, dueAt, why),
      finish: (event) => store.inbox.finish(event),
      report: () => undefined,
      log: { info: () => undefined },
    });
    for (const event of await store.inbox.claim(100))
      if (event.kind === "receipt") await events.run(event);
  }

  private reminderTimer() {
    const { queries } = this.store;
    const timer = createReminderTimer({
      decisions: this.store,
      settings: () => this.settings,
      dueReminders: (now) => queries.dueReminders(now),
      nextReminderDueAt: () => queries.nextReminderDueAt(),
      announce: (_state, result) => {
        this.reminded.push(result.kind);
        return [];
      },
    });
    return runnable(timer);
  }

  private roundTimer() {
    const { queries } = this.store;
    const timer = createRoundTimer({
      decisions: this.store,
      settings: () => this.settings,
      dueRounds: (now) => queries.dueRounds(now),
      nextRoundDueAt: () => queries.nextRoundDueAt(),
      announce: (_state, result) => {
        this.closed.push(result);
        return [];
      },
    });
    return runnable(timer);
  }

  private get about(): About {
    return { spaceId: this.spaceId };
  }
}

function runnable<Due>(timer: {
  due: (now: number) => Promise<Due[]>;
  run: (due: Due) => Promise<void>;
}) {
  const runDue = async (now: number): Promise<void> => {
    for (const due of await timer.due(now)) await timer.run(due);
  };
  return { runDue };
}

function answerTo({ row }: SendContext, answered: Answered) {
  switch (answered) {
    case "accepts":
      return Promise.resolve({ providerId: `p-${row.id}`, text: "You are needed." });
    case "refuses":
      return Promise.reject(aFailure({ service: "connect", status: 400 }));
    case "knows-no-number":
      return Promise.reject(noNumber());
    case "is-busy":
      return Promise.reject(aFailure({ service: "connect", status: 429 }));
    default:
      return Promise.reject(aFailure({ service: "connect" }));
  }
}

function noNumber(): RemoteError {
  return aFailure({ service: "connect", status: 400, code: "7203" });
}
