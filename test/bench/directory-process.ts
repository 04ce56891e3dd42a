import { setTimeout as wait } from "node:timers/promises";
import { SystemClock } from "../../src/clock";
import type { DirectoryPerson } from "../../src/directory/directory";
import { DirectorySync } from "../../src/directory/sync-directory";
import { dialable } from "../../src/roster/phone-number";
import { GeneratedDirectory } from "../../src/sandbox/directory";
import { openStore } from "../../src/store/open-store";
import type { Store } from "../../src/store/store";
import { createAsPerson } from "../../src/webex/as-person";
import { WebexRest } from "../../src/webex/rest";
import { percentile } from "./numbers";

/** What the parent gives, as JSON. */
export interface SearchWish {
  databaseUrl: string;
  webexUrl: string;
  /** Of an administrator. */
  token: string;
  few: number;
  many: number;
}

/** What this process prints, as one line of JSON. Milliseconds. */
export interface SearchTimes {
  fewP99: number;
  duringP99: number;
  searchesDuring: number;
  manyP99: number;
  /** By what was looked for. */
  manyEach: Record<string, number>;
  /** The numbers of a thousand people. */
  numbersMs: number;
}

const SEARCHES = 3_000;
const BETWEEN_MS = 10;
const PAGE = 1_000;
const WITH_NUMBERS = 1_000;
const RULES = { defaultCountry: "US", dialCountries: "*" } as const;

/** Searches in a directory as the bot does, in a process of its own that does nothing else. */
async function main(wish: SearchWish): Promise<SearchTimes> {
  const store = await openStore({
    databaseUrl: wish.databaseUrl,
    encryptionKeys: [Buffer.alloc(32, 1)],
    clock: new SystemClock(),
    limits: { textsPerHour: 1, callsPerHour: 1 },
    rates: {},
    directoryNumbers: {
      smsPhoneType: "mobile",
      voicePhoneType: "work",
      dialable: (text) => dialable(text, RULES),
    },
  });
  try {
    await write(store, wish.few);
    const few = await searchAll(store, wish.few);
    const during = await searchDuringSync(store, wish);
    await write(store, wish.many);
    const many = await searchAll(store, wish.many);
    return {
      fewP99: percentile([...few.values()].flat(), 0.99),
      duringP99: percentile(during, 0.99),
      searchesDuring: during.length,
      manyP99: percentile([...many.values()].flat(), 0.99),
      manyEach: Object.fromEntries([...many].map(([kind, all]) => [kind, percentile(all, 0.99)])),
      numbersMs: await timeNumbers(store, wish.many),
    };
  } finally {
    await store.close();
  }
}

async function write(store: Store, size: number): Promise<void> {
  const people = new GeneratedDirectory(size, "org", Date.now());
  const writer = await store.directory.write();
  for (let start = 0; start < size; start += PAGE)
    await writer.add(Array.from({ length: PAGE }, (_, at) => personAt(people, start + at)));
  await writer.replace();
}

function personAt(people: GeneratedDirectory, index: number): DirectoryPerson {
  const { displayName, email, id, phoneNumbers } = people.personAt(index);
  const phones = phoneNumbers.map(({ type, value }) => ({ type, value }));
  return { personId: id, name: displayName, phones, ...(email === "" ? {} : { email }) };
}

/** As moderators look for people; each for somebody who is there, but the last. */
const kinds: Readonly<Record<string, (name: string, email: string) => string>> = {
  "first name": (name) => part(name, 0),
  "three letters of it": (name) => part(name, 0).slice(0, 3),
  "last name": (name) => part(name, -1),
  "three letters of that": (name) => part(name, -1).slice(0, 3),
  both: (name) => name,
  "both, begun": (name) => `${part(name, 0).slice(0, 3)} ${part(name, -1).slice(0, 3)}`,
  "the other way round": (name) => `${part(name, -1)} ${part(name, 0).slice(0, 1)}`,
  address: (_name, email) => email,
  "address, begun": (_name, email) => email.slice(0, 8),
  nobody: (name) => `${part(name, 0)}qx`,
};

function part(name: string, at: number): string {
  return name.split(" ").at(at) ?? name;
}

function termAt(people: GeneratedDirectory, turn: number): { kind: string; term: string } {
  const names = Object.keys(kinds);
  const kind = names[turn % names.length]!;
  // A large prime, so that the directory is gone through without any order.
  const index = (turn * 7_919_993) % people.size;
  return { kind, term: kinds[kind]!(people.nameAt(index), people.personAt(index).email) };
}

async function searchAll(store: Store, size: number): Promise<Map<string, number[]>> {
  const people = new GeneratedDirectory(size, "org", 0);
  const times = new Map<string, number[]>();
  for (let turn = 0; turn < SEARCHES; turn += 1) {
    const { kind, term } = termAt(people, turn);
    times.set(kind, [...(times.get(kind) ?? []), await timeSearch(store, term)]);
  }
  return times;
}

async function timeSearch(store: Store, term: string): Promise<number> {
  const startedAt = performance.now();
  await store.directory.search(term, 20);
  return performance.now() - startedAt;
}

/** Beside a real sync of the same people, in the same process. */
async function searchDuringSync(store: Store, wish: SearchWish): Promise<number[]> {
  const clock = new SystemClock();
  const quiet = { debug: () => undefined, warn: () => undefined };
  const asPerson = createAsPerson(
    (token) => new WebexRest({ baseUrl: wish.webexUrl, token, clock, log: quiet }),
  );
  const sync = new DirectorySync({
    list: { readPage: (next) => asPerson.readPeoplePage(wish.token, next) },
    writer: await store.directory.write(),
    ...{ clock, random: Math.random, signal: new AbortController().signal },
  });
  const over = new AbortController();
  const running = sync.run().finally(() => over.abort());
  const people = new GeneratedDirectory(wish.few, "org", 0);
  const times: number[] = [];
  for (let turn = 0; !over.signal.aborted; turn += 1) {
    // Counted from when somebody asked, so that what keeps the process busy is counted too.
    const due = performance.now() + BETWEEN_MS;
    await wait(BETWEEN_MS);
    await timeSearch(store, termAt(people, turn).term);
    times.push(performance.now() - due);
  }
  const step = await running;
  if (step.kind !== "complete") throw new Error(`The sync ended ${JSON.stringify(step)}.`);
  return times;
}

async function timeNumbers(store: Store, size: number): Promise<number> {
  const people = new GeneratedDirectory(size, "org", 0);
  const ids = Array.from({ length: WITH_NUMBERS }, (_, at) => people.idAt((at * 7_919) % size));
  const startedAt = performance.now();
  await store.directory.numbersOf(ids);
  return performance.now() - startedAt;
}

void main(JSON.parse(process.argv[2] ?? "{}") as SearchWish).then((times) =>
  console.log(JSON.stringify(times)),
);
