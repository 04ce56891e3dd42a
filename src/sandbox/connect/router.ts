import type { Request, Response, Router } from "express";
import express from "express";
import type { SandboxContext } from "../context";
import type { AcceptedSend } from "./accepted-send";
import { answer, answerError, identify, meetFaults, requireKey } from "./answers";
import type { Connect } from "./connect";
import { messageBody, sessionBody, smsStatusBody, voiceStatusBody } from "./bodies";
import { Refusal } from "./refusal";
import { readCall, readSms, readVoice } from "./requests";

type Accept = (body: unknown, key: string | undefined) => AcceptedSend;

/** Serves `/v1/sms/…` and `/v1/voice/…`; mount it where `IMI_API_URL` points. */
export function createConnectRouter(context: SandboxContext, connect: Connect): Router {
  const router = express.Router();
  router.use(identify, meetFaults(context, connect), requireKey(connect));
  router.use(express.text({ type: () => true, limit: "100kb" }));
  router.post("/v1/sms/messages", acceptSms(connect));
  router.post("/v1/voice/messages", acceptVoice(connect));
  router.post("/v1/voice/calls", acceptCall(connect));
  router.get("/v1/sms/messages/:id", (request, response) => {
    answerStatus(response, known(connect, request.params.id), smsStatusBody);
  });
  router.get("/v1/voice/calls/:id", (request, response) => {
    answerStatus(response, known(connect, request.params.id), voiceStatusBody(connect));
  });
  router.all(["/v1/sms/messages", "/v1/voice/messages", "/v1/voice/calls"], () => {
    throw new Refusal(405, "7004", "Method not allowed");
  });
  router.use(() => {
    throw new Refusal(404, "7004", "Resource not found");
  });
  router.use(answerError);
  return router;
}

function known(connect: Connect, id: string): AcceptedSend | undefined {
  return connect.settings.knowsStatus ? connect.find(id) : undefined;
}

function acceptSms(connect: Connect): express.RequestHandler {
  const accept: Accept = (body, key) => connect.acceptSms(readSms(body, connect.settings), key);
  return (request, response) => {
    answer(response, 202, messageBody(admit(connect, "sms", request, accept)));
  };
}

function acceptVoice(connect: Connect): express.RequestHandler {
  const accept: Accept = (body, key) => connect.acceptVoice(readVoice(body, connect.settings), key);
  return (request, response) => {
    const send = admit(connect, "voice", request, accept);
    const usesSession = connect.settings.voiceIdForm === "sessionId";
    answer(response, 202, usesSession ? sessionBody(send) : messageBody(send));
  };
}

function acceptCall(connect: Connect): express.RequestHandler {
  const accept: Accept = (body, key) => connect.acceptCall(readCall(body, connect.settings), key);
  return (request, response) => {
    answer(response, 202, sessionBody(admit(connect, "voice", request, accept)));
  };
}

function admit(connect: Connect, channel: string, request: Request, accept: Accept): AcceptedSend {
  const key = request.get("idempotency-key");
  try {
    requireRate(connect, channel);
    connect.keys.check(key);
    const send = accept(readJson(request), key);
    connect.keys.remember(key);
    return send;
  } catch (error) {
    if (connect.settings.refusalUsesKey) connect.keys.remember(key);
    throw error;
  }
}

function requireRate(connect: Connect, channel: string): void {
  const { ratePerSecond } = connect.settings;
  if (ratePerSecond === undefined || connect.limiter.allows(channel, ratePerSecond)) return;
  throw new Refusal(429, "7020", "Request throttled: transactions per second exceeded");
}

function readJson(request: Request): unknown {
  const text: unknown = request.body;
  if (!request.is("application/json")) throw new Refusal(400, "7000", "Invalid JSON: wrong type");
  try {
    return JSON.parse(typeof text === "string" ? text : "");
  } catch {
    throw new Refusal(400, "7000", "Invalid JSON");
  }
}

function answerStatus(
  response: Response,
  send: AcceptedSend | undefined,
  toBody: (send: AcceptedSend) => Record<string, unknown> | undefined,
): void {
  const body = send === undefined ? undefined : toBody(send);
  answer(response, body === undefined ? 404 : 200, body);
}
