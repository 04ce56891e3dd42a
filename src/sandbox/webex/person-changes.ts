import { makeId, uuidOf } from "../ids";
import type { PhoneNumber, SandboxPerson } from "../model";
import type { WorldState } from "../world-state";
import { announcePerson } from "./announce";
import { ApiError } from "./api-error";

export interface PersonWish {
  displayName: string;
  /** Empty: none. */
  email: string;
  type?: SandboxPerson["type"] | undefined;
  orgId?: string | undefined;
  isAdmin?: boolean | undefined;
  isPending?: boolean | undefined;
  isLoginEnabled?: boolean | undefined;
  token?: string | undefined;
  phoneNumbers?: PhoneNumber[] | undefined;
}

const EMAIL = /^[^\s@<>|]+@[^\s@<>|]+\.[^\s@<>|]+$/;

export function createPerson(state: WorldState, wish: PersonWish): SandboxPerson {
  if (wish.email !== "") checkEmail(state, wish.email);
  const id = makeId("PEOPLE");
  const orgId = wish.orgId ?? state.homeOrgId;
  const person: SandboxPerson = {
    id,
    displayName: wish.displayName,
    email: wish.email,
    orgId,
    type: wish.type ?? "person",
    token: wish.token ?? defaultToken(id, orgId),
    isAdmin: wish.isAdmin ?? false,
    phoneNumbers: wish.phoneNumbers ?? [],
    isPending: wish.isPending ?? false,
    isLoginEnabled: wish.isLoginEnabled ?? true,
    created: state.now(),
  };
  state.putPerson(person);
  state.tokens.set(person.token, { personId: id });
  announcePerson(state, person, "created");
  return person;
}

function checkEmail(state: WorldState, email: string): void {
  if (!EMAIL.test(email)) throw new ApiError(400, `${email} is not an e-mail address.`);
  if (state.personByEmail(email)) throw new ApiError(409, `${email} exists already.`);
}

/** Three parts with the organisation's uuid last: Webex's SDK stumbles over any other form. */
function defaultToken(personId: string, orgId: string): string {
  const secret = Buffer.from(uuidOf(personId)).toString("base64url");
  return `${secret}_P0A1_${uuidOf(orgId)}`;
}

/** Webex takes an address that it does not know, and waits until somebody signs in with it. */
export function invitePending(state: WorldState, email: string): SandboxPerson {
  return createPerson(state, {
    displayName: email,
    email,
    orgId: state.consumerOrgId,
    isPending: true,
  });
}
