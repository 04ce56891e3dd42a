import { bot, directSpace, look, speakAs, speakers, spacesOf } from "./choice";
import type { Composer } from "./composer";
import { el, setText } from "./dom";
import { GuideProgress } from "./guide-progress";
import { stepButton, steps, stepText, type GuideScene, type GuideStep } from "./guide-steps";
import type { Person } from "./sandbox-state";
import type { Space, Store } from "./store";

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
  private readonly progress: GuideProgress;
  private current: GuideStep = "start";

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
    this.button.addEventListener("click", () => {
      // On a narrow screen it is out of sight while another part is shown.
      this.show(!this.element.checkVisibility());
      this.showConversation();
    });
    this.show(localStorage.getItem(DISMISSED) === null);
    this.progress = new GuideProgress(store, () => this.update());
    store.on(["choice", "people", "spaces"], () => this.explain());
    this.update();
  }

  private stepList(): HTMLElement {
    const list = el("ol", { class: "guide-steps" });
    for (const [index, one] of steps.entries()) {
      const tab = el(
        "button",
        { type: "button", class: "guide-step", on: { click: () => this.choose(one.step) } },
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
    const { done } = this.progress;
    for (const [step, tab] of this.tabs) {
      tab.classList.toggle("is-done", done.has(step));
      setText(tab.lastElementChild ?? tab, done.has(step) ? " (done)" : "");
    }
    this.choose(steps.find(({ step }) => !done.has(step))?.step ?? "stop");
  }

  private choose(step: GuideStep): void {
    this.current = step;
    for (const [name, tab] of this.tabs) {
      if (name === step) tab.setAttribute("aria-current", "step");
      else tab.removeAttribute("aria-current");
    }
    this.explain();
  }

  private explain(): void {
    const scene = this.scene();
    const button = stepButton(this.current, scene);
    setText(this.text, stepText(this.current, scene));
    setText(this.take, button ?? "");
    this.take.hidden = button === undefined;
  }

  private scene(): GuideScene {
    const { store } = this;
    const { formSpaceId } = this.progress;
    const isInSight = store.spaceId === formSpaceId;
    const who = this.whoTakesStep();
    return {
      botName: bot(store)?.displayName ?? "the bot",
      space: moderatedBy(store, this.moderator()?.id ?? "")?.title ?? "this space",
      other: who?.id === store.speaker ? undefined : who?.displayName,
      form: formSpaceId === undefined ? "absent" : isInSight ? "in sight" : "elsewhere",
    };
  }

  private takeStep(): void {
    const { store, current } = this;
    const person = this.whoTakesStep();
    if (!person) return;
    this.showConversation();
    if (person.id !== store.speaker) speakAs(store, person.id);
    const hasForm = current === "add" && this.progress.formSpaceId !== undefined;
    if (hasForm || current === "answer") look(store, directSpace(store, person.id)?.id);
    else {
      look(store, moderatedBy(store, person.id)?.id);
      this.composer.write(`@${bot(store)?.displayName ?? ""} ${LINES[current]}`);
    }
  }

  private whoTakesStep(): Person | undefined {
    if (this.current === "answer") return this.whoAnswers();
    const form = this.store.spaces.get(this.progress.formSpaceId ?? "");
    if (this.current !== "add" || form === undefined) return this.moderator();
    return speakers(this.store).find(({ id }) => form.members.has(id));
  }

  /** Preferably the one who speaks already. */
  private moderator(): Person | undefined {
    const { store } = this;
    const people = speakers(store).filter(({ id }) => moderatedBy(store, id) !== undefined);
    return people.find(({ id }) => id === store.speaker) ?? people[0];
  }

  /** Preferably somebody who has been told and has not looked yet. */
  private whoAnswers(): Person | undefined {
    const { store } = this;
    const others = speakers(store).filter(({ id }) => id !== store.speaker);
    const isTold = ({ id }: Person): boolean => (directSpace(store, id)?.unread ?? 0) > 0;
    return others.find(isTold) ?? others[0];
  }
}

function moderatedBy(store: Store, personId: string): Space | undefined {
  return spacesOf(store, personId).find(({ members }) => members.get(personId) === true);
}
