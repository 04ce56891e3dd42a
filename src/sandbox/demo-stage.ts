import { setTimeout as pause } from "node:timers/promises";
import type { BotProcess } from "./bot-process";
import type { Told } from "./demo-check";
import { compareTold } from "./demo-check";
import {
  BOT,
  DIAL_IN,
  INCIDENT,
  LINK,
  MEETING_NUMBER,
  members,
  MODERATOR,
  onThePhone,
  SPACE,
} from "./demo-cast";
import type { SandboxMessage } from "./model";
import type { Sandbox } from "./start-sandbox";

/** Far longer than anything here takes; only a bot that does nothing makes it pass. */
const PATIENCE_MS = 10_000;

/** Something did not come as the script expects it. */
export class DemoError extends Error {
  override name = "DemoError";
}

/** What the moderator does, and what is waited for. Nothing here sleeps: each event is looked at. */
export class Stage {
  constructor(
    private readonly sandbox: Sandbox,
    private readonly bot: BotProcess,
    private readonly stopped: AbortSignal,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** The moderator writes to the bot in the space; resolves with its answer. */
  async command(text: string, answer: RegExp): Promise<SandboxMessage> {
    const isNew = newSince(this.inSpace());
    this.sandbox.world.say({ person: MODERATOR, space: SPACE, text: `@${BOT} ${text}` });
    return this.message(`an answer to “${text}” in the space that fits ${answer}`, () =>
      this.inSpace().filter(isNew).find(fits(answer)),
    );
  }

  /** The moderator presses the button of that title. */
  press(message: SandboxMessage, title: RegExp, inputs: Record<string, string> = {}): void {
    const button = buttonsOf(message).find((each) => title.test(each.title));
    if (!button) throw new DemoError(`Expected a button ${title} on: ${message.text}`);
    const press = { person: MODERATOR, messageId: message.id };
    this.sandbox.world.press({ ...press, inputs: { ...button.data, ...inputs } });
  }

  /** What the bot answers to the moderator alone. */
  async commandForForm(text: string, form: RegExp): Promise<SandboxMessage> {
    const isNew = newSince(this.toModerator());
    await this.command(text, /I sent you the form/);
    return this.message(`a direct message to ${MODERATOR} that fits ${form}`, () =>
      this.toModerator().filter(isNew).find(fits(form)),
    );
  }

  spaceMessage(what: RegExp): Promise<SandboxMessage> {
    return this.message(`a message in the space that fits ${what}`, () =>
      this.inSpace().find(fits(what)),
    );
  }

  private toModerator(): SandboxMessage[] {
    return this.sandbox.world.messagesTo(MODERATOR);
  }

  /** Resolves when everyone has been told as often as expected; throws when someone too often. */
  async everyoneTold(expected: ReadonlyMap<string, Told>): Promise<void> {
    const problems = (): string[] => compareTold(expected, this.told());
    await this.until(problems);
  }

  /** Resolves when `problems` finds none. */
  async until(problems: () => string[]): Promise<void> {
    const isDone = await this.wait(() => problems().length === 0);
    if (!isDone) throw new DemoError(problems().join("\n"));
  }

  /** Lets time pass for the bot, for Webex and for Webex Connect, without waiting for it. */
  async pass(ms: number): Promise<void> {
    const response = await fetch(`${this.sandbox.origin}/_sandbox/clock`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ advanceMs: ms }),
    });
    if (!response.ok) throw new DemoError(`The clock could not be moved: ${response.status}.`);
  }

  /** What each person of the cast was told of the incident, counted at the providers. */
  told(): Map<string, Told> {
    const { phones, world } = this.sandbox;
    const none: Told = { webex: 0, sms: 0, calls: 0 };
    const webex = members.map((name): [string, Told] => [
      name,
      { ...none, webex: world.messagesTo(name).filter(isAboutIncident).length },
    ]);
    const byPhone = onThePhone.map(({ name, mobile, voice }): [string, Told] => {
      const texts = mobile === undefined ? [] : phones.at(mobile).texts;
      const calls = voice === undefined ? [] : phones.at(voice).calls;
      return [name, { ...none, sms: texts.length, calls: calls.length }];
    });
    const strangers = phones.all().filter(({ number }) => !isOfCast(number));
    const surplus = strangers.flatMap(({ number, texts, calls }): [string, Told][] =>
      texts.length + calls.length === 0
        ? []
        : [[number, { ...none, sms: texts.length, calls: calls.length }]],
    );
    return new Map([...webex, ...byPhone, ...surplus]);
  }

  /** Messages, texts and calls that do not say how to join the conference. */
  withoutConference(): string[] {
    const { phones, world } = this.sandbox;
    const direct = members
      .flatMap((name) => world.messagesTo(name))
      .filter(isAboutIncident)
      .filter(({ attachments, text }) => !holdsLink(text, attachments));
    const all = phones.all();
    const texts = all.flatMap((phone) => phone.texts).filter(({ text }) => !holdsDialIn(text));
    const calls = all.flatMap((phone) => phone.calls).filter(({ words }) => !speaksTwice(words));
    return [...direct, ...texts, ...calls.map(({ words }) => ({ text: words }))].map(
      ({ text }) => `expected how to join the conference in: ${text}`,
    );
  }

  membersNow(): string[] {
    const { world } = this.sandbox;
    return world
      .membersOf(world.space(SPACE).id)
      .map(({ personId }) => world.person(personId).displayName);
  }

  private inSpace(): SandboxMessage[] {
    const { world } = this.sandbox;
    const botId = world.bot().id;
    return world.messagesIn(world.space(SPACE).id).filter(({ personId }) => personId === botId);
  }

  private async message(
    what: string,
    find: () => SandboxMessage | undefined,
  ): Promise<SandboxMessage> {
    await this.until(() => (find() ? [] : [`expected ${what}, it did not come`]));
    const found = find();
    if (!found) throw new DemoError(`expected ${what}, it went away again`);
    return found;
  }

  /** Looks at once and after each event. False: time is up; throws when the bot has ended. */
  private async wait(isDone: () => boolean): Promise<boolean> {
    this.stopped.throwIfAborted();
    if (isDone()) return true;
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, this.stopped]);
    const done = new Promise<true>((resolve) => {
      const silence = this.sandbox.events.listen(() => {
        if (isDone()) resolve(true);
      });
      signal.addEventListener("abort", silence);
    });
    const late = pause(this.patienceMs, false, { signal });
    const dead = this.bot.ended.then((how) => {
      throw new DemoError(`The bot ended by itself (${how}).`);
    });
    try {
      return await Promise.race([done, late, dead]);
    } finally {
      over.abort();
      late.catch(() => undefined);
      dead.catch(() => undefined);
    }
  }
}

