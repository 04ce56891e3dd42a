/** What a receipt says: the code, the nested format's words, and the flat format's status. */
export interface Outcome {
  code: string;
  description: string;
  deliveryStatus: string;
  status: string;
  /** The provider leaves correlation id and callback data out of this one: its documented bug. */
  withoutCorrelation?: boolean;
}

export const SUBMITTED = "7501";
export const DELIVERED = "7500";

const SMS_FAILURES: Readonly<Record<string, string>> = {
  "7101": "Invalid Sender ID",
  "7102": "Invalid address",
  "7107": "Message length exceeded",
  "7109": "Do not disturb",
  "7203": "Unknown subscriber",
  "7206": "SIM full",
  "7207": "Out of coverage",
  "7208": "Message expired",
  "7720": "Recipient blocked",
};

export function smsOutcome(code: string): Outcome {
  if (code === SUBMITTED) {
    return { code, description: "Submitted", deliveryStatus: "Submitted", status: "SENT" };
  }
  if (code === DELIVERED) {
    return { code, description: "Delivered", deliveryStatus: "Delivered", status: "DELIVERED" };
  }
  const description = SMS_FAILURES[code] ?? "Delivery failed";
  return { code, description, deliveryStatus: "Un-Delivered", status: "FAILED" };
}

function voice(code: string, description: string, status: string, said = status): Outcome {
  return { code, description, deliveryStatus: said, status };
}

export const OFFERED = voice("7407", "Call offered", "OFFERED");
export const RINGING = voice("7408", "Call accepted", "ACCEPTED");
export const ANSWERED = voice("7519", "Answered", "ANSWERED");
export const DROPPED = voice("7409", "Call dropped", "DROPPED");
export const RELEASED = voice("7405", "Release", "RELEASED", "Released");
export const DISCONNECTED: Outcome = {
  ...voice("7410", "Call disconnected", "DISCONNECTED"),
  withoutCorrelation: true,
};
export const NO_ANSWER = voice("7401", "No answer", "REJECTED");
export const BUSY = voice("7402", "Customer busy", "REJECTED");
export const UNREACHABLE = voice("7404", "Others", "REJECTED");
