import type { LogLevel } from "../log";

/** How this process is set up. Durations are in milliseconds, addresses have no final slash. */
export interface Config {
  readonly http: HttpConfig;
  readonly webex: WebexConfig;
  /** Absent without a service key: SMS and voice are off. */
  readonly connect: ConnectConfig | undefined;
  readonly database: DatabaseConfig;
  readonly secrets: { readonly encryptionKeys: readonly [Buffer, ...Buffer[]] };
  readonly notify: NotifyConfig;
  readonly incident: IncidentConfig;
  readonly directory: DirectoryConfig;
  readonly locale: LocaleConfig;
  readonly proxy: ProxyConfig | undefined;
  readonly log: { readonly level: LogLevel };
  /** Holds the offset of a moved clock; only ever set on loopback. */
  readonly clockFile: string | undefined;
}

export interface HttpConfig {
  readonly publicUrl: string;
  readonly port: number;
  readonly host: string;
  readonly metricsPort: number;
  readonly metricsHost: string;
}

export interface WebexConfig {
  readonly botToken: string;
  readonly webhookSecret: string;
  readonly apiUrl: string;
  /** To be set in the process's environment before the SDK is loaded. */
  readonly sdkEnvironment: Readonly<Record<string, string>>;
  readonly homeOrgId: string | undefined;
  readonly integration: { readonly clientId: string; readonly clientSecret: string } | undefined;
  readonly operatorsSpace: string | undefined;
  readonly spaceTitlePrefix: string | undefined;
}

export interface ConnectConfig {
  readonly serviceKey: string;
  readonly apiUrl: string;
  /** The provider's trial host, which takes one message a second. */
  readonly isTrial: boolean;
  readonly senderName: string;
  /** The unguessable part of the callback path; the first is handed out, all are accepted. */
  readonly callbackSecrets: readonly [string, ...string[]];
  readonly signingSecret: string | undefined;
  readonly smsOrigin: string | undefined;
  readonly voiceOrigin: string | undefined;
  readonly hasSmsReplies: boolean;
  readonly voiceMode: "message" | "interactive";
}

export interface DatabaseConfig {
  readonly kind: "sqlite" | "postgres";
  readonly url: string;
}

export interface PhoneChannelConfig {
  /** For the whole deployment. */
  readonly perSecond: number;
  /** Sends at once of this process. */
  readonly concurrency: number;
  /** To one number, over all incidents. */
  readonly maxPerHour: number;
}

export interface NotifyConfig {
  readonly webex: { readonly concurrency: number };
  readonly sms: PhoneChannelConfig & { readonly maxCharacters: number };
  readonly voice: PhoneChannelConfig;
  readonly voiceAfterSmsMs: number;
  readonly expiryMs: number;
}

export interface IncidentConfig {
  readonly renotifyMs: number;
  readonly renotifyTimes: number;
  readonly commandMaxAgeMs: number;
  readonly statusCardMs: number;
  readonly retentionMs: number;
  readonly hasStopNotice: boolean;
  /** The conference of spaces without one of their own; has a link, a phone or both. */
  readonly bridge: BridgeConfig | undefined;
}

export interface BridgeConfig {
  readonly link?: string;
  readonly phone?: string;
  readonly code?: string;
}

export interface DirectoryConfig {
  readonly maxAgeMs: number;
  readonly smsPhoneType: string;
  readonly voicePhoneType: string;
}

export interface LocaleConfig {
  /** ISO 3166 code of numbers written without "+". */
  readonly country: string;
  readonly language: string;
  readonly dialCountries: "*" | readonly string[];
}

export interface ProxyConfig {
  readonly httpsProxy: string;
  readonly noProxy: string | undefined;
}
