import type { BotProcess } from "../../src/sandbox/bot-process";

/** One number from the bot's own metrics. */
export async function readMetric(bot: BotProcess, name: string): Promise<number> {
  const response = await fetch(`${bot.metricsUrl}/metrics`);
  const line = (await response.text()).split("\n").find((one) => one.startsWith(`${name} `));
  if (line === undefined) throw new Error(`The bot has no metric ${name}.`);
  return Number(line.slice(name.length));
}
