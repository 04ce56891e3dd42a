import type { Express, RequestHandler } from "express";
import type { Logger } from "../log";
import { createBaseApp } from "./base-app";
import {
  answerProbe,
  receiveCallback,
  requireCallbackSecret,
  type ConnectCallbackOptions,
} from "./connect-callback";
import { answerCallback, callbackHeaders, type OAuthCallbackOptions } from "./oauth-callback";
import { readRawBody } from "./raw-body";
import { answerReadiness } from "./readiness";
import { receiveWebexEvents, type WebexWebhookOptions } from "./webex-webhook";

export interface PublicAppOptions {
  log: Logger;
  webex: WebexWebhookOptions;
  /** Absent where Webex Connect is not configured; its routes are then unknown. */
  connect: ConnectCallbackOptions | undefined;
  /** Where Webex sends people back to who were asked for a grant. */
  callback: Pick<OAuthCallbackOptions, "botName" | "accept">;
  /** False while draining, and when this process cannot store an event. */
  canStore(): Promise<boolean>;
}

/** Everything that the internet may reach. */
export function createPublicApp(options: PublicAppOptions): Express {
  const { log, webex, connect } = options;
  return createBaseApp(log, (app) => {
    app.post("/webhooks/webex", readRawBody, receiveWebexEvents(webex));
    if (connect) addCallbacks(app, connect, log);
    addReturn(app, options);
    app.get("/healthz", answerHealth);
    app.get(
      "/readyz",
      answerReadiness(log, () => options.canStore()),
    );
  });
}

function addCallbacks(app: Express, connect: ConnectCallbackOptions, log: Logger): void {
  const path = "/webhooks/connect/:secret";
  // The secret comes first, so that nobody without it can make us read a body.
  const guard = requireCallbackSecret(connect.callbackSecrets);
  app.head(path, guard, answerProbe);
  app.post(path, guard, readRawBody, receiveCallback(connect, log));
}

function addReturn(app: Express, options: PublicAppOptions): void {
  const { callback, log } = options;
  const canStore = (): Promise<boolean> => options.canStore();
  app.get("/callback", callbackHeaders, answerCallback({ ...callback, canStore, log }));
}

const answerHealth: RequestHandler = (_request, response) => {
  response.type("text").send("ok\n");
};
