import { RemoteError, type RemoteFailure } from "../../src/errors";
import type { ClaimedRow, Effect } from "../../src/notify/outbox-row";
import type { SendContext } from "../../src/notify/send-context";
import { ana, NOW, SPACE } from "./builders";

const MINUTE = 60_000;

type EffectOf<Kind extends Effect["kind"]> = Extract<Effect, { kind: Kind }>;

type Parts = {
  [Part in keyof SendContext]?: SendContext[Part] extends object | undefined
    ? Partial<SendContext[Part]>
    : SendContext[Part];
};

/** A claimed notification: the invite of Eve by SMS, first attempt. Say only what matters. */
export function aSend({ row, incident, space, responder, ...others }: Parts = {}): SendContext {
  return {
    row: {
      ...aRow("n-1"),
      lane: row?.channel ?? "sms",
      kind: "invite",
      channel: "sms",
      roundId: "round-1",
      ...row,
    },
    incident: {
      id: "incident-1",
      number: 42,
      name: "payments down",
      isDrill: false,
      isRunning: true,
      ...incident,
    },
    space: { id: SPACE, title: "Payments", isGone: false, ...space },
    responder: {
      id: "r-eve",
      kind: "external",
      name: "Eve Dahl",
      mobile: "+14085550101",
      voice: "+14085550102",
      ...responder,
    },
    openedBy: ana,
    ...(others.text === undefined ? {} : { text: others.text }),
    channelsOn: { webex: true, sms: true, voice: true, ...others.channelsOn },
  };
}

/** A direct message to Bo. */
export function aDirectSend(row: Partial<SendContext["row"]> = {}): SendContext {
  return aSend({
    row: { channel: "webex", cardId: "card-1", ...row },
    responder: { id: "r-bo", kind: "internal", personId: "bo", email: "bo@corp.example" },
  });
}

function aRow(id: string) {
  return {
    id,
    leaseToken: `lease of ${id}`,
    attempts: 1,
    keyNumber: 1,
    maybeSent: false,
    dueAt: NOW,
    expiresAt: NOW + 30 * MINUTE,
    spaceId: SPACE,
  };
}

/** A claimed effect. */
export function anEffectRow(
  effect: Effect,
  overrides: Partial<ClaimedRow> = {},
): ClaimedRow & { effect: Effect } {
  return { ...aRow("e-1"), lane: "talk", kind: effect.kind, ...overrides, effect };
}

/** The end of the meeting that was opened in Ana's name, which she asked for. */
export function aMeetingEnd(overrides: Partial<EffectOf<"meeting-end">> = {}): Effect {
  return {
    kind: "meeting-end",
    spaceId: SPACE,
    meetingId: "meeting-1",
    grantId: "grant-1",
    hostName: ana.name,
    asker: ana,
    ...overrides,
  };
}

/** Ana lets in who waits in the lobby of her meeting. */
export function aLobbyAdmit(overrides: Partial<EffectOf<"lobby-admit">> = {}): Effect {
  return {
    kind: "lobby-admit",
    spaceId: SPACE,
    meetingId: "meeting-1",
    hostPersonId: ana.personId,
    hostName: ana.name,
    asker: ana,
    ...overrides,
  };
}

/** A provider that answered with this status, or did not answer. */
export function aFailure(overrides: Partial<RemoteFailure> = {}): RemoteError {
  const { status } = overrides;
  const isThrottled = status === 429;
  return new RemoteError("a call failed", {
    service: "webex",
    retryable: status === undefined || isThrottled || status >= 500,
    unclear: status === undefined || status === 502 || status === 504,
    ...overrides,
  });
}
