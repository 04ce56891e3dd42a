import type { WebhookEnvelope } from "./envelope";

/** What Webex posts about an event, of whichever resource. */
export interface WebexEvent {
  resource: string;
  event: string;
  actorId?: string | undefined;
  data: Readonly<Record<string, unknown>> & { id: string };
}

/** Where events are kept until they are handled. */
export interface EventInbox {
  add(row: {
    kind: "message" | "action";
    key: string;
    spaceId: string;
    personId: string;
    occurredAt: number;
    body: WebhookEnvelope;
  }): Promise<"stored" | "duplicate">;
  /** A hint that a space is not as it was. */
  addOwn(event: { kind: "reread-space"; spaceId: string }): Promise<void>;
}

/**
 * Keeps what somebody wrote or pressed, and hints that a space has changed. The bot's own messages
 * and what nobody handles are dropped. Resolves when what is kept is on disk.
 */
export async function receiveEvent(
  event: WebexEvent,
  inbox: EventInbox,
  context: { botId: string | undefined; now: number },
): Promise<"stored" | "duplicate" | "dropped"> {
  const spaceId = changedSpace(event);
  if (spaceId !== undefined) {
    await inbox.addOwn({ kind: "reread-space", spaceId });
    return "stored";
  }
  const envelope = toEnvelope(event);
  if (!envelope || envelope.data.personId === context.botId) return "dropped";
  return addEnvelope(envelope, inbox, context.now);
}

/** Keeps one message or press; the same one again is a duplicate however it came. */
export function addEnvelope(
  envelope: WebhookEnvelope,
  inbox: EventInbox,
  now: number,
): Promise<"stored" | "duplicate"> {
  const { id, roomId, personId, created } = envelope.data;
  const writtenAt = created === undefined ? Number.NaN : Date.parse(created);
  return inbox.add({
    kind: envelope.resource === "messages" ? "message" : "action",
    key: `${envelope.resource}:${envelope.event}:${id}`,
    spaceId: roomId,
    personId,
    occurredAt: Number.isFinite(writtenAt) ? writtenAt : now,
    body: envelope,
  });
}

/** The group space whose members or settings changed; direct conversations do not matter. */
function changedSpace({ resource, event, data }: WebexEvent): string | undefined {
  if (resource === "memberships" && data.roomType !== "direct") return text(data.roomId);
  const isRoomChange = event === "updated" || event === "deleted";
  if (resource === "rooms" && isRoomChange && data.type !== "direct") return text(data.id);
  return undefined;
}

function toEnvelope({ resource, event, data }: WebexEvent): WebhookEnvelope | undefined {
  if (event !== "created") return undefined;
  if (resource !== "messages" && resource !== "attachmentActions") return undefined;
  const roomId = text(data.roomId);
  const personId = text(data.personId);
  if (roomId === undefined || personId === undefined) return undefined;
  const { roomType } = data;
  const personEmail = text(data.personEmail);
  const created = text(data.created);
  return {
    resource,
    event: "created",
    data: {
      id: data.id,
      roomId,
      personId,
      ...(personEmail === undefined ? {} : { personEmail }),
      ...(roomType === "group" || roomType === "direct" ? { roomType } : {}),
      ...(created === undefined ? {} : { created }),
    },
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
