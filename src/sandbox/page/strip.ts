import { el, setText } from "./dom";
import type { Notifications } from "./sandbox-state";
import type { Store } from "./store";

interface Count {
  label: string;
  class: string;
  meaning: string;
  of: (counts: Notifications) => number;
}

const COUNTS: readonly Count[] = [
  {
    label: "Queued",
    class: "is-queued",
    meaning: "Waiting to be sent",
    of: ({ queued = 0, sending = 0 }) => queued + sending,
  },
  {
    label: "Accepted",
    class: "is-accepted",
    meaning: "Taken by Webex or Webex Connect",
    of: ({ accepted = 0 }) => accepted,
  },
  {
    label: "Delivered",
    class: "is-delivered",
    meaning: "Arrived on a phone, or heard",
    of: ({ delivered = 0 }) => delivered,
  },
  {
    label: "Failed",
    class: "is-failed",
    meaning: "Not sent, or not in time",
    of: ({ failed = 0, expired = 0 }) => failed + expired,
  },
];

/** How the notifications of the bot stand. */
export function strip(store: Store): HTMLElement {
  const numbers = COUNTS.map(() => el("span", { class: "count" }, "–"));
  const items = COUNTS.map((count, index) =>
    el("li", { class: count.class, title: count.meaning }, `${count.label} `, numbers[index]),
  );
  store.on(["notifications"], () => {
    for (const [index, { of }] of COUNTS.entries()) {
      const number = numbers[index];
      const count = store.notifications && of(store.notifications);
      if (number) setText(number, count === undefined ? "–" : String(count));
      items[index]?.classList.toggle("is-some", (count ?? 0) > 0);
    }
  });
  return el(
    "div",
    { class: "strip" },
    el("h2", { id: "page-strip" }, "Notifications"),
    el("ul", { "aria-labelledby": "page-strip" }, ...items),
  );
}
