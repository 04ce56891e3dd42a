import type { Faults } from "../../src/sandbox/faults";
import type { Sandbox } from "../../src/sandbox/start-sandbox";
import type { LogLine } from "./story-log";
import { PersonInStory, PhoneInStory, SpaceInStory } from "./story-people";
import { show } from "./story-transcript";
import { StoryWorld, type Variables } from "./story-world";

export type { PersonInStory, PhoneInStory, SeenButton, SpaceInStory } from "./story-people";
export type { StoryWorld, Variables } from "./story-world";

const STORY_MS = 30_000;

export const seconds = (count: number): number => count * 1_000;
export const minutes = (count: number): number => count * 60_000;
export const hours = (count: number): number => count * 3_600_000;
export const days = (count: number): number => count * 24 * 3_600_000;

export interface SpaceWish<Name extends string> {
  title?: string;
  moderators?: readonly Name[];
  members?: readonly Name[];
  /** Whose it is; the bot's own organisation when absent. */
  orgId?: string;
  /** Nobody can act in a space without moderation. */
  isModerated?: boolean;
  /** As the space when absent: a moderator where it is moderated. */
  botIsModerator?: boolean;
  isAnnouncementOnly?: boolean;
  /** Leaves what the bot says when it is added for the story to expect. */
  isGreetingTold?: boolean;
}

/** The people of a story, by their names in lower case, and the space that they are in. */
export type Cast<Name extends string> = Record<Exclude<Lowercase<Name>, "space">, PersonInStory> & {
  space: SpaceInStory;
};

export type StoryBody = (story: Story) => Promise<void>;

export interface StoryBook {
  /** A test that fails for whatever the bot did or logged beyond what the story expects. */
  story: (name: string, body: StoryBody) => void;
}

export interface StoryBookOptions {
  /** Variables beyond the usual ones; a function gets the sandbox before the bot is started. */
  variables?: Variables | ((sandbox: Sandbox) => Variables);
  /** The stories start the bot themselves. */
  isBotStopped?: boolean;
}

/** Starts one bot and one sandbox for the stories of a file. */
export function openStoryBook(options: StoryBookOptions = {}): StoryBook {
  const { variables = {}, isBotStopped = false } = options;
  const choose = typeof variables === "function" ? variables : (): Variables => variables;
  let world: StoryWorld;
  beforeAll(async () => {
    world = await StoryWorld.open(choose);
    if (!isBotStopped) await world.startBot();
  }, STORY_MS);
  afterAll(() => world.close(), STORY_MS);
  return {
    story: (name, body) => {
      test(name, () => new Story(world).tell(body), STORY_MS);
    },
  };
}

/** What a story is told with. */
export class Story {
  constructor(readonly world: StoryWorld) {}

  private static nextPhone = 1_000;
  private static nextSpace = 1;

  get sandbox(): Sandbox {
    return this.world.sandbox;
  }

  get faults(): Faults {
    return this.sandbox.faults;
  }

  /** A space with new people in it, to which the bot was added last. */
  async space<const Name extends string>(wish: SpaceWish<Name> = {}): Promise<Cast<Name>> {
    const { isModerated = true, moderators = [], members = [], isGreetingTold = false } = wish;
    const { title = `Payments ${Story.nextSpace++}`, orgId, isAnnouncementOnly } = wish;
    const { world } = this.sandbox;
    const { id } = world.addSpace({ title, isLocked: isModerated, isAnnouncementOnly, orgId });
    const space = new SpaceInStory(id, this.world);
    const people = [...moderators, ...members].map((name) => {
      const person = this.person(name);
      const moderator = isModerated && moderators.includes(name) ? true : undefined;
      world.setMember({ space: id, person: person.id, moderator });
      return [name.toLowerCase(), person] as const;
    });
    await this.addBot(space, wish.botIsModerator ?? isModerated);
    if (!isGreetingTold) space.expectCard("ready");
    return { ...Object.fromEntries(people), space } as Cast<Name>;
  }

