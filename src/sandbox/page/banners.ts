import { api, problem } from "./api";
import { el, setText } from "./dom";
import type { BotState } from "./sandbox-state";
import type { Store } from "./store";

/** Says when the sandbox or the bot is away, and offers to start the bot again. */
export function showBanners(store: Store, place: HTMLElement): void {
  const connection = el("div", { class: "banner", role: "status" });
  const text = el("p", {});
  const lines = el("pre", { tabindex: "0", "aria-label": "Last lines of the bot's log" });
  const log = el("details", {}, el("summary", {}, "Its last lines"), lines);
  const start = el("button", { type: "button", class: "primary" }, "Start it again");
  start.addEventListener("click", () => {
    start.disabled = true;
    api.startBot().then(
      () => (start.disabled = false),
      (error: unknown) => {
        start.disabled = false;
        setText(text, `The bot could not be started. ${problem(error)}`);
      },
    );
  });
  const bot = el("div", { class: "banner is-bad", role: "alert" }, text, start, log);
  place.replaceChildren(connection, bot);
  connection.hidden = bot.hidden = true;
  store.on(["connection"], () => {
    connection.hidden = store.connection !== "lost";
    setText(
      connection,
      connection.hidden ? "" : "The sandbox does not answer. This page goes on when it is back.",
    );
  });
  store.on(["bot", "connection"], () => {
    const { state = "running", ending, lines: last = [] } = store.bot ?? {};
    // Of the bot nothing is known while the sandbox is away.
    bot.hidden = state === "running" || store.connection === "lost";
    bot.classList.toggle("is-bad", state === "ended");
    start.hidden = state !== "ended";
    log.hidden = state !== "ended" || last.length === 0;
    setText(lines, last.join("\n"));
    setText(text, sentence(state, ending));
  });
}

function sentence(state: BotState["state"], ending?: string): string {
  if (state === "running") return "";
  if (state === "starting")
    return "The bot is starting … This takes some seconds. What you write is sent when it is ready.";
  if (state === "stopping") return "The bot is stopping …";
  const how = ending === undefined ? "" : ` (${ending})`;
  return `The bot has ended${how}. Nobody answers what is written now. Its incidents are kept: start it again to go on.`;
}
