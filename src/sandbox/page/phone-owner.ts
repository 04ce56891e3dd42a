import type { Store } from "./store";

/** Whose phone it is: as the sandbox says, or who of Webex has this number. */
export function ownerOf(store: Store, number: string): string | undefined {
  const owner = store.phones.get(number)?.owner;
  if (owner !== undefined) return owner;
  for (const { displayName, phoneNumbers } of store.people.values()) {
    const isTheirs = phoneNumbers.some(({ value }) => value.replace(/[^\d+]/g, "") === number);
    if (isTheirs) return displayName;
  }
  return undefined;
}
