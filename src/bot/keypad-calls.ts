import type { Decide } from "../decision";
import type { CallAction, CallEvent, CallState } from "../incident/call";
import type { Change } from "../incident/change";
import { answerCall, hasKey, mayAnswer } from "../incident/keypad";
import type { CallTrigger, Decided } from "../incident/ports";
import type { Logger } from "../log";
import type { KeypadText } from "../notify/keypad-texts";
import type { Receipt } from "../notify/receipt";

export interface KeypadCallsOptions {
  texts: KeypadText;
  /** The notification that the call brings. */
  findCall(event: CallEvent): Promise<{ notificationId: string; spaceId: string } | undefined>;
  decide(
    trigger: CallTrigger,
    rule: Decide<CallState, Change, CallAction>,
  ): Promise<Decided<CallAction>>;
  /** What the call was last told to do. */
  findLastAction(sessionId: string): Promise<CallAction | undefined>;
  /** Keeps what the event says about the call's delivery; once for each key. */
  keepReceipt(receipt: Receipt, key: string): Promise<unknown>;
  log: Pick<Logger, "error" | "info">;
  /** Somebody at the phone hears nothing meanwhile; two seconds less the way to the provider. */
  patienceMs?: number;
}

/**
 * stored: decided now. duplicate: its answer was known. dropped: a call that is not ours. failed:
 * it was hung up because of an error.
 */
export interface CallAnswered {
  outcome: "stored" | "duplicate" | "dropped" | "failed";
  action: CallAction;
}

const PATIENCE_MS = 1_800;
const HANG_UP: CallAction = { kind: "hang-up" };
const NONE: CallAction = { kind: "none" };

/** Answers what happens in calls that take keys, inside the provider's request. */
export class KeypadCalls {
  constructor(private readonly options: KeypadCallsOptions) {}

  /**
   * Resolves with what the call does next, in time; after an error it is hung up. Throws only about
   * a call that has ended, for which nobody waits: its event may come again.
   */
  async take(event: CallEvent, eventHash: string): Promise<CallAnswered> {
    if (event.step === "dropped") return this.decide(event, eventHash);
    try {
      return await this.decideInTime(event, eventHash);
    } catch (err) {
      this.options.log.error({ err, step: event.step }, "a call was hung up because of an error");
      return { outcome: "failed", action: HANG_UP };
    }
  }

  private async decideInTime(event: CallEvent, eventHash: string): Promise<CallAnswered> {
    const { log, patienceMs = PATIENCE_MS } = this.options;
    const tooLate = new AbortController();
    const work = this.decide(event, eventHash);
    work.catch((err: unknown) => {
      if (tooLate.signal.aborted) log.error({ err }, "an event of a call could not be decided");
    });
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        tooLate.abort();
        reject(new Error(`It took longer than ${patienceMs} ms.`));
      }, patienceMs);
    });
    return Promise.race([work, patience]).finally(() => clearTimeout(timer));
  }

  private async decide(event: CallEvent, eventHash: string): Promise<CallAnswered> {
    const { log, texts } = this.options;
    const receipt = receiptOf(event);
    const [found] = await Promise.all([
      this.options.findCall(event),
      receipt && this.options.keepReceipt(receipt, `receipt:${eventHash}`),
    ]);
    if (!found) {
      log.info({ step: event.step }, "a call belongs to nothing here");
      return { outcome: "dropped", action: event.step === "dropped" ? NONE : HANG_UP };
    }
    const { sessionId } = event;
    const { notificationId, spaceId } = found;
    const trigger: CallTrigger = {
      kind: "call",
      sessionId,
      notificationId,
      eventHash,
      ...(mayAnswer(event) ? { spaceId } : {}),
    };
    const decided = await this.options.decide(trigger, answerCall(event, eventHash, texts));
    if (decided.isDone) return { outcome: "stored", action: decided.result };
    const action = await this.options.findLastAction(sessionId);
    return { outcome: "duplicate", action: action ?? HANG_UP };
  }
}

/** What an event of a call says about its delivery, as any other receipt would. */
export function receiptOf(event: CallEvent): Receipt | undefined {
  const { at, code, notificationId, sessionId } = event;
  const kind = receiptKindOf(event);
  if (!kind) return undefined;
  return {
    kind,
    channel: "voice",
    providerId: sessionId,
    at,
    ...(notificationId === undefined ? {} : { notificationId }),
    ...(code === undefined ? {} : { code }),
  };
}

function receiptKindOf(event: CallEvent): Receipt["kind"] | undefined {
  const { isFailure, step } = event;
  if (hasKey(event)) return "keyed";
  if (step === "voicemail") return isFailure ? undefined : "voicemail";
  if (step === "answered") return isFailure ? "failed" : "answered";
  if (step === "dropped") return isFailure ? "failed" : "ended";
  return undefined;
}
