import { callbackSecret, least, withConnect, type Row } from "./settings";

export const incidentRows = {
  IMI_SERVICE_KEY: {
    good: { "": undefined, "key-2": "key-2" },
    bad: ["two keys"],
    read: ({ connect }) => connect?.serviceKey,
    base: withConnect,
  },
  IMI_API_URL: {
    good: {
      "": "https://api-sandbox.imiconnect.io",
      "https://api.eu.webexconnect.io/": "https://api.eu.webexconnect.io",
    },
    bad: ["api.eu.webexconnect.io", "http://api.eu.webexconnect.io"],
    read: ({ connect }) => connect?.apiUrl,
    base: withConnect,
  },
  SENDER_NAME: {
    good: { Bank: "Bank" },
    bad: ["", "x".repeat(61)],
    read: ({ connect }) => connect?.senderName,
    base: withConnect,
  },
  CONNECT_CALLBACK_SECRET: {
    good: {
      [callbackSecret]: [callbackSecret],
      [`${"b".repeat(24)}, ${callbackSecret}`]: ["b".repeat(24), callbackSecret],
    },
    bad: ["", "short", `${callbackSecret}/x`, Array(3).fill(callbackSecret).join(",")],
    read: ({ connect }) => connect?.callbackSecrets,
    base: withConnect,
  },
  CONNECT_SIGNING_SECRET: {
    good: { "": undefined, signing: "signing" },
    bad: [],
    read: ({ connect }) => connect?.signingSecret,
    base: withConnect,
  },
  SMS_ORIGIN: {
    good: { "": undefined, "+15550100": "+15550100", "Example IT": "Example IT" },
    bad: ["+1 555 0100", "a sender id too long"],
    read: ({ connect }) => connect?.smsOrigin,
    base: withConnect,
  },
  VOICE_ORIGIN: {
    good: { "": undefined, "+15550100": "+15550100" },
    bad: ["Example"],
    read: ({ connect }) => connect?.voiceOrigin,
    base: withConnect,
  },
  SMS_PER_SECOND: {
    good: { "": 1, "50": 50 },
    bad: ["0", "fast"],
    read: ({ notify }) => notify.sms.perSecond,
  },
  VOICE_PER_SECOND: {
    good: { "": 20, "50": 50 },
    bad: ["0", "fast"],
    read: ({ notify }) => notify.voice.perSecond,
    base: { ...least, IMI_API_URL: "https://api.eu.webexconnect.io" },
  },
  SMS_CONCURRENCY: {
    good: { "": 20, "1": 1 },
    bad: ["0"],
    read: ({ notify }) => notify.sms.concurrency,
  },
  VOICE_CONCURRENCY: {
    good: { "": 20, "1": 1 },
    bad: ["0"],
    read: ({ notify }) => notify.voice.concurrency,
  },
  SMS_MAX_CHARACTERS: {
    good: { "": 450, "160": 160 },
    bad: ["20", "4001"],
    read: ({ notify }) => notify.sms.maxCharacters,
  },
  SMS_REPLIES: {
    good: { "": false, on: true },
    bad: ["yes"],
    read: ({ connect }) => connect?.hasSmsReplies,
    base: withConnect,
  },
  VOICE_MODE: {
    good: { "": "message", interactive: "interactive" },
    bad: ["loud"],
    read: ({ connect }) => connect?.voiceMode,
    base: withConnect,
  },
  VOICE_AFTER_SMS_SECONDS: {
    good: { "": 15_000, "0": 0, "0.25": 250 },
    bad: ["soon"],
    read: ({ notify }) => notify.voiceAfterSmsMs,
  },
  RENOTIFY_MINUTES: {
    good: { "": 300_000, "0.5": 30_000 },
    bad: ["0", "5m"],
    read: ({ incident }) => incident.renotifyMs,
  },
  RENOTIFY_TIMES: {
    good: { "": 2, "0": 0 },
    bad: ["1.5"],
    read: ({ incident }) => incident.renotifyTimes,
  },
  NOTIFY_EXPIRY_MINUTES: {
    good: { "": 1_800_000, "50": 3_000_000 },
    bad: ["50.1", "0"],
    read: ({ notify }) => notify.expiryMs,
  },
  MAX_TEXTS_PER_HOUR: {
    good: { "": 20, "5": 5 },
    bad: ["0"],
    read: ({ notify }) => notify.sms.maxPerHour,
  },
  MAX_CALLS_PER_HOUR: {
    good: { "": 10, "5": 5 },
    bad: ["0"],
    read: ({ notify }) => notify.voice.maxPerHour,
  },
  STOP_NOTICE: {
    good: { "": true, off: false },
    bad: ["false"],
    read: ({ incident }) => incident.hasStopNotice,
  },
  COMMAND_MAX_AGE_MINUTES: {
    good: { "": 300_000, "0.1": 6_000 },
    bad: ["0"],
    read: ({ incident }) => incident.commandMaxAgeMs,
  },
  STATUS_CARD_SECONDS: {
    good: { "": 60_000, "0.5": 500 },
    bad: ["-1"],
    read: ({ incident }) => incident.statusCardMs,
  },
  BRIDGE_LINK: {
    good: { "": undefined, "https://m.example.com/j/1": { link: "https://m.example.com/j/1" } },
    bad: ["http://m.example.com", "m.example.com"],
    read: ({ incident }) => incident.bridge,
  },
  BRIDGE_PHONE: {
    good: { "+1 555 0100": { phone: "+1 555 0100" } },
    bad: ["call us"],
    read: ({ incident }) => incident.bridge,
  },
  BRIDGE_CODE: {
    good: { "123 456": { link: "https://m.example.com", code: "123456" } },
    bad: ["12#"],
    read: ({ incident }) => incident.bridge,
    base: { ...least, BRIDGE_LINK: "https://m.example.com" },
  },
  INT_PHONE_TYPE_SMS: {
    good: { "": "mobile", work: "work" },
    bad: [],
    read: ({ directory }) => directory.smsPhoneType,
  },
  INT_PHONE_TYPE_VOICE: {
    good: { "": "work", mobile: "mobile" },
    bad: [],
    read: ({ directory }) => directory.voicePhoneType,
  },
  DIRECTORY_MAX_AGE_HOURS: {
    good: { "": 86_400_000, "0.5": 1_800_000 },
    bad: ["0"],
    read: ({ directory }) => directory.maxAgeMs,
  },
  DEFAULT_COUNTRY: {
    good: { "": "US", GB: "GB" },
    bad: ["UK", "gb", "Germany"],
    read: ({ locale }) => locale.country,
  },
  DEFAULT_LANGUAGE: {
    good: { "": "en", "pt-BR": "pt-BR" },
    bad: ["english", "../en"],
    read: ({ locale }) => locale.language,
  },
  DIAL_COUNTRIES: {
    good: { "": "*", "US, CA": ["US", "CA"] },
    bad: ["US,*", "US,,CA", "UK"],
    read: ({ locale }) => locale.dialCountries,
  },
  MUSTER_CLOCK_FILE: {
    good: { "": undefined, "./clock": "./clock" },
    bad: [],
    read: ({ clockFile }) => clockFile,
  },
} satisfies Record<string, Row>;
