import type { DirectoryPerson, FoundPerson } from "../../src/directory/directory";
import { dialable } from "../../src/roster/phone-number";
import type { StoreOptions } from "../../src/store/store-options";
import type { Store } from "../../src/store/store";

/** As the app gives them. */
export const directoryNumbers: NonNullable<StoreOptions["directoryNumbers"]> = {
  smsPhoneType: "mobile",
  voicePhoneType: "work",
  dialable: (text) => dialable(text, { defaultCountry: "US", dialCountries: ["US", "PT"] }),
};

/** Somebody whose id is their name and whose address is made of it. */
export function someone(name: string, more: Partial<DirectoryPerson> = {}): DirectoryPerson {
  const email = `${name.toLowerCase().replace(/[^a-z0-9]+/g, ".")}@corp.example`;
  return { personId: name, name, email, phones: [], ...more };
}

/** Makes these people the directory. */
export async function fill(store: Store, people: readonly DirectoryPerson[]) {
  const writer = await store.directory.write();
  await writer.add(people);
  return writer.replace();
}

/** The ids of whom a search finds, in their order. */
export async function find(store: Store, term: string, limit = 20): Promise<string[]> {
  const { found } = await store.directory.search(term, limit);
  return found.map((person: FoundPerson) => person.personId);
}
