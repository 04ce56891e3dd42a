/** How often one person was told of the incident, by channel. */
export interface Told {
  webex: number;
  sms: number;
  calls: number;
}

const channels = ["webex", "sms", "calls"] as const;

const words: Readonly<Record<keyof Told, readonly [one: string, many: string]>> = {
  webex: ["direct message", "direct messages"],
  sms: ["text", "texts"],
  calls: ["call", "calls"],
};

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

export function compareMembers(expected: readonly string[], present: readonly string[]): string[] {
  const missing = expected.filter((name) => !present.includes(name));
  const surplus = present.filter((name) => !expected.includes(name));
  return [
    ...missing.map((name) => `${name}: expected in the space, is not there`),
    ...surplus.map((name) => `${name}: expected out of the space, is still there`),
  ];
}

/** "1 direct message, 2 calls"; "nothing" when there is none. */
export function describeTold(told: Told): string {
  const parts = channels
    .filter((channel) => told[channel] > 0)
    .map((channel) => amount(told[channel], channel));
  return parts.length === 0 ? "nothing" : parts.join(", ");
}

const nothing: Told = { webex: 0, sms: 0, calls: 0 };

function amount(count: number, channel: keyof Told): string {
  const [one, many] = words[channel];
  return `${count} ${count === 1 ? one : many}`;
}
