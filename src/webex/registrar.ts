import { createHash } from "node:crypto";
import { RemoteError } from "../errors";
import type { Logger } from "../log";
import type { NewWebhook, Webhook, WebexClient } from "./webex-client";

/** Webex's "all" leaves presses on cards out. */
const wanted = [
  { resource: "all", event: "all" },
  { resource: "attachmentActions", event: "created" },
] as const;

export type WebhookCalls = Pick<
  WebexClient,
  "listWebhooks" | "createWebhook" | "activateWebhook" | "deleteWebhook"
>;

export interface RegistrarOptions {
  client: WebhookCalls;
  targetUrl: string;
  secret: string;
  log: Logger;
}

export interface RegistrarReport {
  /** Both webhooks exist, active, with our secret. */
  healthy: boolean;
  created: number;
  reactivated: number;
  deleted: number;
  /** Webex had stopped delivering, so events may be missing. */
  wasInactive: boolean;
}

export interface Registrar {
  /** One look and repair; Webex failing makes it unhealthy, not rejected. Run it under a lease. */
  check(): Promise<RegistrarReport>;
}

/** The name of our webhooks for that URL; those of other names belong to somebody else. */
export function webhookName(targetUrl: string): string {
  return `muster-${createHash("sha256").update(targetUrl).digest("hex").slice(0, 8)}`;
}

/** Keeps exactly the two webhooks that the bot needs, and touches none of another name. */
export function createRegistrar(options: RegistrarOptions): Registrar {
  const name = webhookName(options.targetUrl);
  let isSecretKnown = false;
  return {
    async check() {
      const report = { healthy: false, created: 0, reactivated: 0, deleted: 0, wasInactive: false };
      try {
        const round = new Check(options, name, report, isSecretKnown);
        await round.run();
        isSecretKnown = true;
        report.healthy = true;
      } catch (error) {
        if (!(error instanceof RemoteError)) throw error;
        options.log.warn({ err: error }, "the webhooks could not be checked");
      }
      return report;
    },
  };
}

class Check {
  constructor(
    private readonly options: RegistrarOptions,
    private readonly name: string,
    private readonly report: RegistrarReport,
    private readonly isSecretKnown: boolean,
  ) {}

  async run(): Promise<void> {
    const listed = await this.options.client.listWebhooks();
    const ours = listed.filter(({ name }) => name === this.name).sort(byId);
    const good = new Set<string>();
    for (const ensured of await Promise.allSettled(wanted.map((kind) => this.ensure(kind, ours)))) {
      if (ensured.status === "rejected") throw ensured.reason;
      good.add(ensured.value);
    }
    // Only now: deleting first would leave a time without webhooks.
    for (const webhook of ours) if (!good.has(webhook.id)) await this.remove(webhook);
  }

  private async ensure(kind: (typeof wanted)[number], ours: readonly Webhook[]): Promise<string> {
    const fitting = ours.filter((webhook) => this.fits(webhook, kind));
    if (fitting.some(({ status }) => status !== "active")) this.report.wasInactive = true;
    const kept = fitting.find(({ status }) => status === "active") ?? fitting[0];
    const definition = this.definition(kind);
    if (kept === undefined) {
      this.report.created += 1;
      return (await this.options.client.createWebhook(definition)).id;
    }
    if (kept.status !== "active") this.report.reactivated += 1;
    if (kept.status !== "active" || !this.hasSecret(kept))
      await this.options.client.activateWebhook({ ...definition, id: kept.id });
    return kept.id;
  }

  private fits(webhook: Webhook, kind: (typeof wanted)[number]): boolean {
    return (
      webhook.resource === kind.resource &&
      webhook.event === kind.event &&
      webhook.targetUrl === this.options.targetUrl &&
      !webhook.filter
    );
  }

  /** Where Webex does not tell the secret, the first check of a process sets it: it may be new. */
  private hasSecret({ secret }: Webhook): boolean {
    return secret == null ? this.isSecretKnown : secret === this.options.secret;
  }

  private definition(kind: (typeof wanted)[number]): NewWebhook {
    const { targetUrl, secret } = this.options;
    return { name: this.name, targetUrl, secret, ...kind };
  }

  private async remove(webhook: Webhook): Promise<void> {
    await this.options.client.deleteWebhook(webhook.id);
    this.report.deleted += 1;
  }
}

/** The same order in every process, so that two of them keep the same webhook. */
function byId(a: Webhook, b: Webhook): number {
  return a.id < b.id ? -1 : 1;
}
