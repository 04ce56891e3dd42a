import { api } from "./api";
import { eventKinds } from "./apply-event";
import type { Store } from "./store";

const TICK_MS = 5_000;
/** A timer that comes so late has slept, and with it the connection. */
const ASLEEP_MS = 20_000;
const RETRY_MS = 1_500;

type Apply = () => void;

/**
 * Follows the sandbox. Each connection listens first and reads the whole state then; what is told
 * between is kept and applied after it, so nothing is missed.
 */
export function follow(store: Store): void {
  let source = connect(store);
  let lastTick = Date.now();
  const again = (): void => {
    source.close();
    source = connect(store);
  };
  setInterval(() => {
    const slept = Date.now() - lastTick > ASLEEP_MS;
    lastTick = Date.now();
    if (slept || source.readyState === EventSource.CLOSED) again();
  }, TICK_MS);
  addEventListener("online", again);
  // A page that comes back out of the browser's cache has lost its connection.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) again();
  });
}

function connect(store: Store): EventSource {
  const source = new EventSource("/_sandbox/events");
  let waiting: Apply[] | undefined = [];
  for (const [kind, apply] of Object.entries(eventKinds)) {
    source.addEventListener(kind, ({ data }: MessageEvent<string>) => {
      const task = (): void =>
        (apply as (store: Store, event: unknown) => void)(store, JSON.parse(data));
      if (waiting === undefined) task();
      else waiting.push(task);
    });
  }
  source.addEventListener("open", () => {
    waiting ??= [];
    void readState(store, source, () => {
      const tasks = waiting ?? [];
      waiting = undefined;
      for (const task of tasks) task();
    });
  });
  source.addEventListener("error", () => setConnection(store, "lost"));
  return source;
}

async function readState(store: Store, source: EventSource, then: () => void): Promise<void> {
  try {
    const state = await api.state();
    store.replace(state);
    then();
    setConnection(store, "open");
  } catch {
    // Told by the banner of a lost connection, and tried again as long as the stream is open.
    setConnection(store, "lost");
    setTimeout(() => {
      if (source.readyState === EventSource.OPEN) void readState(store, source, then);
    }, RETRY_MS);
  }
}

function setConnection(store: Store, connection: Store["connection"]): void {
  if (store.connection === connection) return;
  store.connection = connection;
  store.changed("connection");
}
