// UTC, as on the bot's cards, which do not know where they are read.
const hours = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
});
const seconds = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZone: "UTC",
});
const days = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

/** "14:05" */
export function clockTime(at: number): string {
  return hours.format(at);
}

/** "14:05:31 UTC" */
export function exactTime(at: number): string {
  return `${seconds.format(at)} UTC`;
}

/** "Tue, 24 Nov 2026" where it is another day than `today`, else nothing. */
export function otherDay(at: number, today: number): string {
  const day = days.format(at);
  return day === days.format(today) ? "" : day;
}

/** "1:05", of a length of time. */
export function duration(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(total / 60)}:${String(total % 60).padStart(2, "0")}`;
}

/** "+1 202 555 0143"; numbers of other countries as they are. */
export function shownNumber(number: string): string {
  const match = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return match ? `+1 ${match.slice(1).join(" ")}` : number;
}
