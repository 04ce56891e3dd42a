import type { RemoteFailure } from "../errors";
import type { Channel } from "./notification";
import { wordsForCode } from "./receipt";
import type { SendContext } from "./send-context";

/** What a channel needs to try one notification once. */
export interface Sender {
  /** Resolves with the provider's id; throws a `RemoteError`. */
  send(context: SendContext, to: string): Promise<Sent>;
  /** Did an earlier attempt whose answer was lost arrive? `undefined` where one cannot look. */
  find?(context: SendContext, to: string): Promise<string | undefined>;
  /** Does the provider say that it has this message already? */
  isDuplicate?(failure: RemoteFailure): boolean;
}

export interface Sent {
  providerId: string;
  /** As it went out, for the record. */
  text: string;
}

export type Senders = Readonly<Record<Channel, Sender | undefined>>;

/** In words for a moderator: why a provider will not take a notification. */
export function reasonOf(failure: RemoteFailure): string {
  if (failure.status === 401) return "the provider does not accept my credentials";
  if (failure.status === 403) return "the provider refuses it";
  if (failure.status === 404) return "unknown to the provider";
  if (failure.status === 429) return "the provider is too busy";
  if (failure.status === undefined) return "the provider could not be reached";
  if (failure.status >= 500) return "the provider has a fault";
  const words = failure.service === "connect" ? wordsForCode(failure.code) : undefined;
  if (words !== undefined) return words;
  return failure.code === undefined
    ? "the provider refused it"
    : `the provider refused it (code ${failure.code})`;
}
