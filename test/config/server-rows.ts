import { key, least, otherKey, token, type Row } from "./settings";

export const serverRows = {
  WEBEX_BOT_TOKEN: {
    good: { [token]: token },
    bad: ["", "faketoken", "a_b", "a_b_c_d", "a__c", "a_b_c d"],
    read: ({ webex }) => webex.botToken,
  },
  WEBHOOK_SECRET: {
    good: { "0123456789abcdef": "0123456789abcdef" },
    bad: ["", "short"],
    read: ({ webex }) => webex.webhookSecret,
  },
  HOME_ORG_ID: {
    good: { "": undefined, Y2lzY29zcGFyazov: "Y2lzY29zcGFyazov" },
    bad: ["two words", "1eb65fdf-9643-417f-9974-ad72cae0e10f"],
    read: ({ webex }) => webex.homeOrgId,
  },
  CLIENT_ID: {
    good: { C1: { clientId: "C1", clientSecret: "s1" } },
    bad: [""],
    read: ({ webex }) => webex.integration,
    base: { ...least, CLIENT_SECRET: "s1" },
  },
  CLIENT_SECRET: {
    good: { s2: { clientId: "C1", clientSecret: "s2" } },
    bad: [""],
    read: ({ webex }) => webex.integration,
    base: { ...least, CLIENT_ID: "C1" },
  },
  WEBEX_API_URL: {
    good: {
      "": { HYDRA_SERVICE_URL: "https://webexapis.com/v1" },
      "https://webexapis.com/v1/": { HYDRA_SERVICE_URL: "https://webexapis.com/v1" },
      "http://127.0.0.1:4599/v1": {
        HYDRA_SERVICE_URL: "http://127.0.0.1:4599/v1",
        U2C_SERVICE_URL: "http://127.0.0.1:4599/u2c/api/v1",
      },
    },
    bad: ["webexapis.com", "http://webexapis.com/v1", "ftp://localhost", "https://h/v1?a=1"],
    read: ({ webex }) => webex.sdkEnvironment,
  },
  WEBEX_CONCURRENCY: {
    good: { "": 20, "3": 3 },
    bad: ["0", "-1", "2.5", "many", "1e3"],
    read: ({ notify }) => notify.webex.concurrency,
  },
  OPERATORS_SPACE: {
    good: { "": undefined, Y2lzY29zcGFyazov: "Y2lzY29zcGFyazov" },
    bad: ["Operators of payments"],
    read: ({ webex }) => webex.operatorsSpace,
  },
  SPACE_TITLE_PREFIX: {
    good: { "": undefined, "INC-": "INC-" },
    bad: [],
    read: ({ webex }) => webex.spaceTitlePrefix,
  },
  ENCRYPTION_KEY: {
    good: {
      [key]: [Buffer.alloc(32, 7)],
      [`${otherKey}, ${key}`]: [Buffer.alloc(32, 8), Buffer.alloc(32, 7)],
    },
    bad: ["", "abc", Buffer.alloc(31).toString("base64"), `${key},`, "a".repeat(64)],
    read: ({ secrets }) => secrets.encryptionKeys,
  },
  DATABASE_URL: {
    good: {
      "": { kind: "sqlite", url: "sqlite:./muster.sqlite3" },
      "sqlite:/var/lib/m.sqlite3": { kind: "sqlite", url: "sqlite:/var/lib/m.sqlite3" },
      "postgres://u:p@h/db": { kind: "postgres", url: "postgres://u:p@h/db" },
    },
    bad: ["./muster.sqlite3", "sqlite:", "mysql://h/db", "postgres://"],
    read: ({ database }) => database,
  },
  RETENTION_DAYS: {
    good: { "": 365 * 86_400_000, "1": 86_400_000 },
    bad: ["0", "1.5", "forever"],
    read: ({ incident }) => incident.retentionMs,
  },
  PUBLIC_URL: {
    good: {
      "": "http://localhost:5500",
      "https://muster.example.com/": "https://muster.example.com",
      "http://[::1]:80": "http://[::1]:80",
    },
    bad: ["muster.example.com", "http://muster.example.com", "https://h/?a", "https://u:p@h"],
    read: ({ http }) => http.publicUrl,
  },
  PORT: {
    good: { "": 5500, "0": 0 },
    bad: ["65536", "80a", "-1"],
    read: ({ http }) => http.port,
  },
  HOST: {
    good: { "": "0.0.0.0", "::1": "::1" },
    bad: ["http://x"],
    read: ({ http }) => http.host,
  },
  METRICS_PORT: {
    good: { "": 9464, "9000": 9000 },
    bad: ["5500", "x"],
    read: ({ http }) => http.metricsPort,
  },
  METRICS_HOST: {
    good: { "": "127.0.0.1", "0.0.0.0": "0.0.0.0" },
    bad: ["a b"],
    read: ({ http }) => http.metricsHost,
  },
  HTTPS_PROXY: {
    good: {
      "": undefined,
      "http://proxy:3128": { httpsProxy: "http://proxy:3128", noProxy: undefined },
    },
    bad: ["proxy:3128", "socks5://proxy"],
    read: ({ proxy }) => proxy,
  },
  NO_PROXY: {
    good: { localhost: { httpsProxy: "http://proxy:3128", noProxy: "localhost" } },
    bad: [],
    read: ({ proxy }) => proxy,
    base: { ...least, HTTPS_PROXY: "http://proxy:3128" },
  },
  LOG_LEVEL: {
    good: { "": "info", silent: "silent" },
    bad: ["loud", "INFO"],
    read: ({ log }) => log.level,
  },
} satisfies Record<string, Row>;
