import type { BotProcess } from "./bot-process";
import type { DefaultWorld } from "./default-world";
import type { Sandbox } from "./start-sandbox";

/** What a newcomer reads when the sandbox has started. */
export function introduction(
  { origin }: Sandbox,
  world: DefaultWorld,
  bot: BotProcess,
  logFile: string | undefined,
): string {
  const { moderator, moderatedSpace, openSpace, people, phones } = world;
  const others = people.filter((person) => person !== moderator).join(", ");
  const [phone = ""] = phones;
  return `
Muster's sandbox runs; nothing leaves this computer.

  Control   ${origin}/_sandbox
  Bot       ${bot.url}
  Log       ${logFile ?? "here"}

  Spaces    "${moderatedSpace}": moderated by ${moderator} and ${world.bot}
            "${openSpace}": not moderated
  People    ${moderator} (an admin), ${others}
  Phones    ${phones.join(", ")}

Try:

  Say something in a space, or to the bot alone by leaving out "space":
    ${post(origin, "say", { person: moderator, space: moderatedSpace, text: `@${world.bot} ready` })}

  Press a button of a card; the message's id and the button's data are in the state:
    ${post(origin, "press", { person: moderator, messageId: "…", inputs: { action: "…" } })}

  Open a link of the bot's that asks for your agreement in a browser, or agree to it here:
    ${post(origin, "consent", { link: "…", person: moderator })}

  Fill the organisation's directory:
    ${post(origin, "directory", { size: 100_000 })}

  Answer a text from a phone, or take a call ({"answer":true}, {"digit":"1"}, {"hangup":true}):
    ${post(origin, `phones/${phone}`, { text: "Y" })}

  Let ten minutes pass:
    ${post(origin, "clock", { advanceMs: 600_000 })}

  See everything, or watch what happens:
    curl -s ${origin}/_sandbox/state
    curl -sN ${origin}/_sandbox/events

Stop with Ctrl-C; nothing is kept.
`;
}

function post(origin: string, path: string, body: object): string {
  const url = `${origin}/_sandbox/${path}`;
  return `curl -s ${url} -H 'content-type: application/json' -d '${JSON.stringify(body)}'`;
}
