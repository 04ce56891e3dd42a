import { api, problem } from "./api";
import { closeWhenLeft } from "./close-when-left";
import { el, setText } from "./dom";
import type { ActiveFault } from "./sandbox-state";
import type { Store } from "./store";
import { isSameFault, usualFaults, type UsualFault } from "./usual-faults";

const OFTEN: readonly (readonly [label: string, times: number | undefined])[] = [
  ["until switched off", undefined],
  ["once", 1],
  ["five times", 5],
];

/** What can be made to go wrong. */
export class FaultsPanel {
  readonly element: HTMLElement;
  readonly button: HTMLButtonElement;
  private readonly rows: { usual: UsualFault; input: HTMLInputElement; note: HTMLElement }[] = [];
  private readonly often: HTMLSelectElement;
  private readonly others = el("p", { class: "small-note" });
  private readonly trouble = el("p", { class: "trouble", role: "alert" });
  private readonly count = el("span", { class: "badge" });

  constructor(private readonly store: Store) {
    this.often = el(
      "select",
      { id: "page-fault-often" },
      ...OFTEN.map(([label], index) => el("option", { value: index }, label)),
    );
    this.element = el(
      "section",
      { class: "faults", id: "faults", "aria-label": "Faults", hidden: true },
      el("h2", {}, "What goes wrong"),
      el(
        "p",
        { class: "faults-often" },
        el("label", { for: "page-fault-often" }, "Each"),
        " ",
        this.often,
      ),
      el("ul", {}, ...usualFaults.map((usual) => this.row(usual))),
      this.others,
      this.trouble,
      el(
        "button",
        {
          type: "button",
          class: "quiet",
          on: { click: () => void this.try(() => api.clearFaults()) },
        },
        "Switch all off",
      ),
    );
    this.button = el(
      "button",
      {
        type: "button",
        class: "tool",
        "aria-controls": "faults",
        "aria-expanded": "false",
        on: { click: () => this.show(this.element.hidden) },
      },
      "Faults",
      this.count,
    );
    closeWhenLeft({
      contains: (node) => this.element.contains(node) || this.button.contains(node),
      close: () => this.show(false),
      opener: () => this.button,
    });
    store.on(["faults"], () => this.update());
  }

  tell(sentence: string): void {
    setText(this.trouble, sentence);
    this.show(true);
  }

  private show(isShown: boolean): void {
    this.element.hidden = !isShown;
    this.button.setAttribute("aria-expanded", String(isShown));
  }

  private row(usual: UsualFault): HTMLElement {
    const input = el("input", {
      type: "checkbox",
      role: "switch",
      on: { change: () => void this.turn(usual, input.checked) },
    });
    const note = el("span", { class: "fault-note" }, usual.meaning);
    this.rows.push({ usual, input, note });
    const text = el("span", { class: "fault-text" }, el("span", {}, usual.label), note);
    return el("li", {}, el("label", { class: "fault" }, input, text));
  }

  private async turn(usual: UsualFault, isOn: boolean): Promise<void> {
    const times = OFTEN[Number(this.often.value)]?.[1];
    await this.try(async () => {
      if (isOn) await api.addFault({ ...usual.fault, ...(times !== undefined && { times }) });
      else for (const { id } of this.active(usual)) await api.removeFault(id);
    });
  }

  private async try(task: () => Promise<unknown>): Promise<void> {
    this.trouble.textContent = "";
    try {
      await task();
    } catch (error) {
      setText(this.trouble, problem(error));
      this.update();
    }
  }

  private active({ fault }: UsualFault): ActiveFault[] {
    return this.store.faults.filter((active) => isSameFault(active.fault, fault));
  }

  private update(): void {
    for (const { usual, input, note } of this.rows) {
      const [active] = this.active(usual);
      input.checked = active !== undefined;
      const times = active?.fault.times;
      const often = times === undefined ? "" : times === 1 ? " (once)" : ` (${times} times)`;
      setText(note, usual.meaning + often);
    }
    const { faults } = this.store;
    const usual = faults.filter((each) =>
      usualFaults.some(({ fault }) => isSameFault(each.fault, fault)),
    );
    const others = faults.length - usual.length;
    setText(this.others, others > 0 ? `and ${others} set through the control API` : "");
    setText(this.count, faults.length > 0 ? String(faults.length) : "");
  }
}
