import { AdaptiveCard, OpenUrlAction, SubmitAction, type Action } from "adaptivecards";
import { cardLook } from "./card-look";
import { el, setText } from "./dom";
import { isSafeLink, markdownHtml } from "./markdown";
import { safeCard } from "./safe-card";

const look = cardLook();

AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = markdownHtml(text);
  result.didProcess = true;
};

/** Sends what was pressed with what was filled in; gives back as whom. Rejects with why not. */
export type Press = (inputs: Record<string, unknown>) => Promise<string>;

/** A card as one can use it. It is rendered once; what is typed into it stays until it goes. */
export function cardView(content: Record<string, unknown>, author: string, press: Press): Element {
  const note = el("p", { class: "card-note", role: "status" });
  const card = new AdaptiveCard();
  card.hostConfig = look;
  card.onExecuteAction = (action) => void execute(action, box, note, press);
  card.parse(safeCard(content));
  const rendered = card.render();
  const box = el(
    "div",
    { class: "card", role: "group", "aria-label": `Card from ${author}` },
    rendered ?? el("p", { class: "card-broken" }, "This card cannot be shown."),
  );
  return el("div", { class: "card-box" }, box, note);
}

async function execute(action: Action, box: Element, note: Element, press: Press): Promise<void> {
  if (action instanceof OpenUrlAction) {
    const { url = "" } = action;
    if (isSafeLink(url)) open(url, "_blank", "noopener,noreferrer");
    return;
  }
  if (!(action instanceof SubmitAction) || box.hasAttribute("aria-busy")) return;
  box.setAttribute("aria-busy", "true");
  note.classList.remove("is-problem");
  try {
    const who = await press({ ...(action.data as Record<string, unknown> | undefined) });
    setText(note, `${who} pressed “${action.title ?? "the button"}”`);
  } catch (error) {
    note.classList.add("is-problem");
    setText(note, error instanceof Error ? error.message : String(error));
  } finally {
    box.removeAttribute("aria-busy");
  }
}
