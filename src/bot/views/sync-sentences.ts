import type { SyncCounts } from "../../directory/directory";
import type { SyncFailure } from "../../directory/ports";
import { shown, thousands } from "./text";
import { utcTime } from "./time";

export function readingAlready(): string {
  return "The directory is being read at this moment. **directory** shows how it goes.";
}

export function readingBegins(): string {
  return "I read the directory anew and tell you here how it goes.";
}

/** What can be done without a new reading, for after "until then". */
export function whatStays(inUse: number | undefined): string {
  return inUse === undefined
    ? "people are added by their full e-mail address"
    : `the old copy with ${thousands(inUse, "person", "people")} stays in use`;
}

/** Why a number of the directory's is kept and not dialled. */
export const NOT_DIALLED = "unreadable, premium-rate, or in a country that is not allowed";

/** The line that is edited while the directory is read. */
export function progress(people: number, waitsUntil?: number): string {
  const read = `Reading the directory: ${thousands(people, "person", "people")} so far.`;
  return waitsUntil === undefined
    ? read
    : `${read} Webex is busy; I go on at ${utcTime(waitsUntil)}.`;
}

/** What came of reading the directory, for who waits for it. */
export function synced(counts: SyncCounts, dueAt: number, now: number): string {
  const { people, undialledNumbers, withoutEmail } = counts;
  return [
    `The directory is read: ${thousands(people, "person", "people")}.`,
    "Moderators add anyone with **add** and three letters of the name.",
    withoutEmail > 0
      ? `${thousands(withoutEmail, "person", "people")} without an e-mail address can be found by name only.`
      : "",
    undialledNumbers > 0
      ? `${thousands(undialledNumbers, "number", "numbers")} that I do not dial: ${NOT_DIALLED}.`
      : "",
    `I read it again at ${utcTime(dueAt, now)}.`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

/** Why reading the directory came to nothing, what stays, and what happens next. */
export function syncFailed(failure: SyncFailure, now: number): string {
  const { dueAt, inUse, people, reason } = failure;
  const stopped = people > 0 ? ` I stopped after ${thousands(people, "person", "people")}.` : "";
  const then = dueAt === undefined ? "" : ` I try again at ${utcTime(dueAt, now)}.`;
  return (
    `The directory could not be read, because ${shown(reason, 200)}.${stopped} Until it is, ` +
    `${whatStays(inUse)}.${then}${whatToDo(failure)}`
  );
}

function whatToDo({ why }: SyncFailure): string {
  switch (why) {
    case "grant":
      return " An administrator can authorise anew.";
    case "client":
      return " Whoever runs the server has to correct CLIENT_ID and CLIENT_SECRET.";
    case "refused":
      return (
        " Whoever gave the grant is probably no administrator any more: an administrator can " +
        "authorise anew."
      );
    case "broken":
      return " Whoever runs the server finds more in the log.";
    case "no-answer":
    case "strange":
      return "";
  }
}
