import { bot, openSpace } from "./choice";
import { el } from "./dom";
import type { Store } from "./store";

const MOST = 6;

/** Offers the members of the space whose name begins with what stands behind the last "@". */
export class MentionList {
  readonly element = el("ul", {
    class: "mentions",
    id: "page-mentions",
    role: "listbox",
    "aria-label": "Whom to mention",
    hidden: true,
  });
  private names: string[] = [];
  private active = 0;

  constructor(
    private readonly store: Store,
    private readonly box: HTMLTextAreaElement,
  ) {
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", "page-mentions");
    box.addEventListener("blur", () => this.close());
  }

  update(): void {
    const typed = this.typed();
    this.names = typed === undefined ? [] : this.namesBeginning(typed);
    this.active = 0;
    this.show();
  }

  /** True where the key was meant for this list. */
  pressed(event: KeyboardEvent): boolean {
    if (this.names.length === 0) return false;
    const { length } = this.names;
    if (event.key === "ArrowDown") this.active = (this.active + 1) % length;
    else if (event.key === "ArrowUp") this.active = (this.active + length - 1) % length;
    else if (event.key === "Escape") this.names = [];
    else if (event.key === "Enter" || event.key === "Tab") this.take(this.names[this.active] ?? "");
    else return false;
    event.preventDefault();
    this.show();
    return true;
  }

  /** What stands between the last "@" and the caret; undefined where no name is being typed. */
  private typed(): string | undefined {
    if (openSpace(this.store)?.type !== "group") return undefined;
    const before = this.box.value.slice(0, this.box.selectionStart);
    return /(?:^|\s)@([^@\n]*)$/.exec(before)?.[1];
  }

  private namesBeginning(typed: string): string[] {
    const members = [...(openSpace(this.store)?.members.keys() ?? [])];
    const botName = bot(this.store)?.displayName;
    const names = members.map((id) => this.store.people.get(id)?.displayName ?? "");
    const fitting = names.filter((name) => name.toLowerCase().startsWith(typed.toLowerCase()));
    // Somebody who has written the name out needs no help any more.
    if (fitting.some((name) => name.toLowerCase() === typed.toLowerCase())) return [];
    return fitting
      .sort((one, other) => Number(other === botName) - Number(one === botName))
      .slice(0, MOST);
  }

  private take(name: string): void {
    const { value, selectionStart } = this.box;
    const start = value.lastIndexOf("@", selectionStart - 1);
    this.box.setRangeText(`@${name} `, start, selectionStart, "end");
    this.close();
  }

  private close(): void {
    this.names = [];
    this.show();
  }

  private show(): void {
    this.element.hidden = this.names.length === 0;
    this.element.replaceChildren(...this.names.map((name, index) => this.option(name, index)));
    if (this.names.length > 0)
      this.box.setAttribute("aria-activedescendant", `page-mention-${this.active}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  private option(name: string, index: number): HTMLElement {
    return el(
      "li",
      {
        id: `page-mention-${index}`,
        role: "option",
        "aria-selected": index === this.active ? "true" : "false",
        on: {
          // Before the box loses its focus, which would close the list.
          mousedown: (event) => {
            event.preventDefault();
            this.take(name);
          },
        },
      },
      name,
    );
  }
}
