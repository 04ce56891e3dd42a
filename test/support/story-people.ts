import type { PhoneCall } from "../../src/sandbox/connect/live-call";
import type { SandboxAction, SandboxMessage, UploadedFile } from "../../src/sandbox/model";
import type { Consented, Decision } from "../../src/sandbox/world";
import { buttonsOf, linksOf, type CardButton } from "./story-cards";
import { postText, show, type Post, type Transcript } from "./story-transcript";
import type { StoryWorld } from "./story-world";

/** A button on a card that stands, as one person sees it. */
export interface SeenButton extends CardButton {
  messageId: string;
}

export interface PressOptions {
  /** Only cards of this space; else also those of other spaces and of direct conversations. */
  in?: SpaceInStory;
  /** What is typed into the card's fields. */
  inputs?: Readonly<Record<string, unknown>>;
  /** Whom or what is chosen in the card's list; several where it takes several. */
  choose?: string | readonly string[];
}

/** What the bot did and is now expected: it is taken off the list of surprises. */
function take(transcript: Transcript, what: string, fits: (post: Post) => boolean): Post {
  const waiting = transcript.posts().filter((post) => post.isFromBot && !post.isExpected);
  const found = waiting.find(fits);
  if (!found) throw new Error(`The bot wrote nothing like ${what}.`);
  found.isExpected = true;
  return found;
}

function nothing(what: string, surprises: readonly Parameters<typeof show>[0][]): void {
  if (surprises.length === 0) return;
  throw new Error(`${what} should have got nothing:\n${surprises.map(show).join("\n")}`);
}

export class SpaceInStory {
  constructor(
    readonly id: string,
    private readonly world: StoryWorld,
  ) {}

  get title(): string {
    return this.world.sandbox.world.space(this.id).title;
  }

  /** The names of those who are in it, without the bot. */
  get people(): string[] {
    const { world } = this.world.sandbox;
    return world
      .membersOf(this.id)
      .map(({ personId }) => world.person(personId))
      .filter(({ type }) => type === "person")
      .map(({ displayName }) => displayName);
  }

  /** A message of the bot's without a card. */
  expectSaid(pattern: RegExp): SandboxMessage {
    const fits = (post: Post): boolean =>
      post.card === undefined && pattern.test(post.message.text);
    return this.take(String(pattern), fits).message;
  }

  expectCard(kind: string, pattern = /(?:)/): SandboxMessage {
    const fits = (post: Post): boolean => post.cardKind === kind && pattern.test(postText(post));
    return this.take(`a card ${kind} with ${String(pattern)}`, fits).message;
  }

  /**
   * However many status cards were posted: the newest fits and is the only one left, and there was
   * no moment without one.
   */
  expectStatus(...patterns: RegExp[]): SandboxMessage {
    const cards = this.posts().filter(({ cardKind }) => cardKind === "status");
    const fresh = cards.filter(({ isExpected }) => !isExpected);
    const newest = fresh.at(-1);
    if (!newest) throw new Error("No status card was posted.");
    for (const card of fresh) card.isExpected = true;
    for (const pattern of patterns)
      if (!pattern.test(postText(newest)))
        throw new Error(`The status card does not say ${String(pattern)}:\n${postText(newest)}`);
    this.checkReplacing(cards);
    return newest.message;
  }

  expectNothing(): void {
    nothing(
      this.title,
      this.posts().filter((post) => post.isFromBot && !post.isExpected),
    );
  }

  private checkReplacing(cards: readonly Post[]): void {
    const ids = new Set(cards.map(({ message }) => message.id));
    let standing = 0;
    for (const line of this.world.transcript.lines) {
      if (line.kind === "post" && ids.has(line.message.id)) standing += 1;
      if (line.kind !== "deleted" || !ids.has(line.messageId)) continue;
      standing -= 1;
      if (standing === 0) throw new Error("The old status card went before the new one stood.");
    }
    if (standing > 1) throw new Error(`${standing} status cards stand in ${this.title}.`);
  }

  private posts(): Post[] {
    return this.world.transcript.posts().filter(({ message }) => message.spaceId === this.id);
  }

