import { bot, directSpace, look, speakAs, speakers, spacesOf } from "./choice";
import type { Composer } from "./composer";
import { el, setText } from "./dom";
import { steps, type GuideStep } from "./guide-steps";
import type { Store } from "./store";

const DISMISSED = "muster-sandbox-guide";
const LINES: Readonly<Record<Exclude<GuideStep, "answer">, string>> = {
  start: "start incident payments down",
  add: "add external Grace Hall",
  stop: "stop incident",
};

/** Four steps for who is here for the first time; it stays away once it is dismissed. */
export class Guide {
  readonly element: HTMLElement;
  readonly button: HTMLButtonElement;
  private readonly tabs = new Map<GuideStep, HTMLElement>();
  private readonly text = el("p", { class: "guide-text" });
  private readonly take = el("button", { type: "button", class: "chip" });
  private current = steps[0];

  constructor(
    private readonly store: Store,
    private readonly composer: Composer,
    private readonly showConversation: () => void,
  ) {
    this.take.addEventListener("click", () => this.takeStep());
    const dismiss = el("button", { type: "button", class: "quiet" }, "Dismiss the guide");
    dismiss.addEventListener("click", () => this.show(false));
    this.element = el(
      "section",
      { class: "guide", id: "guide", "aria-label": "Guide" },
      el("div", { class: "guide-head" }, this.stepList(), dismiss),
      el("div", { class: "guide-body" }, this.text, this.take),
    );
    this.button = el(
      "button",
      { type: "button", class: "tool", "aria-controls": "guide" },
      "Guide",
    );
    this.button.addEventListener("click", () => this.show(this.element.hidden));
    this.show(localStorage.getItem(DISMISSED) === null);
    store.on(["guide"], () => this.update());
    this.update();
  }

  private stepList(): HTMLElement {
    const list = el("ol", { class: "guide-steps" });
    for (const [index, one] of steps.entries()) {
      const tab = el(
        "button",
        { type: "button", class: "guide-step", on: { click: () => this.choose(one) } },
        el("span", { class: "unseen" }, `Step ${index + 1}: `),
        one.title,
        el("span", { class: "unseen guide-done" }),
      );
      this.tabs.set(one.step, tab);
      list.append(el("li", {}, tab));
    }
    return list;
  }

  private show(isShown: boolean): void {
    this.element.hidden = !isShown;
    this.button.setAttribute("aria-expanded", String(isShown));
    if (isShown) localStorage.removeItem(DISMISSED);
    else localStorage.setItem(DISMISSED, "yes");
  }

  /** What has been done is ticked, and the next step explained. */
  private update(): void {
    for (const [step, tab] of this.tabs) {
      const isDone = this.store.stepsDone.has(step);
      tab.classList.toggle("is-done", isDone);
      setText(tab.lastElementChild ?? tab, isDone ? " (done)" : "");
    }
    this.choose(steps.find(({ step }) => !this.store.stepsDone.has(step)) ?? steps.at(-1));
  }

  private choose(step: (typeof steps)[number] | undefined): void {
    if (step === undefined) return;
    this.current = step;
    for (const [name, tab] of this.tabs) {
      if (name === step.step) tab.setAttribute("aria-current", "step");
      else tab.removeAttribute("aria-current");
    }
    setText(this.text, step.text);
    setText(this.take, step.button);
  }

  private takeStep(): void {
    this.showConversation();
    const step = this.current?.step ?? "start";
    if (step === "answer") this.answerAsAnother();
    else this.writeInModeratedSpace(LINES[step]);
  }

  private writeInModeratedSpace(line: string): void {
    const { store } = this;
    const moderated = (id: string): string | undefined =>
      spacesOf(store, id).find(({ members }) => members.get(id) === true)?.id;
    const people = [store.speaker, ...speakers(store).map(({ id }) => id)];
    const person = people.find((id) => moderated(id) !== undefined);
    if (person === undefined) return;
    if (person !== store.speaker) speakAs(store, person);
    look(store, moderated(person));
    // Its draft is put into the box first.
    this.composer.update();
    this.composer.write(`@${bot(store)?.displayName ?? ""} ${line}`);
  }

  /** Preferably somebody who has been told and has not looked yet. */
  private answerAsAnother(): void {
    const { store } = this;
    const others = speakers(store).filter(({ id }) => id !== store.speaker);
    const isTold = (id: string): boolean => (directSpace(store, id)?.unread ?? 0) > 0;
    const other = others.find(({ id }) => isTold(id)) ?? others[0];
    if (!other) return;
    look(store, undefined);
    speakAs(store, other.id);
  }
}
