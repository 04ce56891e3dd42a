import { bot } from "./choice";
import type { GuideStep } from "./guide-steps";
import { Remembered } from "./remembered";
import type { Message } from "./sandbox-state";
import type { Space, Store } from "./store";

interface Kept {
  /** Another sandbox has another bot, and begins anew. */
  botId: string;
  since: number;
  done: GuideStep[];
}

const remembered = new Remembered<Kept>("guide-progress");
const FORM = /^A person with a phone\b/;
const SAVED = /\bis saved\b/;
const OVER = /\(incident \d+\) is over\. /;

/** What the bot writes when a step has been taken. */
const TOLD: readonly [GuideStep, Space["type"], RegExp][] = [
  ["start", "group", /\bis running \(incident \d+\)\.\s*$/m],
  ["add", "direct", SAVED],
  ["answer", "group", /^[1-9]\d* of \d+ answered\b/m],
  ["answer", "direct", /^Noted: you (are on your way|cannot join)\b/],
  ["stop", "group", OVER],
];

/** Which steps of the guide have been taken, as the bot's messages tell. */
export class GuideProgress {
  readonly done = new Set<GuideStep>();
  /** Where the form lies that the step "add" needs; undefined until the bot has sent it. */
  formSpaceId: string | undefined;
  private botId: string | undefined;
  private since = 0;
  private readonly seen = new WeakSet<Message>();

  constructor(
    private readonly store: Store,
    private readonly onChange: () => void,
  ) {
    store.on(["said"], () => this.follow());
  }

  private follow(): void {
    const botId = bot(this.store)?.id;
    if (botId === undefined) return;
    if (botId !== this.botId) this.begin(botId);
    let isNews = false;
    for (const space of this.store.spaces.values()) {
      for (const message of space.messages) {
        if (message.personId !== botId || this.seen.has(message)) continue;
        this.seen.add(message);
        if (message.created >= this.since) isNews = this.notice(space, message) || isNews;
      }
    }
    if (!isNews) return;
    remembered.set({ botId, since: this.since, done: [...this.done] });
    this.onChange();
  }

  private begin(botId: string): void {
    const kept = remembered.get();
    const isSame = kept?.botId === botId;
    this.botId = botId;
    this.since = isSame ? kept.since : this.lastOver(botId) + 1;
    this.formSpaceId = undefined;
    this.done.clear();
    for (const step of isSame ? kept.done : []) this.done.add(step);
    remembered.set({ botId, since: this.since, done: [...this.done] });
    this.onChange();
  }

  /** What belongs to incidents that were over before is no step of whoever comes now. */
  private lastOver(botId: string): number {
    const told = [...this.store.spaces.values()].flatMap(({ messages }) => messages);
    const over = told.filter(({ personId, text }) => personId === botId && OVER.test(text));
    return Math.max(0, ...over.map(({ created }) => created));
  }

  /** True where it tells of something that was not known yet. */
  private notice({ id, type }: Space, { text }: Message): boolean {
    if (type === "direct" && FORM.test(text)) {
      this.formSpaceId = id;
      return true;
    }
    if (type === "direct" && SAVED.test(text)) this.formSpaceId = undefined;
    const [step] = TOLD.find(([, where, words]) => where === type && words.test(text)) ?? [];
    if (step === undefined || this.done.has(step)) return false;
    this.done.add(step);
    return true;
  }
}
