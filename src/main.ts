import { join } from "node:path";
import { config as loadEnvFile } from "dotenv";
import { createApp, type App } from "./app";
import { followClockFile, SystemClock } from "./clock";
import { parseConfig, readEnv, secretValues, startNotices, type Config } from "./config";
import { ConfigError } from "./errors";
import { createLogger, type Logger } from "./log";
import { collectProcessMetrics, createMetrics, type Metrics } from "./metrics";
import { projectFolder } from "./paths";
import { DatabaseInUseError } from "./store/process-lock";
import { SchemaTooNewError } from "./store/migrate";
import { isFrameworkError } from "./webex/framework-failure";

/** A load balancer's patience; afterwards what is left is another process's, under its lease. */
const DRAIN_MS = 9_000;
const DRAIN_AFTER_BUG_MS = 5_000;

async function main(): Promise<void> {
  loadEnvFile({ quiet: true });
  const config = readConfig();
  if (!config) return;
  const log = createLogger({ level: config.log.level, secrets: secretValues(config) });
  for (const notice of startNotices(config)) log.warn({}, notice);
  Object.assign(process.env, config.webex.sdkEnvironment);
  const clock = new SystemClock();
  if (config.clockFile !== undefined) followClockFile(clock, config.clockFile);
  const metrics = createMetrics();
  collectProcessMetrics(metrics);
  const cardsFolder = join(projectFolder(), "cards");
  const app = createApp(config, { clock, log, metrics, cardsFolder });
  watchRejections(app, log, metrics);
  if (!(await start(app, log))) return;
  const { http, metricsPort } = { ...config, metricsPort: app.ports.metrics };
  log.info({ port: app.ports.http, metricsPort, publicUrl: http.publicUrl }, "Muster is running");
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => void drain(app, log, 0, DRAIN_MS));
}

/** Every problem by name, each with an example; then the process ends by itself with code 1. */
function readConfig(): Config | undefined {
  try {
    return parseConfig(readEnv(process.env));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write("Muster cannot start with this configuration:\n");
    for (const { variable, rule, example } of error.problems)
      process.stderr.write(
        `  ${variable}: ${rule}${example === undefined ? "" : ` (example: ${example})`}\n`,
      );
    process.exitCode = 1;
    return undefined;
  }
}

async function start(app: App, log: Logger): Promise<boolean> {
  try {
    await app.start();
    return true;
  } catch (error) {
    const isForAdministrator =
      error instanceof ConfigError ||
      error instanceof DatabaseInUseError ||
      error instanceof SchemaTooNewError;
    if (isForAdministrator) process.stderr.write(`Muster cannot start: ${error.message}\n`);
    else log.error({ err: error }, "Muster cannot start");
    process.exitCode = 1;
    return false;
  }
}

let isDraining = false;

async function drain(app: App, log: Logger, exitCode: number, withinMs: number): Promise<void> {
  if (isDraining) return;
  isDraining = true;
  log.info({}, "stopping");
  // What hangs in the framework must not keep the process alive; leases bring back what was cut off.
  setTimeout(() => process.exit(exitCode), withinMs).unref();
  await app.stop();
  log.info({}, "stopped");
  process.exit(exitCode);
}

/** The framework drops promises of its own; any other rejection without an owner is our bug. */
function watchRejections(app: App, log: Logger, metrics: Metrics): void {
  process.on("unhandledRejection", (err) => {
    if (isFrameworkError(err)) {
      metrics.frameworkErrors.inc();
      log.error({ err }, "a rejection inside the bot framework");
      return;
    }
    log.error({ err }, "a promise without an owner was rejected");
    void drain(app, log, 1, DRAIN_AFTER_BUG_MS);
  });
}

void main();
