import { isLoopback, type Config } from "../config";
import type { ConnectClient } from "../connect/connect-client";
import type { Check, CheckResult } from "./checks";

const TIMEOUT_MS = 10_000;

/** Does PUBLIC_URL lead to a running bot, and may Webex be expected to get there? */
export function publicUrlCheck({ http, webex }: Config): Check {
  return {
    name: "public address",
    run: async () => {
      if (isLoopback(http.publicUrl) && !isLoopback(webex.apiUrl)) {
        return { ok: false, advice: "Webex cannot reach this computer; set PUBLIC_URL" };
      }
      return (await answersHealth(http.publicUrl))
        ? { ok: true, advice: http.publicUrl }
        : { ok: false, advice: notReached(http) };
    },
  };
}

async function answersHealth(publicUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(`${publicUrl}/healthz`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return answer.status === 200 && (await answer.text()).trim() === "ok";
  } catch {
    // Whatever fetch fails with, nothing of ours answers there.
    return false;
  }
}

function notReached({ publicUrl, port }: Config["http"]): string {
  return `nothing of ours answers at ${publicUrl}/healthz; start the bot, and see that PUBLIC_URL leads to its port ${port}`;
}

/** Is Webex Connect's key good? Sends nothing. */
export function connectCheck(
  { connect }: Config,
  client: Pick<ConnectClient, "check"> | undefined,
): Check {
  return {
    name: "Webex Connect",
    run: async () => {
      if (!connect || !client) return { ok: true, advice: "off: IMI_SERVICE_KEY is not set" };
      const { isKeyGood, code } = await client.check();
      return isKeyGood ? origins(connect) : { ok: false, advice: refusal(code) };
    },
  };
}

function refusal(code: string | undefined): string {
  const where = "see that IMI_SERVICE_KEY is a key of the service at IMI_API_URL";
  return code === "7010"
    ? "this computer's address is not on the list of allowed ones; add it in Webex Connect"
    : `the key was refused${code === undefined ? "" : ` (${code})`}; ${where}`;
}

function origins({ smsOrigin, voiceOrigin }: NonNullable<Config["connect"]>): CheckResult {
  const off = [
    ...(smsOrigin === undefined ? ["no SMS without SMS_ORIGIN"] : []),
    ...(voiceOrigin === undefined ? ["no calls without VOICE_ORIGIN"] : []),
  ];
  return off.length === 0 ? { ok: true } : { ok: true, advice: off.join(", ") };
}
