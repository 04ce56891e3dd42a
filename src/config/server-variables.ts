import type { VariableGroups } from "./variable";

/** Variables of the connection to Webex and of the process itself. */
export const serverVariables = {
  Webex: {
    WEBEX_BOT_TOKEN: {
      isRequired: true,
      description: "The bot's access token from developer.webex.com; has three parts joined by _.",
      example: "NzYxMzA4…_PF84_1eb65fdf-9643-417f-9974-ad72cae0e10f",
    },
    WEBHOOK_SECRET: {
      isRequired: true,
      description: "Signs what Webex sends to us; 16 characters or more, made by npm run setup.",
      example: "the output of: openssl rand -hex 32",
    },
    HOME_ORG_ID: {
      description: "The one organisation whose people may command; not set: the bot's own.",
      example: "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8…",
    },
    CLIENT_ID: {
      description:
        "The Webex integration for directory and meetings; without it there are neither.",
      example: "C0123456789abcdef",
    },
    CLIENT_SECRET: { description: "The integration's secret; goes with CLIENT_ID." },
    WEBEX_API_URL: {
      default: "https://webexapis.com/v1",
      description: "Where Webex's API is; the SDK is pointed at the same place.",
      example: "https://webexapis.com/v1",
    },
    WEBEX_CONCURRENCY: {
      default: "20",
      description: "Direct messages being sent at once by one process.",
      example: "20",
    },
    OPERATORS_SPACE: {
      description: "Room id of the space whose members count as moderators of every incident.",
      example: "Y2lzY29zcGFyazovL3VzL1JPT00v…",
    },
    SPACE_TITLE_PREFIX: {
      description: "Limits the bot to spaces whose title starts so.",
      example: "INC-",
    },
  },
  Storage: {
    ENCRYPTION_KEY: {
      isRequired: true,
      description:
        "32 bytes in base64; several, comma-separated, while rotating: the first encrypts.",
      example: "the output of: openssl rand -base64 32",
    },
    DATABASE_URL: {
      default: "sqlite:./muster.sqlite3",
      description: "sqlite:<file>, or postgres://user:password@host/database.",
      example: "sqlite:./muster.sqlite3",
    },
    RETENTION_DAYS: {
      default: "365",
      description: "Days after an incident's end until what people wrote in it is erased.",
      example: "365",
    },
  },
  "Web server": {
    PUBLIC_URL: {
      default: "http://localhost:5500",
      description: "Where Webex, Webex Connect and the admin's browser reach the bot.",
      example: "https://muster.example.com",
    },
    PORT: { default: "5500", description: "The port that serves PUBLIC_URL.", example: "5500" },
    HOST: { default: "0.0.0.0", description: "The address to listen on." },
    METRICS_PORT: {
      default: "9464",
      description: "The port of /metrics and of /readyz with details.",
      example: "9464",
    },
    METRICS_HOST: {
      default: "127.0.0.1",
      description: "The address that the metrics port listens on.",
    },
    HTTPS_PROXY: {
      description: "The proxy for calls to Webex and Webex Connect.",
      example: "http://proxy.example.com:3128",
    },
    NO_PROXY: { description: "Hosts that are reached without the proxy, comma-separated." },
    LOG_LEVEL: {
      default: "info",
      description: "debug, info, warn, error or silent; JSON lines on stdout.",
      example: "info",
    },
  },
} as const satisfies VariableGroups;
