import { styleText } from "node:util";
import type { BotStatus } from "./bot-control";
import type { DefaultWorld } from "./default-world";
import type { Sandbox } from "./start-sandbox";

/** What a newcomer reads at once: where to look, and what to do there. */
export function introduction({ origin }: Pick<Sandbox, "origin">, world: DefaultWorld): string {
  const { bot, moderator, moderatedSpace, phones } = world;
  const [phone = { owner: "", number: "" }] = phones;
  return `
Muster's sandbox: a Webex, phones and the bot on this computer alone.

  ${strong(`Open ${origin}/`)}

There, speak as ${moderator} in "${moderatedSpace}" and write:

  @${bot} add external ${phone.owner}   (with ${phone.number}: one of the phones)
  @${bot} start incident payments down

Ctrl-C stops it.
`;
}

/** What the terminal says besides. */
export function details(
  { origin }: Pick<Sandbox, "origin">,
  { moderator, moderatedSpace, bot, phones }: DefaultWorld,
  { url, log }: { url: string; log: string | undefined },
): string {
  const [phone = { number: "" }] = phones;
  const speech = { person: moderator, space: moderatedSpace, text: `@${bot} ready` };
  return `The bot is ready at ${url}.${log === undefined ? "" : ` Its log: ${log}`}

Everything on the page can be done with curl, too (docs/sandbox.md):
  ${post(origin, "say", speech)}
  ${post(origin, `phones/${phone.number}`, { text: "Y" })}
  ${post(origin, "clock", { advanceMs: 600_000 })}
  curl -sN ${origin}/_sandbox/events
`;
}

/** When the bot is no longer there while the sandbox is. */
export function botEnded(
  { origin }: Pick<Sandbox, "origin">,
  { ending = "for no known reason", lines = [], isUnexpected }: BotStatus,
): string {
  const again = `Start it again on the page, or with
  ${post(origin, "bot", { action: "start" })}
`;
  if (!isUnexpected) return `The bot was stopped (${ending}). ${again}`;
  const last = ["Its last lines:", ...lines.map((line) => `  ${line}`)].join("\n");
  return `${strong(`The bot ended by itself (${ending}).`)} ${last}\n${again}`;
}

function strong(text: string): string {
  return process.stdout.isTTY && !process.env.NO_COLOR ? styleText("bold", text) : text;
}

function post(origin: string, path: string, body: object): string {
  const url = `${origin}/_sandbox/${path}`;
  return `curl -s ${url} -H 'content-type: application/json' -d '${JSON.stringify(body)}'`;
}
