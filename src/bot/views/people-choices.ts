import { fold } from "../../fold";
import type { Responder } from "../../roster/responder";
import type { Choice } from "./external-form";
import { besideBox, plain } from "./text";

export const NAME_LENGTH = 40;
const TITLE_LENGTH = 200;
const DOMAIN_LENGTH = 24;

/** What tells people of one name apart, and what a moderator knows them by. */
export type Known = Pick<Responder, "id" | "name" | "email" | "mobile" | "voice"> & {
  /** `directory`: only the organisation's directory knows them, and the id is the person's. */
  kind: Responder["kind"] | "directory";
};

/** Names to tick; who shares theirs with another has beside it what tells them apart. */
export function nameChoices(responders: readonly Known[]): Choice[] {
  const shared = sharedNames(responders);
  return responders.map((responder) => {
    const name = plain(responder.name, NAME_LENGTH);
    const isShared = shared.has(fold(name));
    const title = isShared ? `${name} (${details(responder, isShared).join(", ")})` : name;
    return { title: besideBox(title, TITLE_LENGTH), value: responder.id };
  });
}

/** The folded names, as they are shown, that more than one of them has. */
export function sharedNames(responders: readonly Known[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { name } of responders) {
    const folded = fold(plain(name, NAME_LENGTH));
    if (seen.has(folded)) shared.add(folded);
    seen.add(folded);
  }
  return shared;
}

/**
 * What may be said of somebody in a space: of an external no whole number and no e-mail address;
 * the address of a Webex person, or one of the directory, is whole where the name is shared, since
 * nothing else tells which of two colleagues is meant.
 */
export function details({ email = "", kind, mobile, voice }: Known, isShared: boolean): string[] {
  const domain = plain(email.slice(email.lastIndexOf("@") + 1), DOMAIN_LENGTH);
  const address = isShared ? plain(email, 2 * NAME_LENGTH) : domain;
  const isExternal = kind === "external";
  const parts = [
    foundIn[kind],
    isExternal && mobile !== undefined ? `SMS …${mobile.slice(-2)}` : "",
    isExternal && voice !== undefined ? `call …${voice.slice(-2)}` : "",
    isExternal ? domain : address,
  ];
  return parts.filter((part) => part !== "");
}

const foundIn: Readonly<Record<Known["kind"], string>> = {
  internal: "on Webex",
  external: "with a phone",
  directory: "in the directory",
};