  async addBot(space: SpaceInStory, isModerator: boolean): Promise<void> {
    const { world } = this.sandbox;
    this.world.transcript.note(`Muster is added to ${space.title}`);
    const moderator = isModerator ? true : undefined;
    world.setMember({ space: space.id, person: world.bot().id, moderator });
    await this.world.settle();
  }

  /** Somebody new, in no space yet. */
  person(name: string, more: { orgId?: string; email?: string } = {}): PersonInStory {
    return new PersonInStory(this.sandbox.world.addPerson({ name, ...more }).id, this.world);
  }

  /** Somebody who was there before the bot was started. */
  known(name: string): PersonInStory {
    return new PersonInStory(this.sandbox.world.person(name).id, this.world);
  }

  /** A phone that nobody else has. */
  phone(): PhoneInStory {
    return new PhoneInStory(`+1202555${Story.nextPhone++}`, this.world);
  }

  /** A moderator adds somebody who has only a phone, by the form. */
  async addExternal(
    space: SpaceInStory,
    by: PersonInStory,
    external: {
      name: string;
      mobile?: PhoneInStory;
      voice?: PhoneInStory;
      email?: string;
      language?: string;
    },
  ): Promise<void> {
    const { name, mobile, voice, email = "", language } = external;
    await by.says(space, "@Muster add external");
    by.expectDirect(/A person with a phone/);
    space.expectSaid(/I sent you the form/);
    const numbers = { mobile: mobile?.number ?? "", voice: voice?.number ?? "" };
    const inputs = { name, ...numbers, email, ...(language !== undefined && { language }) };
    await by.presses("Save and add here", { inputs });
    by.expectDirect(/is saved and is on the roster/);
    space.expectSaid(/added .* to the roster/);
  }

  advance(ms: number): Promise<void> {
    return this.world.clock.advance(ms);
  }

  /** Everything that is due meanwhile comes at once, at the end: for days and months. */
  leap(ms: number): Promise<void> {
    return this.world.clock.leap(ms);
  }

  settle(): Promise<void> {
    return this.world.settle();
  }

  /** Ends the bot and starts it again, with other variables until the end of the story. */
  restartBot(changed?: Variables): Promise<void> {
    this.world.transcript.note("Muster is restarted");
    return this.world.restartBot(changed);
  }

  /** Everything that the bot did and nobody has expected yet, as it reads; it counts as expected now. */
  takeAll(): string[] {
    return this.world.transcript.unexpected().map((line) => {
      line.isExpected = true;
      return show(line);
    });
  }

  /** A warning or an error that belongs to the story; all lines that fit are taken. */
  expectLog(level: "warn" | "error", pattern: RegExp): LogLine[] {
    return this.world.log.expect(level, pattern);
  }

  async tell(body: StoryBody): Promise<void> {
    const { log, transcript } = this.world;
    transcript.begin();
    log.begin();
    try {
      await body(this);
      await this.end();
    } catch (error) {
      throw withConversation(error, `The conversation:\n${transcript.toString()}`);
    } finally {
      await this.world.heal();
    }
  }

  private async end(): Promise<void> {
    await this.settle();
    const { log, transcript } = this.world;
    const problems = [
      ...transcript.unexpected().map((line) => `not expected: ${show(line)}`),
      ...log.unexpected().map(({ text }) => `logged: ${text}`),
      ...(await this.world.leftovers()).map((what) => `left over: ${what}`),
    ];
    if (problems.length > 0) throw new Error(problems.join("\n"));
  }
}

function withConversation(error: unknown, conversation: string): unknown {
  if (!(error instanceof Error)) return error;
  const { message, stack = "" } = error;
  error.message = `${message}\n\n${conversation}`;
  error.stack = stack.replace(message, () => error.message);
  return error;
}