  private take(what: string, fits: (post: Post) => boolean): Post {
    const here = (post: Post): boolean => post.message.spaceId === this.id && fits(post);
    return take(this.world.transcript, `${what} in ${this.title}`, here);
  }
}

export class PersonInStory {
  constructor(
    readonly id: string,
    private readonly world: StoryWorld,
  ) {}

  get name(): string {
    return this.world.sandbox.world.person(this.id).displayName;
  }

  get email(): string {
    return this.world.sandbox.world.person(this.id).email;
  }

  /** Writes into a space and waits until everything it causes has happened. */
  async says(space: SpaceInStory, text: string): Promise<SandboxMessage> {
    const message = this.sandbox.say({ person: this.id, space: space.id, text });
    await this.world.settle();
    return message;
  }

  /** Writes to the bot directly. */
  async writes(text: string, ...files: UploadedFile[]): Promise<SandboxMessage> {
    const message = this.sandbox.say({ person: this.id, text, files });
    await this.world.settle();
    return message;
  }

  /** Presses a button on the newest card that shows it, or one that was seen before. */
  async presses(button: string | SeenButton, options: PressOptions = {}): Promise<SandboxAction> {
    const seen = typeof button === "string" ? this.sees(button, options) : button;
    this.world.transcript.note(`${this.name} presses [${seen.title}]`);
    const inputs = { ...seen.fields, ...chosen(seen, options), ...options.inputs, ...seen.data };
    const action = this.sandbox.press({ person: this.id, messageId: seen.messageId, inputs });
    await this.world.settle();
    return action;
  }

  /** The newest button of that title; throws when no card has one. */
  sees(title: string, options: Pick<PressOptions, "in"> = {}): SeenButton {
    const posts = this.world.transcript.posts().filter((post) => this.canSee(post, options.in));
    for (const { card, message } of posts.reverse()) {
      const button = card && buttonsOf(card).find((one) => one.title === title);
      if (button) return { ...button, messageId: message.id };
    }
    throw new Error(`${this.name} sees no button [${title}].`);
  }

  /** A direct message from the bot, with a card or without. */
  expectDirect(pattern: RegExp): SandboxMessage {
    const fits = (post: Post): boolean =>
      post.directWith === this.id && pattern.test(postText(post));
    return take(this.world.transcript, `${String(pattern)} to ${this.name}`, fits).message;
  }

  /** A direct message from the bot with a file; gives the file. */
  expectFile(pattern: RegExp): UploadedFile {
    const { files } = this.expectDirect(pattern);
    const id = files[0]?.split("/").at(-1) ?? "";
    const file = this.sandbox.files.get(id);
    if (!file) throw new Error(`The message like ${String(pattern)} has no file.`);
    return file;
  }

  /** The address behind a card's link of that title; throws when no card has one. */
  seesLink(title: string): string {
    const posts = this.world.transcript.posts().filter((post) => this.canSee(post, undefined));
    const links = posts.flatMap(({ card }) => (card ? linksOf(card) : []));
    const link = links.findLast((one) => one.title === title);
    if (!link) throw new Error(`${this.name} sees no link [${title}].`);
    return link.url;
  }

  /** Opens a link to Webex in a browser, decides there, and comes back to the bot's page. */
  async decides(link: string, decision: Decision = "accept"): Promise<Consented> {
    this.world.transcript.note(`${this.name} opens the link and chooses ${decision}`);
    const page = await this.sandbox.consent(link, this.id, decision);
    await this.world.settle();
    return page;
  }

  expectNothing(): void {
    const surprises = this.world.transcript
      .posts()
      .filter((post) => post.directWith === this.id && post.isFromBot && !post.isExpected);
    nothing(this.name, surprises);
  }

  /** Comes into a space by hand: their own, or a colleague's. */
  async joins(space: SpaceInStory, by: PersonInStory = this): Promise<void> {
    await this.isMember(space, { in: true }, by, "joins");
  }

  async leaves(space: SpaceInStory, by: PersonInStory = this): Promise<void> {
    await this.isMember(space, { in: false }, by, "leaves");
  }

