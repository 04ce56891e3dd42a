import type { Config, Env } from "../../src/config";

/** What one variable may and may not hold. An empty text stands for "not set". */
export interface Row {
  good: Record<string, unknown>;
  bad: string[];
  /** Where the good value is found. */
  read: (config: Config) => unknown;
  /** The other variables; the fewest possible by default. */
  base?: Env;
}

export const token = "NzYxMzA4abcdefghijklmnop_PF84_1eb65fdf-9643-417f-9974-ad72cae0e10f";
export const key = Buffer.alloc(32, 7).toString("base64");
export const otherKey = Buffer.alloc(32, 8).toString("base64");
export const callbackSecret = "callback-secret-0123456789";

export const least: Env = {
  WEBEX_BOT_TOKEN: token,
  WEBHOOK_SECRET: "webhook-secret-0123456789",
  ENCRYPTION_KEY: key,
};

export const withConnect: Env = {
  ...least,
  IMI_SERVICE_KEY: "service-key-1",
  SENDER_NAME: "Example Bank IT",
  CONNECT_CALLBACK_SECRET: callbackSecret,
};
