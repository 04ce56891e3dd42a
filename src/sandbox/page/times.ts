const hours = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const seconds = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** "14:05" */
export function clockTime(at: number): string {
  return hours.format(at);
}

/** "14:05:31" */
export function exactTime(at: number): string {
  return seconds.format(at);
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
