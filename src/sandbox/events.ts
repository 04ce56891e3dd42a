/** What the page, the demo and tests hear of the sandbox as it happens. `payload` is plain JSON. */
export interface SandboxEvent {
  kind:
    "message" | "edited" | "deleted" | "membership" | "sms" | "call" | "clock" | "fault" | "space";
  at: number;
  payload: Readonly<Record<string, unknown>>;
}

type Listener = (event: SandboxEvent) => void;

export class EventBus {
  private readonly listeners = new Set<Listener>();

  emit(event: SandboxEvent): void {
    for (const listener of [...this.listeners]) listener(event);
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
