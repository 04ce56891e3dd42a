import { setTimeout as pause } from "node:timers/promises";
import type { BotProcess } from "./bot-process";
import type { Told } from "./demo-check";
import { compareTold } from "./demo-check";
import { countTold } from "./demo-tally";
import { buttonsOf } from "./demo-buttons";
import { BOT, MODERATOR, SPACE } from "./demo-cast";
import type { SandboxMessage } from "./model";
import type { Sandbox } from "./start-sandbox";

/** Far longer than anything here takes; only a bot that does nothing makes it pass. */
const PATIENCE_MS = 10_000;

const WEBHOOK_CHECK = "GET /webhooks";
const CLOCK_LOOK_MS = 25;

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
  async commandForForm(
    text: string,
    form: RegExp,
    note = /I sent you the form/,
  ): Promise<SandboxMessage> {
    const isNew = newSince(this.toModerator());
    await this.command(text, note);
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
    const problems = (): string[] => compareTold(expected, countTold(this.sandbox));
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

  /** The bot checks its webhooks every minute of its clock, so it does when that has been moved. */
  async untilClockIsSeen(): Promise<void> {
    const { requestCounts } = this.sandbox.world;
    const before = requestCounts.get(WEBHOOK_CHECK);
    const giveUpAt = Date.now() + this.patienceMs;
    while (requestCounts.get(WEBHOOK_CHECK) === before) {
      this.stopped.throwIfAborted();
      if (Date.now() > giveUpAt) throw new DemoError("Expected the bot to see the time pass.");
      await pause(CLOCK_LOOK_MS);
    }
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

/** A status card is replaced now and then, so counting from the end would not do. */
function newSince(messages: readonly SandboxMessage[]): (message: SandboxMessage) => boolean {
  const known = new Set(messages.map(({ id }) => id));
  return ({ id }) => !known.has(id);
}

function fits(what: RegExp): (message: SandboxMessage) => boolean {
  return ({ text }) => what.test(text);
}
