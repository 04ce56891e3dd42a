import type { AcceptedSend } from "./accepted-send";
import type { Connect } from "./connect";
import type { PhoneCall } from "./live-call";

type Body = Record<string, unknown>;

export function messageBody(send: AcceptedSend): Body {
  const { id, correlationId } = send;
  return { acceptedTime: iso(send.at), messageId: id, correlationId };
}

export function sessionBody(send: AcceptedSend): Body {
  return { sessionId: send.id, status: "QUEUED" };
}

export function smsStatusBody(send: AcceptedSend): Body | undefined {
  if (send.kind !== "sms") return undefined;
  const { from, to, text, status, errorCode } = send;
  return {
    ...messageBody(send),
    from,
    to,
    content: text,
    contentType: "TEXT",
    status,
    statusTime: iso(send.statusAt),
    ...(errorCode === undefined ? {} : { error: { code: errorCode, message: "Not delivered" } }),
  };
}

export function voiceStatusBody(connect: Connect): (send: AcceptedSend) => Body | undefined {
  return (send) => {
    const call = connect.phones.at(send.to).calls.find(({ id }) => id === send.id);
    return call === undefined ? undefined : callBody(send, call);
  };
}

function callBody(send: AcceptedSend, call: Readonly<PhoneCall>): Body {
  const { answeredAt, endedAt } = call;
  const seconds = answeredAt === undefined ? 0 : ((endedAt ?? answeredAt) - answeredAt) / 1000;
  return {
    sessionId: send.id,
    callerId: send.from,
    dialedNumber: send.to,
    status: callStatus(call),
    correlationId: send.correlationId,
    durationSeconds: Math.round(seconds),
    offeredTime: iso(send.at),
    ...(answeredAt === undefined ? {} : { answeredTime: iso(answeredAt) }),
  };
}

function callStatus(call: Readonly<PhoneCall>): "QUEUED" | "COMPLETED" | "FAILED" {
  if (call.state !== "ended") return "QUEUED";
  return call.answeredAt === undefined ? "FAILED" : "COMPLETED";
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
