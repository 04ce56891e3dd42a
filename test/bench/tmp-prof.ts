import { buildBot } from "./build-bot";
import { openBenchWorld } from "./bench-world";
import { prepareDatabase, reachableExternals } from "../support/bench-database";
import { rest, runIncident } from "./incident-run";
async function main() {
  const built = await buildBot();
  const args = process.env.PRE ? ["--require", process.env.PRE] : ["--cpu-prof", "--cpu-prof-interval=500", "--cpu-prof-dir=/tmp/prof"];
  const bench = await openBenchWorld();
  const known = Array.from({ length: 6 }, (_, i) => bench.addSpace(`Known ${i}`));
  await prepareDatabase(bench, bench.sandbox.world, known, reachableExternals(100));
  const bot = await bench.startBot([built[0], ...args, built[1]] as never, {
    VOICE_AFTER_SMS_SECONDS: "0", SMS_PER_SECOND: "5000", VOICE_PER_SECOND: "5000", MAX_TEXTS_PER_HOUR: "1000", MAX_CALLS_PER_HOUR: "1000" });
  for (const space of known) bench.sandbox.world.say({ person: bench.moderator, space, text: "@Muster help" });
  await rest(bench);
  for (const space of known) {
    if (process.env.PRE) { process.kill(bot.pid!, "SIGUSR2"); await new Promise(r => setTimeout(r, 200)); }
    const run = await runIncident(bench, bot, space, 300);
    console.log(run.accepted[0]!.at, run.accepted.at(-1)!.at, run.cpuMs);
    await rest(bench);
  }
  if (process.env.PRE) { process.kill(bot.pid!, "SIGUSR2"); await new Promise(r => setTimeout(r, 200)); const q = bot.lines.filter(l => l.startsWith("Q")); console.log(q.slice(-46).join("\n")); }
  await bot.stop(); await bench.close();
}
void main();
