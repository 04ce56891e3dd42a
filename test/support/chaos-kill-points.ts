import type { SandboxEvent } from "../../src/sandbox/events";
import type { Sandbox } from "../../src/sandbox/start-sandbox";
import type { SeededRandom } from "./chaos-random";

/** Calls `kill` at its moment, counted from now. Returns the way to give it up. */
export type Arm = (sandbox: Sandbox, random: SeededRandom, kill: () => void) => () => void;

/**
 * The moments at which a process is killed, told from outside by what it asks the stand-ins for: a
 * request that arrives was claimed and committed before; one that was carried out but not answered
 * is not recorded yet; shortly after an answer it is being recorded.
 */
export const killPoints = {
  "while the command's event is delivered": afterTime(0, 12),
  "when the command's message was read, before anything is decided": onRead(0),
  "around the commit of the start": onRead(60),
  "before a text is taken": onConnectRequest("POST /v1/sms/messages"),
  "before a call is taken": onConnectRequest("POST /v1/voice/messages"),
  "after a text was taken, before its answer": onEvent(isText),
  "after a call was taken, before its answer": onEvent(isNewCall),
  "after a direct message was taken, before its answer": onEvent(isDirectMessage),
  "while a text's answer is recorded": onEvent(isText, 25),
  "while a direct message's answer is recorded": onEvent(isDirectMessage, 25),
  "at any moment": afterTime(0, 2_500),
} as const satisfies Record<string, Arm>;

export type KillPoint = keyof typeof killPoints;

/** These come once in an incident, at its start; the others again and again. */
export const startPoints = [
  "while the command's event is delivered",
  "when the command's message was read, before anything is decided",
  "around the commit of the start",
] as const satisfies readonly KillPoint[];

export const sendPoints = (Object.keys(killPoints) as KillPoint[]).filter(
  (point) => !(startPoints as readonly KillPoint[]).includes(point),
);

/** Between two kills so much may go well that in the end everybody is told. */
const MOST_EVENTS = 20;
const POLL_MS = 1;

function afterTime(leastMs: number, mostMs: number): Arm {
  return (_sandbox, random, kill) => {
    const timer = setTimeout(kill, random.whole(leastMs, mostMs));
    return () => clearTimeout(timer);
  };
}

/** Up to `delayMs` after the stand-in answered a look-up of a message. */
function onRead(delayMs: number): Arm {
  return ({ world }, random, kill) => {
    const reads = (): number => world.requestCounts.get("GET /messages/:id") ?? 0;
    const before = reads();
    let timer = setInterval(() => {
      if (reads() === before) return;
      clearInterval(timer);
      timer = setTimeout(kill, random.whole(0, delayMs));
    }, POLL_MS);
    return () => clearInterval(timer);
  };
}

/** A request has arrived and waits for its turn: the fault that is heard of costs it no time. */
function onConnectRequest(route: string): Arm {
  return (sandbox, random, kill) => {
    const times = random.whole(1, MOST_EVENTS);
    sandbox.faults.add({ service: "connect", route, kind: "slow", delayMs: 1, times });
    const isLast = (event: SandboxEvent): boolean =>
      event.kind === "fault" && event.payload.route === route;
    return onNth(sandbox, times, isLast, kill);
  };
}

function onEvent(isWanted: (event: SandboxEvent) => boolean, delayMs = 0): Arm {
  return (sandbox, random, kill) => {
    const delay = random.whole(0, delayMs);
    const late = (): void => void setTimeout(kill, delay);
    return onNth(sandbox, random.whole(1, MOST_EVENTS), isWanted, delayMs === 0 ? kill : late);
  };
}

function onNth(
  { events }: Sandbox,
  nth: number,
  isWanted: (event: SandboxEvent) => boolean,
  kill: () => void,
): () => void {
  let left = nth;
  const stop = events.listen((event) => {
    if (!isWanted(event)) return;
    left -= 1;
    if (left > 0) return;
    stop();
    kill();
  });
  return stop;
}

function isText({ kind, payload }: SandboxEvent): boolean {
  return kind === "sms" && payload.direction === "in";
}

function isNewCall({ kind, payload }: SandboxEvent): boolean {
  return kind === "call" && payload.state === "ringing";
}

function isDirectMessage({ kind, payload }: SandboxEvent): boolean {
  return kind === "message" && payload.spaceType === "direct";
}
