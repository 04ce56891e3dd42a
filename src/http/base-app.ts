import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from "express";
import helmet from "helmet";
import type { Logger } from "../log";

/** Asked every few seconds by whoever watches the process; of interest only when they fail. */
const frequentRoutes = new Set(["/healthz", "/readyz", "/metrics"]);

/**
 * An Express app with what every port of ours needs: security headers, an access log of route
 * patterns, `404` for what `addRoutes` did not add, and errors answered without details.
 */
export function createBaseApp(log: Logger, addRoutes: (app: Express) => void): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.enable("case sensitive routing");
  app.enable("strict routing");
  app.set("query parser", false);
  app.use(helmet(), neverCached, logAccess(log));
  addRoutes(app);
  app.use(answerNotFound, answerError(log));
  return app;
}

export const answerNotFound: RequestHandler = (_request, response) => {
  response.status(404).type("text").send("Not found\n");
};

const neverCached: RequestHandler = (_request, response, next) => {
  response.set("Cache-Control", "no-store");
  next();
};

/** The request is one of very many that are of interest to nobody: its line in the log is for debugging. */
export function markUsual(response: Response): void {
  response.locals.isUsual = true;
}

function logAccess(log: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    response.once("close", () => {
      const route = patternOf(request);
      const fields = {
        method: request.method,
        route,
        status: response.statusCode,
        ms: Math.round(performance.now() - startedAt),
        ...(!response.writableFinished && { isAborted: true }),
      };
      const isFrequent = frequentRoutes.has(route) || response.locals.isUsual === true;
      const isUsual = isFrequent && response.statusCode < 400;
      log[isUsual ? "debug" : "info"](fields, "request");
    });
    next();
  };
}

/** The pattern, because a path of ours may hold a secret and a stranger's may hold anything. */
function patternOf(request: Request): string {
  const { route } = request as { route?: { path?: unknown } };
  return typeof route?.path === "string" ? route.path : "unknown";
}

function answerError(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (error instanceof URIError) {
      // A path that cannot be decoded is no path of ours.
      void answerNotFound(request, response, next);
      return;
    }
    const status = refusalStatus(error);
    if (status === undefined)
      log.error({ err: error, route: patternOf(request) }, "request failed");
    if (response.headersSent) {
      next(error);
      return;
    }
    const words = status === undefined ? "Internal error\n" : "Refused\n";
    response
      .status(status ?? 500)
      .type("text")
      .send(words);
  };
}

/** The 4xx with which Express and its body parsers refuse a request, such as 413. */
function refusalStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("status" in error)) return undefined;
  const { status } = error;
  return typeof status === "number" && status >= 400 && status < 500 ? status : undefined;
}
