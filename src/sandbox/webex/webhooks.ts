import { z } from "zod";
import { makeId } from "../ids";
import type { SandboxWebhook } from "../model";
import { ApiError, notFound } from "./api-error";
import {
  checkId,
  NO_CONTENT,
  ok,
  parseBody,
  queried,
  type Answer,
  type Call,
  type Route,
} from "./call";
import { answerPage } from "./paging";
import { iso } from "./views";
import { checkFilter } from "./webhook-filter";

export const webhookRoutes: Route[] = [
  { method: "get", path: "/webhooks", answer: listWebhooks },
  { method: "post", path: "/webhooks", answer: createWebhook },
  { method: "get", path: "/webhooks/:id", answer: (call) => ok(webhookView(ownWebhook(call))) },
  { method: "put", path: "/webhooks/:id", answer: updateWebhook },
  { method: "delete", path: "/webhooks/:id", answer: deleteWebhook },
];

const EVENTS: Record<string, readonly string[]> = {
  all: ["all"],
  attachmentActions: ["created", "all"],
  memberships: ["created", "updated", "deleted", "all"],
  messages: ["created", "updated", "deleted", "all"],
  rooms: ["created", "updated", "migrated", "all"],
  meetings: ["created", "updated", "deleted", "started", "ended", "all"],
  meetingParticipants: ["joined", "left", "all"],
  recordings: ["created", "updated", "deleted", "all"],
};

const TARGET = z.object({
  name: z.string().min(1),
  targetUrl: z.url({ protocol: /^https?$/ }),
  secret: z.string().optional(),
});

const NEW_WEBHOOK = TARGET.extend({
  resource: z.enum(Object.keys(EVENTS)),
  event: z.string().min(1),
  filter: z.string().optional(),
});

function webhookView(webhook: SandboxWebhook): Record<string, unknown> {
  const { id, name, targetUrl, resource, event, filter, secret, orgId, status } = webhook;
  return {
    ...{ id, name, targetUrl, resource, event, filter, secret, orgId, status },
    createdBy: webhook.ownerId,
    created: iso(webhook.created),
    ownedBy: "creator",
  };
}

function listWebhooks(call: Call): Answer {
  if (queried(call, "ownedBy") === "org" && !call.caller.isAdmin) {
    throw new ApiError(403, "Only an admin may list the webhooks of an organization.");
  }
  const own = [...call.state.webhooks.values()].filter(({ ownerId }) => ownerId === call.caller.id);
  const show = webhookView;
  return answerPage(call, own, { size: 100, largest: 100, idOf: ({ id }) => id, show });
}

function createWebhook({ state, caller, body }: Call): Answer {
  const wish = parseBody(NEW_WEBHOOK, body);
  if (EVENTS[wish.resource]?.includes(wish.event) !== true) {
    throw new ApiError(400, `${wish.resource} has no event ${wish.event}.`);
  }
  if (wish.filter !== undefined) checkFilter(wish.resource, wish.filter);
  const webhook: SandboxWebhook = {
    ...wish,
    id: makeId("WEBHOOK"),
    ownerId: caller.id,
    orgId: caller.orgId,
    status: "active",
    created: state.now(),
    failedAt: [],
  };
  state.webhooks.set(webhook.id, webhook);
  return ok(webhookView(webhook));
}

function ownWebhook({ state, caller, params }: Call): SandboxWebhook {
  const webhook = state.webhooks.get(checkId(params.id));
  if (webhook?.ownerId !== caller.id) throw notFound("webhook");
  return webhook;
}

const WEBHOOK_CHANGE = TARGET.extend({
  status: z.literal("active", "a webhook can be made active only").optional(),
});

function updateWebhook(call: Call): Answer {
  const webhook = ownWebhook(call);
  const { name, targetUrl, secret, status } = parseBody(WEBHOOK_CHANGE, call.body);
  Object.assign(webhook, { name, targetUrl, secret: secret ?? webhook.secret });
  if (status === "active") Object.assign(webhook, { status, failedAt: [] });
  return ok(webhookView(webhook));
}

function deleteWebhook(call: Call): Answer {
  call.state.webhooks.delete(ownWebhook(call).id);
  return NO_CONTENT;
}
