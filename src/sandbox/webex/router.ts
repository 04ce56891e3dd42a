import type { ErrorRequestHandler } from "express";
import express from "express";
import type { SandboxContext } from "../context";
import type { WorldState } from "../world-state";
import { answerUnreadable, newTrackingId, serve } from "./exchange";
import { serviceCatalog } from "./u2c";

const BODY_LIMIT = "5mb";

/** Webex's REST API under `/v1`, and as much of its other services as an SDK needs to start. */
export function createWebexRouter(context: SandboxContext, world: WorldState): express.Router {
  const router = express.Router();
  router.use("/v1", express.raw({ type: "multipart/form-data", limit: BODY_LIMIT }));
  // As text: whether a body is JSON is answered like everything else, with Webex's error body.
  router.use("/v1", express.text({ type: () => true, limit: BODY_LIMIT }), (request, response) => {
    context.work.track(serve(world, request, response));
  });
  router.use("/v1", unreadable);
  router.use("/u2c/api/v1", (_request, response, next) => {
    response.set("trackingid", newTrackingId());
    next();
  });
  router.get(["/u2c/api/v1/limited/catalog", "/u2c/api/v1/catalog"], (_request, response) => {
    response.json(serviceCatalog(world));
  });
  router.use("/metrics", (_request, response) => {
    response.set("trackingid", newTrackingId()).json({});
  });
  return router;
}

const unreadable: ErrorRequestHandler = (error: { message: string }, _request, response, next) => {
  if (response.headersSent) next(error);
  else answerUnreadable(error, response);
};
