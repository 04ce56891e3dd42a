/** One SMS or call that the stand-in accepted. Times are milliseconds since 1970. */
export interface AcceptedSend {
  id: string;
  kind: "sms" | "voice" | "call";
  to: string;
  from: string;
  /** What the phone shows or says; empty for an interactive call, whose words come later. */
  text: string;
  correlationId: string | undefined;
  idempotencyKey: string | undefined;
  callbackUrl: string | undefined;
  callbackData: string | undefined;
  expireAt: string | undefined;
  /** By the sandbox's clock, which may have been moved. */
  at: number;
  atReal: number;
  /** What a status query answers. */
  status: string;
  statusAt: number;
  errorCode: string | undefined;
}

export function isE164(number: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(number);
}
