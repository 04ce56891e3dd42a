import { z } from "zod";
import type { DirectoryPerson, DirectoryPhone } from "../directory/directory";
import { shortLine } from "./translate";

/** Far more than anybody has; what is longer is a mistake or worse. */
const MOST_NAME = 200;
const MOST_EMAIL = 254;
const MOST_PHONE = 100;
const MOST_PHONES = 20;

/** Every field may be missing, or be of another type: one bad entry must not end a sync. */
const words = z.string().optional().catch(undefined);
const list = z.array(z.unknown()).catch([]);
/** Documented as "true" and "false". */
const flag = z.union([z.string(), z.boolean()]).transform(String).optional().catch(undefined);

const phone = z.object({ type: words, value: words });

const entry = z.object({
  id: z.string().regex(/^[\x21-\x7e]{1,500}$/),
  type: words,
  loginEnabled: flag,
  invitePending: flag,
  emails: list,
  displayName: words,
  firstName: words,
  lastName: words,
  phoneNumbers: list,
});
type Entry = z.infer<typeof entry>;

/**
 * Somebody of the organisation's list who can be told something on Webex; undefined for bots,
 * guests, people who cannot sign in (yet), and what is no person at all.
 */
export function toDirectoryPerson(item: unknown): DirectoryPerson | undefined {
  const parsed = entry.safeParse(item);
  if (!parsed.success || !canBeTold(parsed.data)) return undefined;
  const { data } = parsed;
  const email = firstAddress(data.emails);
  return {
    personId: data.id,
    name: nameOf(data) || (email ?? ""),
    ...(email === undefined ? {} : { email }),
    phones: data.phoneNumbers.flatMap(toPhone).slice(0, MOST_PHONES),
  };
}

function canBeTold({ type, loginEnabled, invitePending }: Entry): boolean {
  const isPerson = type === undefined || type === "person";
  return isPerson && loginEnabled !== "false" && invitePending !== "true";
}

function nameOf({ displayName, firstName, lastName }: Entry): string {
  return (
    shortLine(displayName, MOST_NAME) ||
    shortLine(`${firstName ?? ""} ${lastName ?? ""}`, MOST_NAME)
  );
}

/** The first that looks like one, lower case. */
function firstAddress(emails: readonly unknown[]): string | undefined {
  return emails
    .filter((email) => typeof email === "string")
    .map((email) => shortLine(email, MOST_EMAIL + 1).toLowerCase())
    .find((email) => email.length <= MOST_EMAIL && /^[^\s@]+@[^\s@]+$/.test(email));
}

function toPhone(item: unknown): DirectoryPhone[] {
  const parsed = phone.safeParse(item);
  const value = parsed.success ? shortLine(parsed.data.value, MOST_PHONE) : "";
  return value === "" ? [] : [{ type: shortLine(parsed.data?.type, MOST_PHONE), value }];
}
