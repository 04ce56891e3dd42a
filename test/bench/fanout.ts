import { openBenchWorld } from "./bench-world";
import { runIncident, rest } from "./incident-run";
import { buildBot } from "./build-bot";
import { prepareDatabase, reachableExternals } from "../support/bench-database";

async function main() {
  const command = await buildBot();
  const bench = await openBenchWorld();
  const known = Array.from({ length: 6 }, (_, i) => bench.addSpace(`Known ${i}`));
  const people = Array.from({ length: 20 }, (_, i) => bench.sandbox.world.addPerson({ name: `Person ${i}` }));
  await prepareDatabase(bench, bench.sandbox.world, known, reachableExternals(100));
  const unseen = Array.from({ length: 5 }, (_, i) => bench.addSpace(`Unseen ${i}`, people));
  const bot = await bench.startBot(command, {
    VOICE_AFTER_SMS_SECONDS: "0", SMS_PER_SECOND: "5000", VOICE_PER_SECOND: "5000",
    MAX_TEXTS_PER_HOUR: "1000", MAX_CALLS_PER_HOUR: "1000",
  });
  try {
    for (const space of known) {
      bench.sandbox.world.say({ person: bench.moderator, space, text: "@Muster help" });
    }
    await rest(bench);
    for (const space of known) {
      const run = await runIncident(bench, space, 300);
      console.log("first", run.accepted[0], "last", run.accepted.at(-1));
      for (const c of ["webex", "sms", "voice"]) { const a = run.accepted.filter(x => x.channel === c).map(x => x.at); console.log(c, a[0], a[19], a[39], a[59], a[79], a[99]); }
      console.log(run.calls.slice(0, 10).map(c => `${c.at} ${c.call.replace(/Y2lz\w+/g, "…")}`).join("\n"));
      await rest(bench);
    }
    for (const space of unseen) {
      const run = await runIncident(bench, space, 20);
      console.log("unseen first", run.accepted[0], "last", run.accepted.at(-1));
      console.log(run.calls.slice(0, 14).map(c => `${c.at} ${c.call.replace(/Y2lz\w+/g, "…")}`).join("\n"));
      await rest(bench);
    }
  } finally { await bot.stop(); await bench.close(); }
}
void main();
