const DAY_MS = 86_400_000;

/**
 * "03:10 UTC", and with its date "2026-01-05 03:10 UTC" where `now` lies on another day. UTC,
 * because those who read it sit in many zones.
 */
export function utcTime(at: number, now = at): string {
  const iso = new Date(at).toISOString();
  const time = `${iso.slice(11, 16)} UTC`;
  const isSameDay = Math.floor(at / DAY_MS) === Math.floor(now / DAY_MS);
  return isSameDay ? time : `${iso.slice(0, 10)} ${time}`;
}

const steps: readonly [number, string, string][] = [
  [DAY_MS, "day", "days"],
  [3_600_000, "hour", "hours"],
  [60_000, "minute", "minutes"],
];

/** "3 hours ago", in the largest unit that fits; "just now" for less than a minute. */
export function ago(at: number, now: number): string {
  const passed = Math.max(0, now - at);
  for (const [size, one, many] of steps) {
    const count = Math.floor(passed / size);
    if (count > 0) return `${count} ${count === 1 ? one : many} ago`;
  }
  return "just now";
}
