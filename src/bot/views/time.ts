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
