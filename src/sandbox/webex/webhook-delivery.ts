import { createHmac } from "node:crypto";
import { request } from "undici";
import type { Fault } from "../faults";
import { makeId } from "../ids";
import type { SandboxWebhook, WebhookStyle } from "../model";
import type { WorldState } from "../world-state";
import { iso } from "./views";
import { concerns, type WebhookEvent } from "./webhook-filter";

const TIMEOUT_MS = 5_000;
const FAILURE_WINDOW_MS = 5 * 60_000;
/** How long an event waits for a later one to overtake it. */
const OVERTAKING_MS = 2_000;

type Send = () => void;

/** Tells the webhooks of an event by real HTTP, and takes the faults of `webhooks` into account. */
export class WebhookDelivery {
  private readonly tails = new Map<string, Promise<void>>();
  private readonly heldBack = new Map<string, Send[]>();

  constructor(private readonly state: WorldState) {}

  announce(event: WebhookEvent): void {
    for (const webhook of this.state.webhooks.values()) {
      if (concerns(webhook, event)) this.dispatch(webhook, event);
    }
  }

  private dispatch(webhook: SandboxWebhook, event: WebhookEvent): void {
    const { clock, faults } = this.state.context;
    const struck = faults.strike("webhooks", `${event.resource}.${event.event}`);
    const body = write(envelope(webhook, event), this.state.webhookStyle);
    const copies = find(struck, "duplicate") ? 2 : 1;
    const send = (): void => this.sendInTurn(webhook, String(event.data.id), body, copies);
    const late = find(struck, "late");
    if (find(struck, "missing")) return;
    // A delay is not work: whoever waits for rest would otherwise wait for a clock only they move.
    if (late) void clock.sleep(late.delayMs ?? 0).then(send);
    else if (find(struck, "out-of-order")) this.holdBack(webhook, send);
    else send();
  }

  /** One after another for one resource, so that only a fault puts `updated` before `created`. */
  private sendInTurn(webhook: SandboxWebhook, id: string, body: string, copies: number): void {
    const key = `${webhook.id} ${id}`;
    const before = this.tails.get(key) ?? Promise.resolve();
    const turn = before.then(async () => {
      await Promise.all(Array.from({ length: copies }, () => this.post(webhook, body)));
      if (this.tails.get(key) === turn) this.tails.delete(key);
      this.release(webhook.id);
    });
    this.tails.set(key, turn);
    this.state.context.work.track(turn);
  }

  private holdBack(webhook: SandboxWebhook, send: Send): void {
    const waiting = this.heldBack.get(webhook.id) ?? [];
    this.heldBack.set(webhook.id, [...waiting, send]);
    void this.state.context.clock.sleep(OVERTAKING_MS).then(() => this.release(webhook.id));
  }

  private release(webhookId: string): void {
    const waiting = this.heldBack.get(webhookId) ?? [];
    this.heldBack.delete(webhookId);
    for (const send of waiting) send();
  }

  private async post(webhook: SandboxWebhook, body: string): Promise<void> {
    const isTaken = await request(webhook.targetUrl, {
      method: "POST",
      headers: headers(webhook, body, this.state.webhookStyle),
      body,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
    }).then(
      async (response) => {
        await response.body.dump();
        return response.statusCode >= 200 && response.statusCode < 300;
      },
      () => false,
    );
    if (!isTaken) this.countFailure(webhook);
  }

  private countFailure(webhook: SandboxWebhook): void {
    const now = this.state.now();
    webhook.failedAt = webhook.failedAt.filter((at) => at > now - FAILURE_WINDOW_MS);
    webhook.failedAt.push(now);
    if (webhook.failedAt.length >= this.state.webhookFailureLimit) webhook.status = "inactive";
  }
}

function find(struck: readonly Fault[], kind: Fault["kind"]): Fault | undefined {
  return struck.find((fault) => fault.kind === kind);
}

const APP_ID = makeId("APPLICATION");

function envelope(webhook: SandboxWebhook, event: WebhookEvent): Record<string, unknown> {
  return {
    id: webhook.id,
    name: webhook.name,
    targetUrl: webhook.targetUrl,
    resource: event.resource,
    event: event.event,
    filter: webhook.filter,
    orgId: webhook.orgId,
    createdBy: webhook.ownerId,
    appId: APP_ID,
    ownedBy: "creator",
    status: webhook.status,
    created: iso(webhook.created),
    actorId: event.actorId,
    data: event.data,
  };
}

function write(value: unknown, style: WebhookStyle): string {
  const text = JSON.stringify(value, null, style.spacing === "wide" ? 2 : 0);
  if (!style.escapeNonAscii) return text;
  return text.replace(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function headers(
  webhook: SandboxWebhook,
  body: string,
  style: WebhookStyle,
): Record<string, string> {
  const plain = { "content-type": "application/json" };
  if (webhook.secret === undefined || style.signature === "absent") return plain;
  const secret = style.signature === "wrong" ? `not ${webhook.secret}` : webhook.secret;
  const signature = createHmac("sha1", secret).update(body).digest("hex");
  return { ...plain, "X-Spark-Signature": signature };
}
