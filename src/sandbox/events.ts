/** What the page, the demo and tests hear of the sandbox as it happens. `payload` is plain JSON. */
export interface SandboxEvent {
  kind: SandboxEventKind;
  at: number;
  payload: Readonly<Record<string, unknown>>;
}

export type SandboxEventKind =
  | "message"
  | "edited"
  | "deleted"
  | "membership"
  | "space"
  | "person"
  | "meeting"
  | "sms"
  | "call"
  | "clock"
  | "fault"
  | "bot"
  | "notifications";

/** `number` counts all events of one sandbox, from 1. */
type Listener = (event: SandboxEvent, number: number) => void;

export class EventBus {
  private readonly listeners = new Set<Listener>();
  private emitted = 0;

  emit(event: SandboxEvent): void {
    const number = (this.emitted += 1);
    for (const listener of [...this.listeners]) listener(event, number);
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
