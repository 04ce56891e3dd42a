import type { DirectoryLack } from "../search-people";
import { plain, shown, withoutContacts, withoutLastDigits } from "./text";

/** The question on a card with those whom a word fits; `question` is one of ours. */
export function severalFit(term: string, question: string, total: number): string {
  const whom = `“${searched(term)}”`;
  return total === 1
    ? `One person fits ${whom}. Is it the one you mean?`
    : `Several people fit ${whom}. ${question}`;
}

export function notFound(term: string): string {
  return `I find nobody called “${searched(term)}” on the roster of this space.`;
}

/** For `add`: nobody who could be added fits; `lack` is why the directory knows nobody. */
export function nobodyToAdd(term: string, lack?: DirectoryLack): string {
  const who = `I cannot find “${searched(term)}”`;
  return lack === undefined
    ? `${who} in the directory, nor among the people with a phone. Check the spelling, write ` +
        "their whole e-mail address, or add somebody with a phone."
    : `${who}. ${directoryLack(lack)} Until then people on Webex are added by their e-mail ` +
        "address: write it, or add somebody with a phone.";
}

/** Why the directory knew nobody, after any answer; "" where it could be looked into. */
export function directoryLack(lack: DirectoryLack | undefined): string {
  return lack === undefined ? "" : lacks[lack];
}

const lacks: Readonly<Record<DirectoryLack, string>> = {
  integration: "The directory is not connected: whoever runs this server can connect it.",
  grant:
    "The directory is not connected: an administrator of your organisation can connect it by " +
    "writing **authorize** to me, in a direct message.",
  sync:
    "The directory was not read yet: **directory**, in a direct message to me, shows an " +
    "administrator why.",
  broken: "I cannot look into the directory for now.",
};

/** A number that was looked for is not repeated in a space. */
function searched(term: string): string {
  return shown(withoutContacts(withoutLastDigits(plain(term, 200))), 80);
}

/** For a search that would find half the organisation. */
export function searchTooShort(least: number): string {
  return (
    `Write at least ${least} letters of the name, the whole e-mail address, or the last four ` +
    "digits of a number."
  );
}
