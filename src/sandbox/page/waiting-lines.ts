import { api, problem, type Saying } from "./api";
import { el } from "./dom";
import { Remembered } from "./remembered";
import type { Store } from "./store";

const remembered = new Remembered<Saying[]>("waiting");

/** What is said while the bot starts: nothing may tell it of that, so it is said when it is ready. */
export class WaitingLines {
  readonly element = el("div", { class: "waiting-lines", role: "status" });
  private lines: Saying[] = [];
  private isRecalled = false;
  private isSending = false;

  constructor(
    private readonly store: Store,
    private readonly onTrouble: (saying: Saying, sentence: string) => void,
  ) {
    store.on(["bot"], () => this.follow());
  }

  /** Also while earlier lines wait or are being sent, so that none overtakes another. */
  get mustWait(): boolean {
    return this.store.bot?.state === "starting" || this.lines.length > 0;
  }

  add(saying: Saying): void {
    this.lines.push(saying);
    this.show();
  }

  private follow(): void {
    if (!this.isRecalled) {
      this.isRecalled = true;
      const kept = remembered.get() ?? [];
      // Those of an earlier sandbox know nobody here.
      this.lines.unshift(...kept.filter(({ person }) => this.store.people.has(person)));
      this.show();
    }
    const { state = "running" } = this.store.bot ?? {};
    if (state === "running") void this.send();
  }

  private async send(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    for (let [line] = this.lines; line !== undefined; [line] = this.lines) {
      const saying = line;
      await api.say(saying).catch((error: unknown) => this.onTrouble(saying, problem(error)));
      this.lines.shift();
      this.show();
    }
    this.isSending = false;
  }

  private show(): void {
    remembered.set(this.lines);
    const { lines } = this;
    this.element.replaceChildren(
      ...(lines.length === 0
        ? []
        : [
            el("p", {}, "Not sent yet. This is sent when the bot is ready:"),
            el("ul", {}, ...lines.map((line) => el("li", {}, this.shown(line)))),
          ]),
    );
  }

  private shown({ person, text, files = [] }: Saying): string {
    const name = this.store.people.get(person)?.displayName ?? "";
    return [`${name}: ${text}`, ...files.map((file) => `with ${file.name}`)].join(" ");
  }
}
