import { benchDirectory } from "./directory";
import { benchFanout } from "./fanout";
import { benchInstall } from "./install";
import { benchPage } from "./page";
import { benchPress } from "./press";
import { benchReceipts } from "./receipts";
import { printRow, type Row } from "./row";
import { benchStart } from "./start";

/** Groups of rows of the table of numbers to reach; each prints what it does and returns its rows. */
const benches: Readonly<Record<string, () => Promise<Row[]>>> = {
  fanout: benchFanout,
  press: benchPress,
  receipts: benchReceipts,
  start: benchStart,
  directory: benchDirectory,
  install: benchInstall,
  page: benchPage,
};

async function main(wanted: readonly string[]): Promise<void> {
  const known = Object.keys(benches);
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`No bench is called ${unknown.join(", ")}. There are: ${known.join(", ")}.`);
    process.exitCode = 1;
    return;
  }
  for (const [name, bench] of Object.entries(benches)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.log(`\n${name}`);
    const rows = await bench();
    for (const row of rows) printRow(row);
    if (rows.some((row) => !row.isGood)) process.exitCode = 1;
  }
}

void main(process.argv.slice(2));
