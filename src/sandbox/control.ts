import type { RequestHandler, Response, Router } from "express";
import express from "express";
import type { z } from "zod";
import { BotControlError } from "./bot-control";
import {
  adminSchema,
  botSchema,
  clockSchema,
  consentSchema,
  directorySchema,
  faultSchema,
  meetingSchema,
  memberSchema,
  personSchema,
  phoneSchema,
  pressSchema,
  saySchema,
  spaceSchema,
} from "./control-schemas";
import { answerControlError, ControlError, requireLoopback } from "./control-guard";
import { streamEvents } from "./control-events";
import { sendFile } from "./control-files";
import { NotificationWatch } from "./notification-watch";
import type { Phone, Phones } from "./phones";
import type { Sandbox } from "./start-sandbox";
import { ApiError } from "./webex/api-error";

type MoveClock = ((ms: number) => void | Promise<void>) | undefined;

const CONTROLS =
  "GET state, GET events, GET files/<id>, POST bot, POST people, POST admins, POST directory, POST spaces, POST members, " +
  "POST say, POST press, POST meeting, POST consent, " +
  "POST phones/<number>, POST faults, DELETE faults, DELETE faults/<id>, POST clock";

/** The JSON control API, mounted under `/_sandbox`; it answers this computer only. */
export function createControlRouter(sandbox: Sandbox, moveClock: MoveClock): Router {
  const router = express.Router();
  router.use(requireLoopback, express.json({ limit: "1mb" }));
  const watch = new NotificationWatch(sandbox);
  router.get("/state", (_request, response) => response.json(readState(sandbox, watch)));
  router.get("/events", (_request, response) => {
    streamEvents(sandbox.events, response);
    response.on("close", watch.attend());
  });
  router.get("/files/:id", sendFile(sandbox));
  router.post("/bot", controlBot(sandbox));
  addWorldRoutes(router, sandbox);
  addPeopleRoutes(router, sandbox);
  router.post("/phones/:number", usePhone(sandbox.phones));
  addFaultRoutes(router, sandbox);
  router.post("/clock", advanceClock(sandbox, moveClock));
  router.use(() => {
    throw new ControlError(404, `There is no such control. There are: ${CONTROLS}.`);
  });
  router.use(answerControlError);
  return router;
}

function addPeopleRoutes(router: Router, { world }: Sandbox): void {
  router.post("/people", (request, response) => {
    answer(response, () => world.addPerson(read(personSchema, request.body)));
  });
  router.post("/admins", (request, response) => {
    const { person, isAdmin } = read(adminSchema, request.body);
    answer(response, () => world.setAdmin(person, isAdmin));
  });
  router.post("/directory", (request, response) => {
    const { size } = read(directorySchema, request.body);
    answer(response, () => ({ size: world.fillDirectory(size).size }));
  });
  router.post("/consent", async (request, response) => {
    const { link, person, decision } = read(consentSchema, request.body);
    const asked = attempt(() => world.consent(link, person, decision));
    const page = await asked.catch((error: unknown) => {
      throw new ControlError(502, error instanceof Error ? error.message : String(error));
    });
    response.json(page);
  });
}

function addWorldRoutes(router: Router, { world }: Sandbox): void {
  router.post("/spaces", (request, response) => {
    answer(response, () => world.addSpace(read(spaceSchema, request.body)));
  });
  router.post("/members", (request, response) => {
    answer(response, () => world.setMember(read(memberSchema, request.body)));
  });
  router.post("/say", (request, response) => {
    answer(response, () => world.say(read(saySchema, request.body)));
  });
  router.post("/meeting", (request, response) => {
    const wish = read(meetingSchema, request.body);
    answer(response, () =>
      "end" in wish ? world.endMeeting(wish.space) : world.joinMeeting(wish),
    );
  });
  router.post("/press", (request, response) => {
    answer(response, () => world.press(read(pressSchema, request.body)));
  });
}

function addFaultRoutes(router: Router, { faults }: Sandbox): void {
  router.post("/faults", (request, response) => {
    answer(response, () => ({ id: faults.add(read(faultSchema, request.body)) }));
  });
  router.delete("/faults", (_request, response) => {
    faults.clear();
    response.json({});
  });
  router.delete("/faults/:id", (request, response) => {
    const { id } = request.params;
    if (!faults.remove(Number(id)))
      throw new ControlError(404, `There is no fault ${id} in force.`);
    response.json({});
  });
}

/** Answers at once with what the bot now does; how it goes is told by events. */
function controlBot(sandbox: Sandbox): RequestHandler {
  return (request, response) => {
    const { action } = read(botSchema, request.body);
    const { bot } = sandbox;
    if (bot === undefined) {
      throw new ControlError(
        409,
        "This sandbox has no bot of its own: start and stop yours by hand.",
      );
    }
    try {
      bot[action]();
    } catch (error) {
      throw error instanceof BotControlError ? new ControlError(409, error.message) : error;
    }
    response.json(bot.status);
  };
}

function usePhone(phones: Phones): RequestHandler<{ number: string }> {
  return (request, response) => {
    const { number } = request.params;
    if (!/^\+[1-9]\d{6,14}$/.test(number)) {
      throw new ControlError(400, `${number} is no number like +12025550143.`);
    }
    const wanted = read(phoneSchema, request.body);
    answer(response, () => act(phones, number, wanted));
  };
}

function act(phones: Phones, number: string, wanted: z.infer<typeof phoneSchema>): Phone {
  if ("text" in wanted) phones.sendText(number, wanted.text);
  else if ("digit" in wanted) phones.press(number, wanted.digit);
  else if ("answer" in wanted) phones.answer(number);
  else if ("voicemail" in wanted) phones.voicemail(number);
  else phones.hangUp(number);
  return phones.at(number);
}

function advanceClock({ clock, events }: Sandbox, moveClock: MoveClock): RequestHandler {
  return async (request, response) => {
    const { advanceMs } = read(clockSchema, request.body);
    if (moveClock === undefined) {
      throw new ControlError(409, "This sandbox runs on a clock that only its owner can move.");
    }
    await moveClock(advanceMs);
    events.emit({ kind: "clock", at: clock.now(), payload: { advanceMs } });
    response.json({ now: clock.now() });
  };
}

function readState(sandbox: Sandbox, watch: NotificationWatch): object {
  const { world, connect, phones, faults, clock, origin, bot } = sandbox;
  return {
    origin,
    now: clock.now(),
    bot: bot?.status ?? null,
    notifications: watch.counts,
    webex: world.state(),
    connect: { accepted: connect.accepted, requests: Object.fromEntries(connect.requests) },
    phones: phones.all(),
    faults: faults.list(),
  };
}

/** What the stand-ins refuse (an unknown person, a call that was never made) is the caller's. */
function answer(response: Response, task: () => unknown): void {
  response.json(attempt(task) ?? {});
}

function attempt<T>(task: () => T): T {
  try {
    return task();
  } catch (error) {
    if (error instanceof ControlError) throw error;
    const status = error instanceof ApiError ? error.status : 400;
    throw new ControlError(status, error instanceof Error ? error.message : String(error));
  }
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join(".") ?? "";
  const what = where === "" ? "The body" : `"${where}"`;
  throw new ControlError(400, `${what} is not as it must be: ${issue?.message ?? "invalid"}.`);
}
