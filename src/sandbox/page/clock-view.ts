import { api, problem } from "./api";
import { el, setText } from "./dom";
import type { Store } from "./store";
import { exactTime, otherDay } from "./times";

const MINUTE_MS = 60_000;
const STEPS = [1, 5, 60];

/** The sandbox's time, and buttons that let some of it pass. */
export function clockView(store: Store, tell: (sentence: string) => void): HTMLElement {
  const time = el("time", { class: "clock-time" });
  const day = el("span", { class: "clock-day" });
  const show = (): void => {
    setText(time, exactTime(store.now()));
    setText(day, otherDay(store.now(), Date.now()));
  };
  store.on(["clock"], show);
  setInterval(show, 1000);
  const buttons = STEPS.map((minutes) => {
    const name = minutes === 1 ? "1 minute" : `${minutes} minutes`;
    const advance = (): void => {
      api.advanceClock(minutes * MINUTE_MS).then(
        ({ now }) => store.setNow(now),
        (error: unknown) => tell(problem(error)),
      );
    };
    return el(
      "button",
      {
        type: "button",
        class: "tool",
        "aria-label": `+${minutes} min: let ${name} pass`,
        title: `Let ${name} pass`,
        on: { click: advance },
      },
      `+${minutes} min`,
    );
  });
  const face = el("div", { class: "clock-face" }, time, day);
  return el("div", { class: "clock", role: "group", "aria-label": "Clock" }, face, ...buttons);
}
