import type { AcceptedSend } from "./accepted-send";
import type { Outcome } from "./outcomes";
import type { ConnectSettings } from "./settings";

/** The receipt in the configured format. `parts` is how many SMS parts were charged. */
export function receiptBody(
  settings: Readonly<ConnectSettings>,
  send: Readonly<AcceptedSend>,
  outcome: Outcome,
  at: number,
  parts = 1,
): Record<string, unknown> {
  return settings.callbackFormat === "flat"
    ? flatReceipt(settings, send, outcome, at)
    : nestedReceipt(send, outcome, at, parts);
}

function flatReceipt(
  settings: Readonly<ConnectSettings>,
  send: Readonly<AcceptedSend>,
  outcome: Outcome,
  at: number,
): Record<string, unknown> {
  const idField = send.kind === "sms" ? "messageId" : settings.voiceIdForm;
  const failed = outcome.status === "FAILED" || outcome.status === "REJECTED";
  return {
    [idField]: send.id,
    statusTime: new Date(at).toISOString(),
    status: outcome.status,
    ...(outcome.withoutCorrelation
      ? {}
      : { callbackData: send.callbackData, correlationId: send.correlationId }),
    ...(failed ? { error: { code: outcome.code, message: outcome.description } } : {}),
  };
}

function nestedReceipt(
  send: Readonly<AcceptedSend>,
  outcome: Outcome,
  at: number,
  parts: number,
): Record<string, unknown> {
  const isSms = send.kind === "sms";
  const notification = {
    deliveryInfo: {
      timeStamp: new Date(at).toISOString().replace("Z", "+00:00"),
      Description: outcome.description,
      code: outcome.code,
      ...(isSms ? { messageCount: String(parts) } : {}),
      deliveryChannel: isSms ? "SMS" : "voice",
      additionalInfo: "",
      destination: send.to.replace(/^\+/, ""),
      destinationType: "msisdn",
      deliveryStatus: outcome.deliveryStatus,
    },
    ...(isSms ? { carrier: "" } : {}),
    subtid: "",
    transid: send.id,
    callbackData: outcome.withoutCorrelation ? "" : (send.callbackData ?? ""),
    correlationid: outcome.withoutCorrelation ? "" : (send.correlationId ?? ""),
  };
  if (isSms) return { deliveryInfoNotification: notification };
  return { deliveryTransInfo: "<event/>", deliveryInfoNotification: notification };
}
