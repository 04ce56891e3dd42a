import { createHmac } from "node:crypto";
import { appendFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp, type App } from "../../src/app";
import { parseConfig, readEnv, secretValues } from "../../src/config";
import { createLogger } from "../../src/log";
import { createMetrics } from "../../src/metrics";
import { projectFolder } from "../../src/paths";
import { defaultSettings } from "../../src/sandbox/connect/settings";
import type { SandboxAction, SandboxMessage } from "../../src/sandbox/model";
import { freePort } from "../../src/sandbox/free-port";
import { defaultMeetingSettings } from "../../src/sandbox/webex/meeting-book";
import { defaultOAuthSettings } from "../../src/sandbox/webex/oauth";
import { startSandbox, type Sandbox } from "../../src/sandbox/start-sandbox";
import { ManualClock } from "./manual-clock";
import { StoryLog } from "./story-log";
import { Transcript } from "./story-transcript";

export const SMS_NUMBER = "14085550100";

const WEBHOOK_SECRET = "webhook-secret-of-the-stories";
const CALLBACK_SECRET = "callback-secret-of-the-stories";
/** Texts come signed, receipts and calls do not: their address came with the send. */
const SIGNING = { secret: "signing-secret-of-the-stories", algorithm: "sha256" } as const;
const TABLES = [
  ...["spaces", "members", "responders", "roster", "bridges", "incidents", "teams", "rounds"],
  ...["outbox", "timeline", "cards", "status_cards", "inbox", "numbers", "answers", "calls"],
  ...["grants", "oauth_states", "directory_sync", "attendances", "lobby_cards"],
];
/** It says nothing of what it took, also when asked; stories about receipts change that. */
const quietProvider = { ...defaultSettings, knowsStatus: false, signing: SIGNING };
const SETTLES_WITHIN_MS = 15_000;

export type Variables = Readonly<Record<string, string | undefined>>;

/** One bot, one sandbox and one clock moved by hand, for the stories of a file. */
export class StoryWorld {
  readonly log = new StoryLog();
  readonly transcript: Transcript;
  private running: App | undefined;
  private isChanged = false;

  private constructor(
    readonly clock: ManualClock,
    readonly sandbox: Sandbox,
    readonly folder: string,
    private readonly variables: Variables,
    readonly publicUrl: string,
  ) {
    this.transcript = new Transcript(sandbox);
  }

  /** The bot is not started yet. */
  static async open(choose: (sandbox: Sandbox) => Variables): Promise<StoryWorld> {
    const folder = await mkdtemp(join(tmpdir(), "muster-stories-"));
    const clock = new ManualClock();
    const sandbox = await startSandbox({ clock });
    sandbox.world.addPerson({ name: "Muster", type: "bot" });
    sandbox.world.recordTraffic = process.env.MUSTER_TRAFFIC_FILE !== undefined;
    // PUBLIC_URL must be known before the bot listens.
    const port = await freePort();
    const publicUrl = `http://127.0.0.1:${port}`;
    const variables = { ...environment(sandbox, folder, port), ...choose(sandbox) };
    Object.assign(sandbox.connect.settings, quietProvider);
    sandbox.phones.inboundUrl = `${publicUrl}/webhooks/connect/${CALLBACK_SECRET}`;
    const world = new StoryWorld(clock, sandbox, folder, variables, publicUrl);
    clock.settleWith(() => world.settle());
    return world;
  }

  get app(): App {
    if (!this.running) throw new Error("The bot is not running.");
    return this.running;
  }

  /** As `main` does it, with this clock and this log. */
  async startBot(changed: Variables = {}): Promise<void> {
    const config = parseConfig(readEnv({ ...this.variables, ...changed }));
    const { level } = config.log;
    const log = createLogger({ level, secrets: secretValues(config), destination: this.log });
    const cardsFolder = join(projectFolder(), "cards");
    const parts = { clock: this.clock, log, metrics: createMetrics(), cardsFolder };
    this.running = createApp(config, { ...parts, random: () => 0.5 });
    await this.running.start();
    await this.settle();
  }

  /** With other variables until the end of the story, or with the usual ones again. */
  async restartBot(changed?: Variables): Promise<void> {
    await this.stopBot();
    this.isChanged = changed !== undefined;
    await this.startBot(changed);
  }

  async stopBot(): Promise<void> {
    const { running } = this;
    this.running = undefined;
    await running?.stop();
  }

  /** Until neither the bot nor the stand-ins have anything to do before the clock is moved. */
  async settle(): Promise<void> {
    const giveUpAt = Date.now() + SETTLES_WITHIN_MS;
    await until(giveUpAt, this.untilQuiet());
    if (this.running) await this.transcript.nameCards((id) => this.kindOfCard(id));
  }

  private async kindOfCard(messageId: string): Promise<string | undefined> {
    const row = (await this.app.store.db
      .write("cards")
      .where({ message_id: messageId })
      .first()) as { kind: string } | undefined;
    return row?.kind;
  }

  private async untilQuiet(): Promise<void> {
    const { sandbox, running } = this;
    do {
      await sandbox.idle();
      await running?.idle();
    } while (!sandbox.work.isIdle || running?.isIdle === false);
  }

