import type { VariableGroups } from "./variable";

/** Variables of what Muster does: whom it tells, how, and how often. */
export const incidentVariables = {
  "SMS and voice (Webex Connect)": {
    IMI_SERVICE_KEY: {
      description: "The service key of Webex Connect; without it SMS and voice are off.",
    },
    IMI_API_URL: {
      default: "https://api-sandbox.imiconnect.io",
      description: "Webex Connect's address, without /v1.",
      example: "https://api.eu.webexconnect.io",
    },
    SENDER_NAME: {
      description: "Who is texting and calling, in every text; required with IMI_SERVICE_KEY.",
      example: "Example Bank IT",
    },
    CONNECT_CALLBACK_SECRET: {
      description:
        "The unguessable part of the callback path, 24 characters or more; required with IMI_SERVICE_KEY; two, comma-separated, while changing it.",
      example: "the output of: openssl rand -hex 24",
    },
    CONNECT_SIGNING_SECRET: {
      description:
        "Where set, texts to our number must carry a good x-hub-signature; receipts and calls come unsigned.",
    },
    SMS_ORIGIN: {
      description: "Long code, short code or sender id that texts come from; not set: no SMS.",
      example: "+15550100",
    },
    VOICE_ORIGIN: {
      description: "The number that calls come from; not set: no calls.",
      example: "+15550100",
    },
    SMS_PER_SECOND: {
      default: "20",
      description:
        "Texts a second, over all processes; 1 on the trial host api-sandbox.imiconnect.io.",
      example: "20",
    },
    VOICE_PER_SECOND: {
      default: "20",
      description:
        "Calls a second, over all processes; 1 on the trial host api-sandbox.imiconnect.io.",
      example: "20",
    },
    SMS_CONCURRENCY: {
      default: "20",
      description: "Texts being sent at once by one process.",
      example: "20",
    },
    VOICE_CONCURRENCY: {
      default: "20",
      description: "Calls being placed at once by one process.",
      example: "20",
    },
    SMS_MAX_CHARACTERS: {
      default: "450",
      description:
        "Longer texts lose the space's title first, then the end of the incident's name.",
      example: "450",
    },
    SMS_REPLIES: {
      default: "off",
      description:
        "on once the number's inbound webhook points at the bot: texts then ask for Y or N.",
      example: "on",
    },
    VOICE_MODE: {
      default: "message",
      description: "message: the call only speaks. interactive: it takes a key as an answer.",
      example: "interactive",
    },
  },
  Notifications: {
    VOICE_AFTER_SMS_SECONDS: {
      default: "15",
      description: "How long the call waits after the text; none if the person answered by then.",
      example: "15",
    },
    RENOTIFY_MINUTES: {
      default: "5",
      description: "Who has not answered after this is reminded.",
      example: "5",
    },
    RENOTIFY_TIMES: {
      default: "2",
      description: "Automatic reminders at most; 0: none.",
      example: "2",
    },
    NOTIFY_EXPIRY_MINUTES: {
      default: "30",
      description: "How long a send is tried; 50 at most, providers forget our keys after an hour.",
      example: "30",
    },
    MAX_TEXTS_PER_HOUR: {
      default: "20",
      description: "Texts to one number in an hour, over all incidents.",
      example: "20",
    },
    MAX_CALLS_PER_HOUR: {
      default: "10",
      description: "Calls to one number in an hour, over all incidents.",
      example: "10",
    },
    STOP_NOTICE: {
      default: "on",
      description: "Whether those invited are told when it is over: on or off.",
      example: "off",
    },
  },
  Incidents: {
    COMMAND_MAX_AGE_MINUTES: {
      default: "5",
      description: "A command older than this when first read is asked about, not carried out.",
      example: "5",
    },
    STATUS_CARD_SECONDS: {
      default: "60",
      description: "How often a status card may replace the one before by itself.",
      example: "60",
    },
    BRIDGE_LINK: {
      description: "The conference of spaces without one of their own: an https address.",
      example: "https://example.webex.com/meet/incidents",
    },
    BRIDGE_PHONE: { description: "The number to dial for that conference.", example: "+15550100" },
    BRIDGE_CODE: {
      description: "Its meeting number or access code, digits only.",
      example: "123456789",
    },
  },
  People: {
    INT_PHONE_TYPE_SMS: {
      default: "mobile",
      description: "The type of directory number that is texted.",
      example: "mobile",
    },
    INT_PHONE_TYPE_VOICE: {
      default: "work",
      description: "The type of directory number that is called.",
      example: "work",
    },
    DIRECTORY_MAX_AGE_HOURS: {
      default: "24",
      description: "How old the directory may get before it is read again.",
      example: "24",
    },
    DEFAULT_COUNTRY: {
      default: "US",
      description: "Two-letter code of the country of numbers written without +.",
      example: "GB",
    },
    DEFAULT_LANGUAGE: {
      default: "en",
      description: "Language of texts to people who have none of their own.",
      example: "en",
    },
    DIAL_COUNTRIES: {
      default: "*",
      description: "Countries that may be texted and called, comma-separated; *: all.",
      example: "US,CA",
    },
  },
  "Sandbox and tests": {
    MUSTER_CLOCK_FILE: {
      description: "A file with an offset in ms added to every clock reading; only on loopback.",
      example: "./clock",
    },
  },
} as const satisfies VariableGroups;
