import type { SandboxWebhook } from "../model";
import { ApiError } from "./api-error";

export interface WebhookEvent {
  resource: "attachmentActions" | "memberships" | "messages" | "rooms";
  event: "created" | "deleted" | "updated";
  actorId: string;
  data: Readonly<Record<string, unknown>>;
  /** Whether the owner of a webhook may hear of this. */
  isHeardBy: (ownerId: string) => boolean;
}

const FILTER_KEYS: Record<string, readonly string[]> = {
  all: ["roomId", "roomType"],
  attachmentActions: ["roomId", "personId"],
  memberships: ["roomId", "personId", "personEmail", "isModerator"],
  messages: ["roomId", "roomType", "personId", "personEmail", "mentionedPeople", "hasFiles"],
  rooms: ["type", "isLocked"],
};

/** Refuses what Webex would refuse when the webhook is made. */
export function checkFilter(resource: string, filter: string): void {
  const known = FILTER_KEYS[resource] ?? [];
  for (const [key, value] of new URLSearchParams(filter)) {
    if (!known.includes(key) || value === "") {
      throw new ApiError(400, `Invalid filter: ${key} is not supported for ${resource}.`);
    }
  }
}

export function concerns(webhook: SandboxWebhook, event: WebhookEvent): boolean {
  return (
    webhook.status === "active" &&
    matchesResource(webhook, event) &&
    (webhook.event === "all" || webhook.event === event.event) &&
    event.isHeardBy(webhook.ownerId) &&
    passesFilter(webhook, event.data)
  );
}

function matchesResource(webhook: SandboxWebhook, event: WebhookEvent): boolean {
  // "all" has never included presses of cards.
  if (webhook.resource === "all") return event.resource !== "attachmentActions";
  return webhook.resource === event.resource;
}

function passesFilter(webhook: SandboxWebhook, data: Readonly<Record<string, unknown>>): boolean {
  return [...new URLSearchParams(webhook.filter ?? "")].every(([key, wanted]) => {
    const value = wanted === "me" ? webhook.ownerId : wanted;
    if (key === "hasFiles") return Array.isArray(data.files) === (value === "true");
    const actual = data[key];
    return Array.isArray(actual) ? actual.includes(value) : String(actual) === value;
  });
}
