import { KeypadCalls } from "../bot/keypad-calls";
import type { Config, ConnectConfig } from "../config";
import { createKeypadText, type KeypadText } from "../notify/keypad-texts";
import type { Messages } from "../notify/texts";
import type { Wiring } from "./wiring";

/** What calls say that take keys. */
export function keypadTextOf(
  { locale }: Config,
  { senderName }: ConnectConfig,
  messages: Readonly<Record<string, Messages>>,
): KeypadText {
  return createKeypadText({ messages, senderName, defaultLanguage: locale.language });
}

/**
 * What answers the questions of calls; also where none is started that takes keys, since some may
 * be under way from before the change.
 */
export function createKeypadCalls(wiring: Wiring, connect: ConnectConfig): KeypadCalls {
  const { config, messages, parts, store } = wiring;
  return new KeypadCalls({
    texts: keypadTextOf(config, connect, messages),
    findCall: (event) => store.findCall(event),
    decide: (trigger, rule) => store.forCall(trigger, rule),
    findLastAction: (sessionId) => store.findLastAction(sessionId),
    keepReceipt: (receipt, key) =>
      store.inbox.add({ kind: "receipt", key, occurredAt: receipt.at, body: receipt }),
    log: parts.log,
  });
}
