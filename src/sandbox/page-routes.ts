import type { ErrorRequestHandler, Response, Router } from "express";
import express from "express";
import { ControlError, requireLoopback } from "./control-guard";
import { pagePart, preparePage, type PagePart } from "./page-bundle";

/** Scripts, styles and answers come from the sandbox itself; pictures may besides be written out. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  // Only what renders cards may set HTML, and what it sets has been made by the page's Markdown.
  "require-trusted-types-for 'script'",
  "trusted-types adaptivecards#markdownPassthroughPolicy adaptivecards#restoreContentsPolicy adaptivecards#deprecatedExportedFunctionPolicy",
].join("; ");

const HEADERS = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "no-store",
};

/** The sandbox's page, at `/`; it answers this computer only. */
export function createPageRouter(): Router {
  const router = express.Router();
  const serve = (path: string, type: string, part: PagePart): void => {
    router.get(path, requireLoopback, async (_request, response) => {
      if (part === "html") preparePage();
      send(response, type, await pagePart(part));
    });
  };
  serve("/", "text/html", "html");
  serve("/_page/app.js", "text/javascript", "script");
  serve("/_page/app.css", "text/css", "style");
  router.use(["/", "/_page"], answerPageError);
  return router;
}

function send(response: Response, type: string, text: string): void {
  response.set(HEADERS).type(`${type}; charset=utf-8`).send(text);
}

/** Express knows an error handler by its four parameters. */
const answerPageError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const [status, sentence] =
    error instanceof ControlError
      ? [error.status, error.message]
      : [500, `The sandbox's page could not be built: ${String(error)}`];
  response.status(status).set(HEADERS).type("text/plain").send(sentence);
};
