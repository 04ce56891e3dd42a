import { api, problem, type Saying, type Upload } from "./api";
import { bot, openSpace } from "./choice";
import { el, icon, setText } from "./dom";
import { MentionList } from "./mention-list";
import type { Store } from "./store";
import { readUpload } from "./upload";
import { usualLineButtons, usualLines, type UsualLine } from "./usual-lines";
import { WaitingLines } from "./waiting-lines";

const SEND = "M4 12l16-7.5L14.5 20l-3-6.5z";
const CLIP = "M8.5 12.5l5.6-5.6a2.6 2.6 0 013.7 3.7l-7 7a4.4 4.4 0 01-6.2-6.2l6.6-6.6";
const TALLEST_PX = 160;

/** Where one writes as the person who speaks. What is half written stays with its conversation. */
export class Composer {
  readonly element: HTMLElement;
  private readonly box: HTMLTextAreaElement;
  private readonly label = el("label", { class: "unseen", for: "page-message" });
  private readonly trouble = el("p", { class: "trouble", role: "alert" });
  private readonly lines = el("div");
  private readonly attached = el("p", { class: "attached" });
  private readonly mentions: MentionList;
  private readonly waiting: WaitingLines;
  private readonly drafts = new Map<string, string>();
  private file: Upload | undefined;
  private place = "";

  constructor(private readonly store: Store) {
    this.box = el("textarea", {
      id: "page-message",
      rows: 1,
      autocomplete: "off",
      "aria-describedby": "page-message-hint",
      on: { input: () => this.fit(), keydown: (event) => this.pressed(event) },
    });
    this.mentions = new MentionList(store, this.box);
    this.waiting = new WaitingLines(store, (saying, why) => this.giveBack(saying, why));
    store.onLook = () => this.update();
    this.element = el(
      "form",
      { class: "composer", on: { submit: (event) => this.submitted(event) } },
      this.lines,
      this.waiting.element,
      this.trouble,
      this.attached,
      el(
        "div",
        { class: "composer-row" },
        this.mentions.element,
        this.attachButton(),
        this.label,
        this.box,
        el("button", { class: "send", type: "submit", "aria-label": "Send" }, icon(SEND)),
      ),
      el(
        "p",
        { class: "unseen", id: "page-message-hint" },
        "Enter sends, Shift and Enter begins a line.",
      ),
    );
  }

  /** Shows the draft of the conversation that is looked at now. */
  update(): void {
    const { speaker, spaceId = "direct" } = this.store;
    const place = `${speaker} ${spaceId}`;
    const isDirect = openSpace(this.store)?.type !== "group";
    const botName = bot(this.store)?.displayName ?? "the bot";
    const title = isDirect ? botName : (openSpace(this.store)?.title ?? "");
    const name = this.store.people.get(speaker)?.displayName ?? "";
    setText(this.label, `Message to ${title}`);
    this.box.placeholder = isDirect
      ? `Write to ${botName} as ${name}`
      : `Write as ${name}; begin with @${botName}`;
    if (place === this.place) return;
    this.drafts.set(this.place, this.box.value);
    this.place = place;
    this.box.value = this.drafts.get(place) ?? "";
    this.trouble.textContent = "";
    const lines = usualLines(botName, isDirect);
    this.lines.replaceChildren(usualLineButtons(lines, (line) => this.choose(line)));
    this.fit();
  }

  choose({ line, isOpen }: UsualLine): void {
    if (isOpen) this.write(line);
    else void this.say(line);
  }

  /** Puts a line into the box for somebody to complete or to send. */
  write(line: string): void {
    this.box.value = line;
    this.box.focus();
    this.box.setSelectionRange(line.length, line.length);
    this.fit();
  }

  private submitted(event: Event): void {
    event.preventDefault();
    const text = this.box.value.trim();
    if (text === "" && this.file === undefined) return;
    const { file } = this;
    this.box.value = "";
    this.attach(undefined);
    this.fit();
    void this.say(text, file).then((isSaid) => {
      if (isSaid) return;
      if (this.box.value === "") this.write(text);
      this.attach(file);
    });
  }

  private async say(text: string, file?: Upload): Promise<boolean> {
    const { speaker: person, spaceId } = this.store;
    const saying: Saying = {
      person,
      text,
      ...(spaceId !== undefined && { space: spaceId }),
      ...(file && { files: [file] }),
    };
    this.trouble.textContent = "";
    try {
      if (this.waiting.mustWait) this.waiting.add(saying);
      else await api.say(saying);
      return true;
    } catch (error) {
      setText(this.trouble, `Not sent. ${problem(error)}`);
      return false;
    }
  }

  /** What has waited and was refused then. */
  private giveBack({ text, files: [file] = [] }: Saying, why: string): void {
    setText(this.trouble, `Not sent: ${text}. ${why}`);
    if (this.box.value === "") this.write(text);
    this.attach(this.file ?? file);
  }

  private attachButton(): HTMLElement {
    const input = el("input", {
      type: "file",
      class: "unseen",
      tabindex: "-1",
      "aria-hidden": "true",
    });
    input.addEventListener("change", () => {
      const [file] = input.files ?? [];
      input.value = "";
      if (!file) return;
      readUpload(file).then(
        (upload) => this.attach(upload),
        (error: unknown) => setText(this.trouble, problem(error)),
      );
    });
    const button = el(
      "button",
      {
        type: "button",
        class: "attach",
        "aria-label": "Add a file",
        on: { click: () => input.click() },
      },
      icon(CLIP),
    );
    return el("span", {}, input, button);
  }

  private attach(file: Upload | undefined): void {
    this.file = file;
    this.attached.replaceChildren(
      ...(file === undefined
        ? []
        : [
            `With ${file.name} `,
            el(
              "button",
              { type: "button", class: "quiet", on: { click: () => this.attach(undefined) } },
              "Leave it out",
            ),
          ]),
    );
  }

  private pressed(event: KeyboardEvent): void {
    if (event.isComposing || this.mentions.pressed(event)) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    this.element.dispatchEvent(new SubmitEvent("submit", { cancelable: true }));
  }

  private fit(): void {
    this.box.style.height = "auto";
    const { scrollHeight } = this.box;
    // Nothing is known of its height while another part of a narrow page is shown.
    if (scrollHeight > 0) this.box.style.height = `${Math.min(scrollHeight, TALLEST_PX)}px`;
    this.mentions.update();
  }
}
