import type { WebexConfig } from "./model";
import type { EnvReader } from "./reader";
import { describeVariable } from "./variables";

export function readWebex(read: EnvReader): WebexConfig {
  const apiUrl = read.baseUrl("WEBEX_API_URL");
  return {
    botToken: readBotToken(read),
    webhookSecret: readWebhookSecret(read),
    apiUrl,
    sdkEnvironment: sdkEnvironment(apiUrl),
    homeOrgId: readId(read, "HOME_ORG_ID"),
    integration: readIntegration(read),
    operatorsSpace: readId(read, "OPERATORS_SPACE"),
    spaceTitlePrefix: read.optional("SPACE_TITLE_PREFIX"),
  };
}

/** The SDK takes the organisation from the third part and dies on tokens without one. */
export function isBotToken(token: string): boolean {
  return /^[\w.+/=-]+$/.test(token) && /^[^_]+_[^_]+_[^_]+$/.test(token);
}

function readBotToken(read: EnvReader): string {
  const token = read.required("WEBEX_BOT_TOKEN");
  if (token !== "" && !isBotToken(token)) {
    read.refuse("WEBEX_BOT_TOKEN", "must be a bot token: three parts joined by _");
  }
  return token;
}

function readWebhookSecret(read: EnvReader): string {
  const secret = read.required("WEBHOOK_SECRET");
  if (secret !== "" && secret.length < 16) {
    read.refuse("WEBHOOK_SECRET", "must have 16 characters or more");
  }
  return secret;
}

function readId(read: EnvReader, name: "HOME_ORG_ID" | "OPERATORS_SPACE"): string | undefined {
  const idOfTheApi = /^(?![0-9a-f]{8}-[0-9a-f-]{27}$)\S+$/i;
  return read.matching(name, idOfTheApi, "must be the id that Webex's API gives, not a UUID");
}

function readIntegration(read: EnvReader): WebexConfig["integration"] {
  if (!read.isSet("CLIENT_ID") && !read.isSet("CLIENT_SECRET")) return undefined;
  return {
    clientId: read.required("CLIENT_ID", "must be set, because CLIENT_SECRET is"),
    clientSecret: read.required("CLIENT_SECRET", "must be set, because CLIENT_ID is"),
  };
}

function sdkEnvironment(apiUrl: string): Record<string, string> {
  const isDefault = apiUrl === describeVariable("WEBEX_API_URL").default;
  if (isDefault || !URL.canParse(apiUrl)) return { HYDRA_SERVICE_URL: apiUrl };
  return {
    HYDRA_SERVICE_URL: apiUrl,
    U2C_SERVICE_URL: `${new URL(apiUrl).origin}/u2c/api/v1`,
  };
}
