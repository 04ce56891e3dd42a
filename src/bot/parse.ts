import { oneLine } from "../notify/template";
import { withoutQuotes } from "./arguments";
import { isSamePerson, mentionsIn, withoutEnd, withoutName, type Mention } from "./mention";
import { suggest, type Phrase } from "./suggest";

export { parseBridge, parseSwitch, withoutQuotes } from "./arguments";

/** A command and the ways to write it, each a list of words in lower case. */
export interface CommandWords {
  verb: string;
  words: readonly (readonly string[])[];
}

export interface CommandLine {
  text: string;
  html?: string;
  botName: string;
  botId: string;
  spaceKind: "group" | "direct";
}

export type ParsedCommand =
  | {
      kind: "command";
      verb: string;
      /** What stands after the command, on one line, as it was written, without quotes around it. */
      rest: string;
      /** The whole line without the bot's name. */
      line: string;
      /** The people mentioned besides the bot. */
      mentions: readonly Mention[];
    }
  | {
      kind: "unknown";
      /** The word that no command begins with. */
      word: string;
      line: string;
      /** The whole line as it was probably meant. */
      suggestion?: string;
    }
  | { kind: "empty" };

const aliases: Readonly<Record<string, readonly string[]>> = {
  start: ["begin", "open", "declare"],
  stop: ["end", "close", "resolve"],
  remind: ["nudge", "ping"],
  help: ["?"],
  authorize: ["authorise"],
};

/** Understands what a person wrote to the bot. Never throws, whatever the text is. */
export function parseCommand(
  input: CommandLine,
  vocabulary: readonly CommandWords[],
): ParsedCommand {
  const line = withoutBot(input);
  const words = line.split(" ").filter((word) => word !== "");
  const [first] = words;
  if (first === undefined) return { kind: "empty" };
  const phrases = phrasesOf(vocabulary);
  const found = longestMatch(words, phrases);
  if (found === undefined) {
    const suggestion = suggest(words, phrases);
    return { kind: "unknown", word: first, line, ...(suggestion !== undefined && { suggestion }) };
  }
  const rest = argumentOf(words.slice(found.written.length));
  return { kind: "command", verb: found.verb, rest, line, mentions: othersIn(input) };
}

/** "start incident: “payments down”" is about payments down. */
function argumentOf(words: readonly string[]): string {
  return withoutQuotes(words.join(" ").replace(/^[-–—:]+ /u, ""));
}

/** The first word of a command as it is called, whichever alias of it was written. */
export function knownAs(word: string): string {
  const spoken = commandWord(word);
  const [known = spoken] =
    Object.entries(aliases).find(([, others]) => others.includes(spoken)) ?? [];
  return known;
}

interface VerbPhrase extends Phrase {
  verb: string;
}

function phrasesOf(vocabulary: readonly CommandWords[]): VerbPhrase[] {
  return vocabulary.flatMap(({ verb, words }) =>
    words.flatMap((shown) => writings(shown).map((written) => ({ verb, shown, written }))),
  );
}

/** A phrase, the same with each alias of its first word, and all of them without "incident". */
function writings(phrase: readonly string[]): (readonly string[])[] {
  const [first = "", ...others] = phrase;
  const begun = [first, ...(aliases[first] ?? [])].map((word) => [word, ...others]);
  if (others.at(-1) !== "incident") return begun;
  return [...begun, ...begun.map((words) => words.slice(0, -1))];
}

const MOST_COMMAND_WORDS = 4;

function longestMatch(
  words: readonly string[],
  phrases: readonly VerbPhrase[],
): VerbPhrase | undefined {
  const spoken = words.slice(0, MOST_COMMAND_WORDS).map(commandWord);
  const fitting = phrases.filter(
    ({ written }) => written.length > 0 && written.every((word, index) => word === spoken[index]),
  );
  // Stable: of two equally long ones the first in the vocabulary, and what it names itself first.
  return fitting.sort((one, other) => other.written.length - one.written.length)[0];
}

/** A word as it is compared: "Status?" is "status", while "?" alone stays what it is. */
function commandWord(word: string): string {
  const bare = word.normalize("NFKC").toLowerCase();
  return withoutEnd(bare.replace(/^["'“”„‘’]+/u, ""), /["'“”‘’:,;.!?]/u) || bare;
}

function withoutBot(input: CommandLine): string {
  const line = oneLine(input.text);
  const mentions = mentionsIn(input.html).filter(({ personId }) =>
    isSamePerson(personId, input.botId),
  );
  const names = [...mentions.map(({ name }) => name), input.botName].map(oneLine);
  // The longest first: "Muster" must not leave the "Bot" of "Muster Bot" behind.
  names.sort((one, other) => other.length - one.length);
  const place = input.spaceKind === "direct" ? "leading" : "any";
  for (const name of names) {
    const without = withoutName(line, name, place);
    if (without !== undefined) return without;
  }
  return line;
}

function othersIn({ html, botId, botName }: CommandLine): Mention[] {
  const mentions = mentionsIn(html);
  const others = mentions.filter(({ personId }) => !isSamePerson(personId, botId));
  if (others.length < mentions.length) return others;
  return others.filter(({ name }) => oneLine(name) !== oneLine(botName));
}