  /** Webex delivers once more what it has delivered already. */
  async deliverAgain(event: SandboxMessage | SandboxAction): Promise<void> {
    const isPress = "messageId" in event;
    const { world } = this.sandbox;
    const data = {
      id: event.id,
      roomId: event.spaceId,
      roomType: world.spaces.get(event.spaceId)?.type,
      personId: event.personId,
      personEmail: world.person(event.personId).email,
      created: new Date(event.created).toISOString(),
      ...(isPress ? { messageId: event.messageId, type: "submit" } : {}),
    };
    const resource = isPress ? "attachmentActions" : "messages";
    await this.deliver({ resource, event: "created", actorId: event.personId, data });
    await this.settle();
  }

  /** Posts an event to the bot, signed as Webex signs, and gives the status of its answer. */
  async deliver(event: object, secret = WEBHOOK_SECRET): Promise<number> {
    const body = JSON.stringify(event);
    const signature = createHmac("sha1", secret).update(body).digest("hex");
    const response = await fetch(`${this.publicUrl}/webhooks/webex`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-spark-signature": signature },
      body,
    });
    return response.status;
  }

  /** Everything that the bot keeps but leases, for a comparison. */
  async memory(): Promise<Record<string, unknown[]>> {
    const { write } = this.app.store.db;
    const tables = await Promise.all(
      TABLES.map(async (table) => [table, (await write(table).select()) as unknown[]] as const),
    );
    return Object.fromEntries(tables);
  }

  /** What has been queued and neither sent nor given up. */
  async leftovers(): Promise<string[]> {
    const { running } = this;
    if (!running) return [];
    const { write } = running.store.db;
    const sends = (await write("outbox").whereIn("state", ["queued", "sending"])) as {
      kind: string;
      state: string;
    }[];
    const events = (await write("inbox").whereIn("state", ["waiting", "handling"])) as {
      kind: string;
      state: string;
    }[];
    return [...sends, ...events].map(({ kind, state }) => `${kind} (${state})`);
  }

  /** The stand-ins as they are at first; nothing goes on that later stories would hear of. */
  async heal(): Promise<void> {
    await this.endIncidents();
    const { connect, faults, world } = this.sandbox;
    faults.clear();
    Object.assign(connect.settings, quietProvider);
    Object.assign(world.oauth.settings, defaultOAuthSettings());
    Object.assign(world.meetings.settings, defaultMeetingSettings());
    Object.assign(world, {
      readDelay: 0,
      latencyMs: 0,
      meetingInfoStatus: 404,
      listRefusal: 400,
      webhookFailureLimit: 100,
      webhookStyle: { spacing: "none", escapeNonAscii: false, signature: "right" },
    });
    if (this.isChanged) await this.restartBot();
  }

  /** Whoever is silent in one story would be reminded in the next. */
  private async endIncidents(): Promise<void> {
    await this.running?.store.db
      .write("incidents")
      .where({ state: "running" })
      .update({ state: "stopped", renotify_due_at: null });
  }

  async close(): Promise<void> {
    await this.stopBot();
    const failures = this.sandbox.work.takeFailures();
    const { requests } = this.sandbox.world;
    await this.sandbox.close();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
    const file = process.env.MUSTER_TRAFFIC_FILE;
    if (file !== undefined)
      for (const { method, path, status, body, response } of requests)
        appendFileSync(file, `${JSON.stringify({ method, path, status, body, response })}\n`);
    if (failures.length > 0) throw new AggregateError(failures, "The stand-ins have a defect.");
  }
}

function environment(sandbox: Sandbox, folder: string, port: number): Record<string, string> {
  return {
    WEBEX_BOT_TOKEN: sandbox.world.bot().token,
    WEBEX_API_URL: sandbox.webexUrl,
    WEBHOOK_SECRET,
    ENCRYPTION_KEY: Buffer.alloc(32, 7).toString("base64"),
    DATABASE_URL: `sqlite:${join(folder, "muster.sqlite3")}`,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    HOST: "127.0.0.1",
    PORT: String(port),
    METRICS_PORT: "0",
    IMI_API_URL: sandbox.connectUrl,
    IMI_SERVICE_KEY: sandbox.connect.settings.serviceKey,
    CONNECT_CALLBACK_SECRET: CALLBACK_SECRET,
    CONNECT_SIGNING_SECRET: SIGNING.secret,
    SENDER_NAME: "Muster",
    SMS_ORIGIN: SMS_NUMBER,
    VOICE_ORIGIN: `+${SMS_NUMBER}`,
    // Most stories are not about what Muster sends by itself; those that are turn it on.
    RENOTIFY_TIMES: "0",
    STOP_NOTICE: "off",
    CLIENT_ID: sandbox.world.oauth.integration.clientId,
    CLIENT_SECRET: sandbox.world.oauth.integration.clientSecret,
  };
}

async function until(giveUpAt: number, work: Promise<void>): Promise<void> {
  const stop = new AbortController();
  const tooLate = new Promise<never>((_resolve, reject) => {
    const fail = (): void => reject(new Error("The bot does not come to rest."));
    const timer = setTimeout(fail, giveUpAt - Date.now());
    stop.signal.addEventListener("abort", () => clearTimeout(timer));
  });
  try {
    await Promise.race([work, tooLate]);
  } finally {
    stop.abort();
  }
}
