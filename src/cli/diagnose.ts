import { SystemClock } from "../clock";
import { parseConfig, secretValues, type Config, type Env } from "../config";
import { ConnectClient } from "../connect/connect-client";
import { ConfigError, type ConfigProblem } from "../errors";
import { createLogger } from "../log";
import { WebexRest } from "../webex/rest";
import { runChecks, type Check, type CheckResult } from "./checks";
import { connectCheck, publicUrlCheck } from "./reach-checks";
import { webexChecks } from "./webex-checks";

export interface DiagnoseOptions {
  env: Env;
  write: (line: string) => void;
  checkDatabase: (config: Config) => Promise<CheckResult>;
  /** Called once the configuration is known and before anything is called. */
  prepare?: (config: Config) => void;
}

/** Everything that `npm run doctor` looks at. True when all is well; every remote call ends in 10 s. */
export async function diagnose(options: DiagnoseOptions): Promise<boolean> {
  const { write } = options;
  const config = readConfiguration(options.env, write);
  if (!config) return false;
  options.prepare?.(config);
  return runChecks(createChecks(config, options), write, secretValues(config));
}

function readConfiguration(env: Env, write: (line: string) => void): Config | undefined {
  try {
    const config = parseConfig(env);
    write("✓ configuration");
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    write("✗ configuration");
    for (const problem of error.problems) write(`    ${describe(problem)}`);
    return undefined;
  }
}

function describe({ variable, rule, example }: ConfigProblem): string {
  return `${variable} ${rule}${example === undefined ? "" : `, for example: ${example}`}`;
}

function createChecks(config: Config, { checkDatabase }: DiagnoseOptions): Check[] {
  const clock = new SystemClock();
  const { apiUrl: baseUrl, botToken: token } = config.webex;
  const rest = new WebexRest({ baseUrl, token, clock, log: createLogger({ level: "silent" }) });
  return [
    { name: "database", run: () => checkDatabase(config) },
    ...webexChecks(config, rest),
    publicUrlCheck(config),
    connectCheck(config, connectClient(config, clock)),
  ];
}

function connectClient({ connect }: Config, clock: SystemClock): ConnectClient | undefined {
  if (!connect) return undefined;
  return new ConnectClient({ baseUrl: connect.apiUrl, serviceKey: connect.serviceKey, clock });
}
