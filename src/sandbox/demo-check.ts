/** How often one person was told of the incident, by channel. */
export interface Told {
  webex: number;
  sms: number;
  calls: number;
}

/** By name. */
export type ToldMore = Readonly<Record<string, Partial<Told>>>;

/** What the status card should say of one person. */
export interface Standing {
  name: string;
  group: "coming" | "declined" | "waiting" | "not reached";
  /** Each is found beside the group. */
  details: readonly string[];
  /** For who reads the demo. */
  inWords: string;
}

const channels = ["webex", "sms", "calls"] as const;

const words: Readonly<Record<keyof Told, readonly [one: string, many: string]>> = {
  webex: ["direct message", "direct messages"],
  sms: ["text", "texts"],
  calls: ["call", "calls"],
};

const nothing: Told = { webex: 0, sms: 0, calls: 0 };

/** `told`, and `more` besides. */
export function addTold(told: ReadonlyMap<string, Told>, more: ToldMore): Map<string, Told> {
  const sum = new Map(told);
  for (const [name, { webex = 0, sms = 0, calls = 0 }] of Object.entries(more)) {
    const before = sum.get(name) ?? nothing;
    sum.set(name, {
      webex: before.webex + webex,
      sms: before.sms + sms,
      calls: before.calls + calls,
    });
  }
  return sum;
}

/** Every difference, in a sentence each; empty when all is as expected. */
export function compareTold(
  expected: ReadonlyMap<string, Told>,
  came: ReadonlyMap<string, Told>,
): string[] {
  const names = new Set([...expected.keys(), ...came.keys()]);
  return [...names].flatMap((name) => {
    const wanted = expected.get(name) ?? nothing;
    const got = came.get(name) ?? nothing;
    return channels
      .filter((channel) => wanted[channel] !== got[channel])
      .map(
        (channel) =>
          `${name}: expected ${amount(wanted[channel], channel)}, came ${amount(got[channel], channel)}`,
      );
  });
}

/** Somebody was told more often than expected: waiting longer cannot mend that. */
export function isTooMuch(
  expected: ReadonlyMap<string, Told>,
  came: ReadonlyMap<string, Told>,
): boolean {
  return [...came].some(([name, got]) => {
    const wanted = expected.get(name) ?? nothing;
    return channels.some((channel) => got[channel] > wanted[channel]);
  });
}

export function compareMembers(expected: readonly string[], present: readonly string[]): string[] {
  const missing = expected.filter((name) => !present.includes(name));
  const surplus = present.filter((name) => !expected.includes(name));
  return [
    ...missing.map((name) => `${name}: expected in the space, is not there`),
    ...surplus.map((name) => `${name}: expected out of the space, is still there`),
  ];
}

/** Every person of whom the status card's text says something else than expected. */
export function compareStandings(expected: readonly Standing[], card: string): string[] {
  return expected.flatMap(({ details, group, name }) => {
    const line = card.split("\n").find((one) => one.startsWith(`${name}: `));
    if (line === undefined) return [`${name}: expected on the status card, is not there`];
    const isSo =
      line.startsWith(`${name}: ${group} (`) && details.every((detail) => line.includes(detail));
    const wanted = [group, ...details].join(", ");
    return isSo ? [] : [`${name}: expected “${wanted}”, the status card says “${line.trim()}”`];
  });
}

/** "1 direct message, 2 calls"; "nothing" when there is none. */
export function describeTold(told: Told): string {
  const parts = channels
    .filter((channel) => told[channel] > 0)
    .map((channel) => amount(told[channel], channel));
  return parts.length === 0 ? "nothing" : parts.join(", ");
}

function amount(count: number, channel: keyof Told): string {
  const [one, many] = words[channel];
  return `${count} ${count === 1 ? one : many}`;
}
