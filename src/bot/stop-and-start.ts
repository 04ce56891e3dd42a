import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import type { NumberState } from "../incident/space-state";
import type { InboundText } from "../notify/inbound-text";

// In what order they were sent, the provider's clock tells; see `NumberState.optedInAt`.

/** A STOP; one that comes late says nothing against a START that was sent after it. */
export function stopped(
  { at: saidAt, from }: InboundText,
  { optedInAt, optedOutAt = 0, optOut }: NumberState,
  { now }: Moment,
): Change[] {
  if (optedInAt !== undefined && saidAt < optedInAt) return [];
  // Against a provider's clock that is ahead no START would help for as long.
  const since = Math.min(saidAt, now);
  const at = optOut === "stop" ? Math.max(since, optedOutAt) : since;
  return [{ kind: "number.opted-out", number: from, source: "stop", at }];
}

/**
 * A START; one that comes late says nothing against a STOP that was sent after it. Where nothing
 * was ended it is remembered: the STOP before it may come after it.
 */
export function started(
  { at: saidAt, from }: InboundText,
  { optedInAt = saidAt, optedOutAt = 0, optOut }: NumberState,
  { now }: Moment,
): Change[] {
  if (optOut === "stop" && saidAt < optedOutAt) return [];
  const newest = Math.max(saidAt, optedInAt);
  return [{ kind: "number.opted-in", number: from, source: "stop", at: now, saidAt: newest }];
}
