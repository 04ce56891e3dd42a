import type { SandboxContext } from "../context";

/** What of Webex Connect differs from tenant to tenant, or is documented in more than one way. */
export interface ConnectSettings {
  serviceKey: string;
  /** Requests per second and channel; no limit when undefined. The provider's trial host allows 1. */
  ratePerSecond: number | undefined;
  /** Characters of an SMS: 1024 on the trial host, 4000 in production. */
  contentLimit: number;
  /** Characters of spoken text; the documents name 2000 and 3000. */
  speechLimit: number;
  /** The only numbers that may be written to, as on the trial host; everyone when undefined. */
  verifiedNumbers: ReadonlySet<string> | undefined;
  /** Which of the two documented bodies answers an accepted voice message. */
  voiceIdForm: "sessionId" | "messageId";
  callbackFormat: "flat" | "nested";
  /** The real time that each answer takes. */
  latencyMs: number;
  /** `auto` reports each text and call to its callbackUrl; `none` reports nothing by itself. */
  receiptsMode: "auto" | "none";
  /** Whether the status of a text or call can be asked for; the documents call it a beta. */
  knowsStatus: boolean;
  /** Whether a refused request uses its Idempotency-Key up; the documents can be read both ways. */
  refusalUsesKey: boolean;
  signing: CallbackSigning | undefined;
  callbackTimeoutMs: number;
  /** How a keypad time-out without any digit is reported; not documented. */
  noInputStatus: "SUCCESS" | "FAILURE";
}

/** Of what goes to the webhooks of the provider's pages. */
export interface CallbackSigning {
  secret: string;
  algorithm: "sha256" | "sha512";
  /** Also what goes to the addresses that came with sends, as a `callbackUrlAuthId` would have it. */
  signsSends?: boolean;
}

/** What the parts of this stand-in share. `closing` ends every wait. */
export interface ConnectParts {
  context: SandboxContext;
  settings: Readonly<ConnectSettings>;
  closing: AbortSignal;
}

export const defaultSettings: Readonly<ConnectSettings> = {
  serviceKey: "sandbox-service-key",
  ratePerSecond: undefined,
  contentLimit: 1024,
  speechLimit: 3000,
  verifiedNumbers: undefined,
  voiceIdForm: "sessionId",
  callbackFormat: "nested",
  latencyMs: 0,
  receiptsMode: "none",
  knowsStatus: true,
  refusalUsesKey: false,
  signing: undefined,
  callbackTimeoutMs: 10_000,
  noInputStatus: "SUCCESS",
};
