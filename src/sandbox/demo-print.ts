import { styleText } from "node:util";
import type { SandboxEvent } from "./events";
import { buttonsOf } from "./demo-buttons";
import type { Attachment } from "./model";

type Color = "cyan" | "blue" | "green" | "magenta" | "dim" | "bold" | "red";

const PLACE_WIDTH = 18;
const MOST_COLUMNS = 110;

export interface Screen {
  columns: number;
  hasColor: boolean;
  write: (line: string) => void;
}

export function terminal(): Screen {
  const { stdout, env } = process;
  return {
    columns: Math.min(stdout.columns || 100, MOST_COLUMNS),
    hasColor: stdout.isTTY && !env.NO_COLOR,
    write: (line) => console.log(line),
  };
}

/** Prints a conversation and phones: where it is said at the left, what is said at the right. */
export class Printer {
  /** Calls whose words have been printed. */
  private readonly spoken = new Set<unknown>();
  /** What a card said when it was last printed, by place and title. */
  private readonly cards = new Map<string, ReadonlySet<string>>();

  constructor(private readonly screen: Screen) {}

  heading(text: string): void {
    this.screen.write(`\n${this.paint("bold", text)}\n`);
  }

  line(text: string): void {
    this.screen.write(`  ${text}`);
  }

  good(text: string): void {
    this.screen.write(`  ${this.paint("green", "✓")} ${text}`);
  }

  bad(text: string): void {
    const [first = "", ...others] = text.split("\n");
    this.screen.write(`  ${this.paint("red", "✗")} ${first}`);
    for (const line of others) this.screen.write(`    ${line}`);
  }

  event({ kind, payload }: SandboxEvent): void {
    if (kind === "message") this.message(payload);
    else if (kind === "sms") this.say("green", shortNumber(payload.to), `Text: ${text(payload)}`);
    else if (kind === "call") this.call(payload);
    else if (kind === "membership") this.membership(payload);
    else if (kind === "clock") this.clock(payload);
  }

  private message(payload: Payload): void {
    const isDirect = payload.spaceType === "direct";
    const place = isDirect ? otherOf(payload) : String(payload.spaceTitle);
    const titles = buttonsOf({ attachments: payload.attachments as Attachment[] })
      .map(({ title }) => `[${title}]`)
      .join(" ");
    const words = titles === "" ? text(payload) : this.changed(place, text(payload));
    this.say(isDirect ? "blue" : "cyan", place, `${String(payload.personName)}: ${words}`);
    if (titles !== "") this.say("dim", "", titles, "dim");
  }

  /** A status card comes again and again; its lines that were there before are left out. */
  private changed(place: string, card: string): string {
    const [title = "", ...lines] = card.split("\n");
    const key = `${place}\n${title}`;
    const before = this.cards.get(key);
    this.cards.set(key, new Set(lines));
    if (before === undefined) return card;
    const fresh = lines.filter((line) => !before.has(line));
    return [title, ...(fresh.length === 0 ? ["(unchanged)"] : fresh)].join("\n");
  }

  /** Told at each of its changes; what it says is printed once. */
  private call(payload: Payload): void {
    if (payload.words === "" || this.spoken.has(payload.id)) return;
    this.spoken.add(payload.id);
    this.say("magenta", shortNumber(payload.to), `Call: “${String(payload.words)}”`);
  }

  private membership({ event, personDisplayName, roomType }: Payload): void {
    if (roomType !== "group" || event === "updated") return;
    const what = event === "created" ? "is added to the space" : "is removed from the space";
    this.say("dim", "", `${String(personDisplayName)} ${what}`, "dim");
  }

  private clock({ advanceMs }: Payload): void {
    this.say("dim", "", `… ${Number(advanceMs) / 1_000} seconds later`, "dim");
  }

  private say(color: Color, place: string, words: string, textColor?: Color): void {
    const width = this.screen.columns - PLACE_WIDTH - 4;
    for (const [index, line] of wrap(words, width).entries()) {
      const left = (index === 0 ? place : "").slice(0, PLACE_WIDTH).padEnd(PLACE_WIDTH);
      const right = textColor ? this.paint(textColor, line) : line;
      this.screen.write(`  ${this.paint(color, left)}  ${right}`);
    }
  }

  private paint(color: Color, words: string): string {
    return this.screen.hasColor ? styleText(color, words) : words;
  }
}

type Payload = SandboxEvent["payload"];

/** Webex's plain text of a mention is the name alone; whoever wrote it saw an "@" before it. */
function text({ text: said, mentionedPeople }: Payload): string {
  if (typeof said !== "string") return "";
  const startsWithMention = Array.isArray(mentionedPeople) && mentionedPeople.length > 0;
  return startsWithMention ? `@${said}` : said;
}

/** A direct conversation is named after its two people, "Muster, Ben Carter". */
function otherOf({ spaceTitle, personName }: Payload): string {
  const [bot = "", person = ""] = String(spaceTitle).split(", ");
  return personName === person ? bot : person;
}

/** Enough to tell phones apart. */
function shortNumber(number: unknown): string {
  return `Phone …${String(number).slice(-4)}`;
}

/** Breaks lines between words; keeps the breaks that are there. */
export function wrap(words: string, width: number): string[] {
  return words.split("\n").flatMap((paragraph) => wrapLine(paragraph.trimEnd(), width));
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(" ")) {
    const longer = current === "" ? word : `${current} ${word}`;
    if (longer.length > width && current !== "") {
      lines.push(current);
      current = word;
    } else current = longer;
  }
  return [...lines, current];
}