interface Button {
  title: string;
  data: Record<string, unknown>;
}

/** The buttons of a message's card, wherever they are in it. */
export function buttonsOf({ attachments }: Pick<SandboxMessage, "attachments">): Button[] {
  return submitsIn(attachments.map(({ content }) => content));
}

function submitsIn(value: unknown): Button[] {
  if (Array.isArray(value)) return value.flatMap(submitsIn);
  if (typeof value !== "object" || value === null) return [];
  if ("type" in value && value.type === "Action.Submit") return [value as unknown as Button];
  return Object.values(value).flatMap(submitsIn);
}

/** A status card is replaced now and then, so counting from the end would not do. */
function newSince(messages: readonly SandboxMessage[]): (message: SandboxMessage) => boolean {
  const known = new Set(messages.map(({ id }) => id));
  return ({ id }) => !known.has(id);
}

function fits(what: RegExp): (message: SandboxMessage) => boolean {
  return ({ text }) => what.test(text);
}

function isAboutIncident({ text }: SandboxMessage): boolean {
  return text.includes(INCIDENT);
}

function isOfCast(number: string): boolean {
  return onThePhone.some(({ mobile, voice }) => [mobile, voice].includes(number));
}

function holdsLink(text: string, attachments: SandboxMessage["attachments"]): boolean {
  return text.includes(DIAL_IN) && JSON.stringify(attachments).includes(LINK);
}

function holdsDialIn(text: string): boolean {
  return text.includes(LINK) && text.includes(DIAL_IN) && text.includes(MEETING_NUMBER);
}

/** Whoever is woken by a call misses a number the first time it is said. */
function speaksTwice(words: string): boolean {
  const digits = words.replace(/[^\d]/g, "");
  return digits.split(MEETING_NUMBER).length === 3;
}
