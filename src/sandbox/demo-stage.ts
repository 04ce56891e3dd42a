import { setTimeout as pause } from "node:timers/promises";
import type { BotProcess } from "./bot-process";
import type { Told } from "./demo-check";
import { compareTold, isTooMuch } from "./demo-check";
import { countTold } from "./demo-tally";
import { buttonsOf, fieldsOf } from "./demo-buttons";
import { ANA, BOT, SPACE } from "./demo-cast";
import type { Printer } from "./demo-print";
import type { SandboxMessage } from "./model";
import type { Sandbox } from "./start-sandbox";

/** Far longer than anything here takes; only a bot that does nothing makes it pass. */
const PATIENCE_MS = 10_000;

const WEBHOOK_CHECK = "GET /webhooks";
const CLOCK_LOOK_MS = 25;
const STATUS_AGAIN_MS = 500;

/** Something did not come as the script expects it. */
export class DemoError extends Error {
  override name = "DemoError";
}

export interface Play {
  sandbox: Sandbox;
  stage: Stage;
  printer: Printer;
}

export interface StageOptions {
  bot: BotProcess;
  /** Told of presses, of which the sandbox has no event. */
  printer: Pick<Printer, "press">;
  stopped: AbortSignal;
  patienceMs?: number;
}

interface Press {
  person?: string;
  inputs?: Readonly<Record<string, string>>;
}

/** What people do, and what is waited for. Nothing here sleeps: each event is looked at. */
export class Stage {
  private readonly bot: BotProcess;
  private readonly stopped: AbortSignal;
  private readonly patienceMs: number;

  constructor(
    private readonly sandbox: Sandbox,
    private readonly options: StageOptions,
  ) {
    const { bot, patienceMs = PATIENCE_MS, stopped } = options;
    this.bot = bot;
    this.stopped = stopped;
    this.patienceMs = patienceMs;
  }

  /** The moderator writes to the bot in the space; resolves with its answer. */
  async command(text: string, answer: RegExp): Promise<SandboxMessage> {
    const isNew = newSince(this.inSpace());
    this.sandbox.world.say({ person: ANA, space: SPACE, text: `@${BOT} ${text}` });
    return this.message(`an answer to “${text}” in the space that fits ${answer}`, () =>
      this.inSpace().filter(isNew).find(fits(answer)),
    );
  }

  /** The moderator, or whoever is named, presses the button of that title. */
  press(message: SandboxMessage, title: RegExp, { person = ANA, inputs = {} }: Press = {}): void {
    const button = buttonsOf(message).find((each) => title.test(each.title));
    if (!button) throw new DemoError(`Expected a button ${title} on: ${message.text}`);
    const filled = { ...fieldsOf(message), ...inputs };
    this.options.printer.press(person, button.title, inputs);
    const press = { person, messageId: message.id };
    this.sandbox.world.press({ ...press, inputs: { ...filled, ...button.data } });
  }

  /** What the bot answers to the moderator alone. */
  async commandForForm(
    text: string,
    form: RegExp,
    note = /I sent you the form/,
  ): Promise<SandboxMessage> {
    const isNew = newSince(this.sandbox.world.messagesTo(ANA));
    await this.command(text, note);
    return this.directMessage(ANA, form, isNew);
  }

  /** Resolves with the first message of the bot to a person that fits. */
  directMessage(
    person: string,
    what: RegExp,
    isMeant: (message: SandboxMessage) => boolean = () => true,
  ): Promise<SandboxMessage> {
    return this.message(`a direct message to ${person} that fits ${what}`, () =>
      this.sandbox.world.messagesTo(person).filter(isMeant).find(fits(what)),
    );
  }

  /** Resolves when a text has come to a phone that fits. */
  texted(number: string, what: RegExp): Promise<void> {
    const { texts } = this.sandbox.phones.at(number);
    return this.until(() =>
      texts.some(({ text }) => what.test(text))
        ? []
        : [`expected a text to ${number} that fits ${what}, it did not come`],
    );
  }

  /** Resolves when the newest call to a phone has said something that fits. */
  hears(number: string, what: RegExp): Promise<void> {
    const { calls } = this.sandbox.phones.at(number);
    return this.until(() =>
      what.test(calls.at(-1)?.words ?? "")
        ? []
        : [`expected ${number} to hear something that fits ${what}`],
    );
  }

  /** Asks for the status card until `problems` finds none on it; what is on its way may be late. */
  async untilStatus(problems: (card: string) => string[]): Promise<void> {
    const giveUpAt = Date.now() + this.patienceMs;
    for (;;) {
      const { text } = await this.command("status", /^payments down[^]* reached · as of/);
      const found = problems(text);
      if (found.length === 0) return;
      if (Date.now() > giveUpAt) throw new DemoError(found.join("\n"));
      await pause(STATUS_AGAIN_MS, undefined, { signal: this.stopped });
    }
  }

  spaceMessage(what: RegExp): Promise<SandboxMessage> {
    return this.message(`a message in the space that fits ${what}`, () =>
      this.inSpace().find(fits(what)),
    );
  }

  /** Resolves when everyone has been told as often as expected; throws when someone too often. */
  async everyoneTold(expected: ReadonlyMap<string, Told>): Promise<void> {
    const problems = (): string[] => compareTold(expected, countTold(this.sandbox));
    await this.until(problems, () => isTooMuch(expected, countTold(this.sandbox)));
  }

  /** Resolves when `problems` finds none; throws when time is up, or they cannot pass any more. */
  async until(problems: () => string[], isHopeless = (): boolean => false): Promise<void> {
    await this.wait(() => problems().length === 0 || isHopeless());
    const left = problems();
    if (left.length > 0) throw new DemoError(left.join("\n"));
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
