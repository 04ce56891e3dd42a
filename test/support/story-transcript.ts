import type { PhoneCall } from "../../src/sandbox/connect/live-call";
import type { SandboxEvent } from "../../src/sandbox/events";
import type { SandboxMessage } from "../../src/sandbox/model";
import type { Sandbox } from "../../src/sandbox/start-sandbox";
import { cardText } from "./story-cards";

/** One thing that happened in a story. What the bot does must be expected by somebody. */
export type Line = Post | Deleted | Sms | Call | Aside;

export interface Post {
  kind: "post";
  isExpected: boolean;
  isFromBot: boolean;
  message: SandboxMessage;
  author: string;
  /** Where it was read: a space's title, or whom it was written to. */
  where: string;
  /** The other one in a direct conversation with the bot. */
  directWith: string | undefined;
  card: object | undefined;
  /** As the card's row says; "plain" for a card without a row. */
  cardKind: string | undefined;
}

interface Deleted {
  kind: "deleted";
  messageId: string;
}

interface Sms {
  kind: "sms";
  isExpected: boolean;
  number: string;
  text: string;
}

interface Call {
  kind: "call";
  isExpected: boolean;
  number: string;
  call: Readonly<PhoneCall>;
}

/** What people did, for whoever reads the conversation. */
interface Aside {
  kind: "aside";
  text: string;
}

/** Everything that was said, deleted, texted and called since the story began. */
export class Transcript {
  private list: Line[] = [];

  constructor(private readonly sandbox: Sandbox) {
    sandbox.events.listen((event) => this.hear(event));
  }

  get lines(): readonly Line[] {
    return this.list;
  }

  posts(): Post[] {
    return this.list.filter((line) => line.kind === "post");
  }

  begin(): void {
    this.list = [];
  }

  note(text: string): void {
    this.list.push({ kind: "aside", text });
  }

  /** What the bot did and nobody has expected. */
  unexpected(): (Post | Sms | Call)[] {
    return this.list.filter(
      (line): line is Post | Sms | Call => "isExpected" in line && !line.isExpected,
    );
  }

  toString(): string {
    return this.list.map(show).join("\n");
  }

  private hear({ kind, payload }: SandboxEvent): void {
    const { phones, world } = this.sandbox;
    if (kind === "message") this.hearMessage(world.message(String(payload.messageId)));
    if (kind === "deleted")
      this.list.push({ kind: "deleted", messageId: String(payload.messageId) });
    if (kind === "sms" && payload.direction === "in") {
      const { text, to } = payload;
      this.list.push({ kind: "sms", isExpected: false, number: String(to), text: String(text) });
    }
    if (kind === "call" && payload.state === "ringing") {
      const number = String(payload.to);
      const call = phones.at(number).calls.at(-1);
      if (call) this.list.push({ kind: "call", isExpected: false, number, call });
    }
  }

  private hearMessage(message: SandboxMessage): void {
    const { world } = this.sandbox;
    const bot = world.bot();
    const isFromBot = message.personId === bot.id;
    const space = world.space(message.spaceId);
    const other = world.membersOf(space.id).find(({ personId }) => personId !== bot.id);
    const directWith = space.type === "direct" ? other?.personId : undefined;
    const [attachment] = message.attachments;
    this.list.push({
      kind: "post",
      isExpected: !isFromBot,
      isFromBot,
      message,
      author: world.person(message.personId).displayName,
      where: directWith === undefined ? space.title : `to ${world.person(directWith).displayName}`,
      directWith,
      card: attachment?.content,
      cardKind: undefined,
    });
  }

  /** Asks of each new card what kind it is. */
  async nameCards(kindOf: (messageId: string) => Promise<string | undefined>): Promise<void> {
    for (const post of this.posts())
      if (post.card && post.cardKind === undefined)
        post.cardKind = (await kindOf(post.message.id)) ?? "plain";
  }
}

export function show(line: Line): string {
  switch (line.kind) {
    case "post":
      return indent(`${mark(line)} (${line.where}) ${line.author}: `, postText(line));
    case "sms":
      return indent(`${mark(line)} (${line.number}) SMS: `, line.text);
    case "call":
      return indent(`${mark(line)} (${line.number}) call: `, line.call.words);
    case "deleted":
      return `  a message was deleted`;
    case "aside":
      return `  ${line.text}`;
  }
}

/** What a reader sees: the card where there is one, else the text. */
export function postText({ card, cardKind, message }: Post): string {
  return card === undefined ? message.text : `[${cardKind ?? "card"}]\n${cardText(card)}`;
}

function mark({ isExpected }: { isExpected: boolean }): string {
  return isExpected ? " " : ">";
}

function indent(head: string, text: string): string {
  return head + text.replaceAll("\n", "\n      ");
}
