import type { Express, RequestHandler } from "express";
import type { Registry } from "prom-client";
import type { Logger } from "../log";
import { createBaseApp } from "./base-app";
import { answerDetails, type ReadinessDetails } from "./readiness";

export interface MetricsAppOptions {
  log: Logger;
  registry: Registry;
  /** Brings what is measured only when asked for up to date. */
  beforeScrape(): Promise<void>;
  /** Answers 503 unless `isReady`. Must hold no personal data. */
  details(): Promise<ReadinessDetails>;
}

/** What only those who run the process may reach. */
export function createMetricsApp(options: MetricsAppOptions): Express {
  const { log } = options;
  return createBaseApp(log, (app) => {
    app.get("/metrics", showMetrics(options));
    app.get(
      "/readyz",
      answerDetails(log, () => options.details()),
    );
  });
}

function showMetrics(options: MetricsAppOptions): RequestHandler {
  const { registry } = options;
  return async (_request, response) => {
    await options.beforeScrape();
    const text = await registry.metrics();
    response.set("Content-Type", registry.contentType).send(text);
  };
}
