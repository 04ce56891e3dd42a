import { styleText } from "node:util";
import type { SandboxEvent } from "./events";
import { buttonsOf } from "./demo-buttons";
import type { PhoneCall } from "./connect/live-call";
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
  /** What of each call has been printed. */
  private readonly calls = new Map<unknown, { words: string; digits: string }>();
  /** What a card said when it was last printed, by place and title. */
  private readonly cards = new Map<string, ReadonlySet<string>>();

  constructor(
    private readonly screen: Screen,
    /** The name of a phone's owner, for who would otherwise be a number. */
    private readonly ownerOf: (number: string) => string | undefined = () => undefined,
  ) {}

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
    else if (kind === "sms") this.text(payload);
    else if (kind === "call") this.call(payload);
    else if (kind === "membership") this.membership(payload);
    else if (kind === "clock") this.clock(payload);
  }

  /** Somebody presses a button, having filled in some fields of its card. */
  press(person: string, title: string, inputs: Readonly<Record<string, string>>): void {
    const filled = Object.values(inputs).filter((value) => value !== "");
    const typed = filled.length === 0 ? "" : `, with ${filled.join(", ")}`;
    this.say("dim", "", `${person} presses [${title}]${typed}`, "dim");
  }

  private message(payload: Payload): void {
    const isDirect = payload.spaceType === "direct";
    const place = isDirect ? otherOf(payload) : String(payload.spaceTitle);
    const titles = buttonsOf({ attachments: payload.attachments as Attachment[] })
      .map(({ title }) => `[${title}]`)
      .join(" ");
    const card = titles === "" ? text(payload) : `${text(payload)}\n${titles}`;
    const lines = (titles === "" ? card : this.changed(place, card)).split("\n");
    const buttons = lines.at(-1) === titles ? lines.pop() : undefined;
    const words = `${String(payload.personName)}: ${lines.join("\n")}`;
    this.say(isDirect ? "blue" : "cyan", place, words);
    if (buttons !== undefined && titles !== "") this.say("dim", "", buttons, "dim");
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

  private text(payload: Payload): void {
    const isFromPhone = payload.direction === "out";
    const place = this.phone(isFromPhone ? payload.from : payload.to);
    this.say("green", place, `${isFromPhone ? "Writes" : "Text"}: ${text(payload)}`);
  }

  /** Told at each of its changes; what was said and pressed before is not printed again. */
  private call(payload: Payload): void {
    const { digits, id, state, to, words } = payload as unknown as PhoneCall;
    const before = this.calls.get(id);
    this.calls.set(id, { words, digits });
    const say = (what: string): void => this.say("magenta", this.phone(to), what);
    if (before === undefined && words === "") say("Rings");
    if (digits !== (before?.digits ?? "")) say(`Presses ${digits.slice(before?.digits.length)}`);
    const fresh = words.slice(before?.words.length).trim();
    if (fresh !== "") say(`Call: “${fresh}”`);
    if (state === "ended" && words === "") say("Nobody answers");
  }

  /** Enough to tell phones apart. */
  private phone(number: unknown): string {
    const owner = this.ownerOf(String(number));
    return owner === undefined ? `Phone …${String(number).slice(-4)}` : `${owner}'s phone`;
  }

  private membership({ event, personDisplayName, roomType }: Payload): void {
    if (roomType !== "group" || event === "updated") return;
    const what = event === "created" ? "is added to the space" : "is removed from the space";
    this.say("dim", "", `${String(personDisplayName)} ${what}`, "dim");
  }

  private clock({ advanceMs }: Payload): void {
    this.say("dim", "", `… ${duration(Number(advanceMs) / 1_000)} later`, "dim");
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

function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const left = seconds % 60;
  const parts = [
    ...(minutes > 0 ? [`${minutes} ${minutes === 1 ? "minute" : "minutes"}`] : []),
    ...(left > 0 ? [`${left} seconds`] : []),
  ];
  return parts.join(" ");
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
