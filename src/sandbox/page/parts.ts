import { el } from "./dom";

const PARTS = [
  ["places", "Spaces"],
  ["conversation", "Conversation"],
  ["phones", "Phones"],
  ["controls", "Controls"],
] as const;

export type Part = (typeof PARTS)[number][0];

/** On a narrow screen there is room for one part at a time. */
export class Parts {
  private readonly buttons = new Map<Part, HTMLElement>();

  constructor(place: HTMLElement) {
    for (const [part, label] of PARTS) {
      const button = el("button", { type: "button", on: { click: () => this.show(part) } }, label);
      this.buttons.set(part, button);
      place.append(button);
    }
    this.show("conversation");
  }

  /** Marks a part in which there is something that nobody has looked at. */
  mark(part: Part, hasNews: boolean): void {
    const button = this.buttons.get(part);
    button?.classList.toggle("has-news", hasNews);
    if (button) button.title = hasNews ? "Something new" : "";
  }

  readonly show = (wanted: Part): void => {
    document.body.dataset.part = wanted;
    for (const [part, button] of this.buttons) {
      if (part === wanted) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  };
}