  async becomesModerator(space: SpaceInStory): Promise<void> {
    await this.isMember(space, { moderator: true }, this, "becomes a moderator of");
  }

  async losesRights(space: SpaceInStory): Promise<void> {
    await this.isMember(space, { moderator: false }, this, "is no longer a moderator of");
  }

  private async isMember(
    space: SpaceInStory,
    wish: { in?: boolean; moderator?: boolean },
    actor: PersonInStory,
    what: string,
  ): Promise<void> {
    this.world.transcript.note(`${this.name} ${what} ${space.title}`);
    this.sandbox.setMember({ space: space.id, person: this.id, actor: actor.id, ...wish });
    await this.world.settle();
  }

  private canSee({ message }: Post, space: SpaceInStory | undefined): boolean {
    const { sandbox } = this;
    const isThere = sandbox.messages.has(message.id);
    const isMine = sandbox.membership(message.spaceId, this.id) !== undefined;
    return isThere && isMine && (space === undefined || message.spaceId === space.id);
  }

  private get sandbox() {
    return this.world.sandbox.world;
  }
}

/** What a list submits: Webex joins several values with commas. */
function chosen({ choices, title }: SeenButton, { choose }: PressOptions): Record<string, string> {
  if (choose === undefined) return {};
  const wanted = (typeof choose === "string" ? [choose] : choose).map((name) => {
    const fits = (one: CardButton["choices"][number]): boolean =>
      one.title === name || one.title.startsWith(`${name} (`);
    const choice = choices.find(fits);
    if (!choice) throw new Error(`The card of [${title}] has no ${name} to choose.`);
    return choice;
  });
  return { [wanted[0]?.field ?? ""]: wanted.map(({ value }) => value).join(",") };
}

export class PhoneInStory {
  constructor(
    /** In E.164. */
    readonly number: string,
    private readonly world: StoryWorld,
  ) {}

  expectSms(pattern: RegExp): string {
    const found = this.waiting().find((line) => line.kind === "sms" && pattern.test(line.text));
    if (found?.kind !== "sms")
      throw new Error(`No text ${String(pattern)} came to ${this.number}.`);
    found.isExpected = true;
    return found.text;
  }

  expectCall(pattern: RegExp): string {
    const found = this.waiting().find(
      (line) => line.kind === "call" && pattern.test(line.call.words),
    );
    if (found?.kind !== "call")
      throw new Error(`No call ${String(pattern)} came to ${this.number}.`);
    found.isExpected = true;
    return found.call.words;
  }

  /** Writes to our number. */
  async texts(text: string): Promise<void> {
    await this.does(`texts ${text}`, () => {
      this.world.sandbox.phones.sendText(this.number, text);
    });
  }

  /** Picks the newest call up; from now on it is heard. */
  async answers(): Promise<void> {
    await this.does("is answered", () => this.world.sandbox.phones.answer(this.number));
  }

  async answersByVoicemail(): Promise<void> {
    await this.does("goes to voicemail", () => this.world.sandbox.phones.voicemail(this.number));
  }

  async pressesKeys(keys: string): Promise<void> {
    await this.does(`key ${keys}`, () => this.world.sandbox.phones.press(this.number, keys));
  }

  async hangsUp(): Promise<void> {
    await this.does("hangs up", () => this.world.sandbox.phones.hangUp(this.number));
  }

  /** The newest call, as far as it has come. */
  get call(): Readonly<PhoneCall> {
    const call = this.world.sandbox.phones.at(this.number).calls.at(-1);
    if (!call) throw new Error(`${this.number} has not been called.`);
    return call;
  }

  private async does(what: string, act: () => void): Promise<void> {
    this.world.transcript.note(`(${this.number}) ${what}`);
    act();
    await this.world.settle();
  }

  expectNothing(): void {
    nothing(this.number, this.waiting());
  }

  private waiting() {
    return this.world.transcript
      .unexpected()
      .filter((line) => line.kind !== "post")
      .filter((line) => line.number === this.number);
  }
}
