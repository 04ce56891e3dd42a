import { cardsToCheck, createCardCheck } from "./cards-check";
import { readContractData, type ContractData } from "./data";
import { Exceptions, type Tally } from "./tally";
import { OpenApiCheck } from "./openapi-check";
import { exceptions } from "./exceptions";
import { storyTraffic, type Exchange } from "./traffic";
import { tour } from "./tour";

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

/** Holds the bot's calls, the stand-in's answers and the cards against what is published of them. */
async function main(): Promise<void> {
  const data = readContractData();
  console.log("Running the stories …");
  const { exchanges, problem } = await storyTraffic();
  const visited = await tour();
  const known = new Exceptions(exceptions);
  const tallies = [
    checkStories(exchanges, problem),
    checkCalls(data, "story", exchanges, known),
    checkCalls(data, "tour", visited, known),
    checkCards(data, exchanges),
    known.tally(),
  ];
  for (const { title, passed, failures } of tallies) print(title, passed, failures);
  const passed = sum(tallies.map((tally) => tally.passed));
  const failed = sum(tallies.map((tally) => tally.failures.length));
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

/** A check of nothing must not look like a check that all is well. */
function checkStories(exchanges: readonly Exchange[], problem: string | undefined): Tally {
  const failures = problem === undefined ? [] : [problem];
  if (exchanges.length === 0) failures.push("The stories made no call that could be checked.");
  return { title: "stories", passed: failures.length === 0 ? 1 : 0, failures };
}

function checkCalls(
  { webex }: ContractData,
  source: string,
  exchanges: readonly Exchange[],
  known: Exceptions,
): Tally {
  const check = new OpenApiCheck(webex);
  const failures = new Map<string, number>();
  let passed = 0;
  for (const exchange of exchanges) {
    const { request, answer } = check.check(exchange);
    for (const problems of [request, answer]) {
      const left = problems.filter((one) => !known.cover(one));
      if (left.length === 0) passed += 1;
      for (const { operation, part, detail } of left)
        count(failures, `${operation}, ${part}: ${detail}`);
    }
  }
  return { title: `calls and answers, ${source}`, passed, failures: describe(failures) };
}

function checkCards({ card: schema }: ContractData, exchanges: readonly Exchange[]): Tally {
  const check = createCardCheck(schema);
  const cards = cardsToCheck(exchanges);
  const wrong = cards.flatMap(({ name, card }) => {
    const problems = check(card);
    return problems.length === 0 ? [] : [`${name}: ${problems.slice(0, 3).join("; ")}`];
  });
  return { title: "cards", passed: cards.length - wrong.length, failures: wrong };
}

function count(failures: Map<string, number>, what: string): void {
  failures.set(what, (failures.get(what) ?? 0) + 1);
}

function describe(failures: ReadonlyMap<string, number>): string[] {
  return [...failures].map(([what, times]) => (times === 1 ? what : `${what} (${times} times)`));
}

function print(title: string, passed: number, failures: readonly string[]): void {
  console.log(`\n${title}: ${passed} passed, ${failures.length} failed`);
  for (const failure of failures) console.log(`  ✗ ${failure}`);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
