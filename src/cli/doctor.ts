import { config as loadEnvFile } from "dotenv";
import { EnvHttpProxyAgent, setGlobalDispatcher } from "undici";
import { readEnv, type Config } from "../config";
import { checkDatabase } from "../store/check-database";
import { diagnose } from "./diagnose";

loadEnvFile({ quiet: true });

// Whoever reads only the first lines closes the pipe.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

void diagnose({
  env: readEnv(process.env),
  write: (line) => process.stdout.write(`${line}\n`),
  checkDatabase,
  prepare: useProxy,
}).then((isWell) => {
  process.exitCode = isWell ? 0 : 1;
});

function useProxy({ proxy }: Config): void {
  if (!proxy) return;
  const { httpsProxy, noProxy = "" } = proxy;
  setGlobalDispatcher(new EnvHttpProxyAgent({ httpsProxy, noProxy }));
}
