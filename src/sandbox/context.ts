import type { Clock } from "../clock";
import type { EventBus } from "./events";
import type { Faults } from "./faults";
import type { Work } from "./work";

/** What every stand-in may use. One context serves Webex and Webex Connect of one sandbox. */
export interface SandboxContext {
  clock: Clock;
  events: EventBus;
  faults: Faults;
  work: Work;
  /** `http://127.0.0.1:<port>`, known once the server listens; read it late. */
  origin: () => string;
}
