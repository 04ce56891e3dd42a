import { makeId } from "../ids";
import type { SandboxPerson } from "../model";
import type { Listing } from "../people-table";
import { ApiError, notFound } from "./api-error";
import {
  checkId,
  hasScope,
  ok,
  queried,
  queriedId,
  type Answer,
  type Call,
  type Route,
} from "./call";
import { answerPage } from "./paging";
import { iso } from "./views";

const MOST_IDS = 85;
const SHORTEST_PREFIX = 3;
const ADMIN_ROLE = makeId("ROLE");
const LIST_EVERYBODY = "spark-admin:people_read";
const READ_PEOPLE = ["spark:people_read", LIST_EVERYBODY, "spark:all"];

export const peopleRoutes: Route[] = [
  { method: "get", path: "/people", answer: listPeople, scopes: READ_PEOPLE },
  { method: "get", path: "/people/me", answer: getOneself, scopes: READ_PEOPLE },
  { method: "get", path: "/people/:id", answer: getPerson, scopes: READ_PEOPLE },
];

function listPeople(call: Call): Answer {
  const ids = queried(call, "id");
  const wanted = ids === undefined ? undefined : checkIds(ids);
  const people = wanted ? byIds(call, wanted) : search(call);
  return answerPage(call, people, {
    size: 100,
    largest: 1_000,
    idOf: ({ id }) => id,
    show: (person) => personView(call, person),
    extra: { notFoundIds: wanted?.filter((id) => !call.state.people.has(id)) ?? [] },
  });
}

function checkIds(list: string): string[] {
  const ids = list.split(",").map((id) => checkId(id.trim()));
  if (ids.length > MOST_IDS) throw new ApiError(400, `At most ${MOST_IDS} ids may be given.`);
  return ids;
}

function byIds({ state }: Call, ids: readonly string[]): SandboxPerson[] {
  return ids.map((id) => state.people.get(id)).filter((person) => person !== undefined);
}

/** Searching finds people of the caller's own organisation only. */
function search(call: Call): Listing<SandboxPerson> {
  const { state, caller } = call;
  const email = queried(call, "email");
  const displayName = queried(call, "displayName");
  const orgId = orgOf(call);
  if (email !== undefined) {
    const person = state.personByEmail(email);
    return person?.orgId === orgId ? [person] : [];
  }
  if (displayName === undefined) {
    checkMayListAll(call, caller);
    return state.people.listing(orgId);
  }
  if (displayName.length < SHORTEST_PREFIX) {
    throw new ApiError(400, `displayName must have ${SHORTEST_PREFIX} characters or more.`);
  }
  const prefix = displayName.toLowerCase();
  return state.people.named(orgId, (name) => name.toLowerCase().startsWith(prefix));
}

function orgOf(call: Call): string {
  const orgId = queriedId(call, "orgId") ?? call.caller.orgId;
  if (orgId !== call.caller.orgId) throw new ApiError(403, "Not an admin of that organization.");
  return orgId;
}

function checkMayListAll(call: Call, caller: SandboxPerson): void {
  if (caller.isAdmin && hasScope(call, LIST_EVERYBODY)) return;
  const { listRefusal } = call.state;
  throw new ApiError(listRefusal, "Email, displayName, or id list should be specified.");
}

function getOneself({ caller, ...call }: Call): Answer {
  return ok(ownView(call, caller));
}

function getPerson(call: Call): Answer {
  const person = call.state.people.get(checkId(call.params.id));
  if (!person) throw notFound("person");
  if (person.id === call.caller.id) return ok(ownView(call, person));
  return ok({ ...personView(call, person), ...(isAdminOf(call, person) ? rolesOf(person) : {}) });
}

function ownView(call: Omit<Call, "caller">, person: SandboxPerson): Record<string, unknown> {
  return { ...personView({ ...call, caller: person }, person), ...rolesOf(person) };
}

/** Lists leave these out even for admins. */
function rolesOf(person: SandboxPerson): Record<string, unknown> {
  return person.isAdmin ? { roles: [ADMIN_ROLE], licenses: [] } : {};
}

function isAdminOf(call: Pick<Call, "caller" | "token">, person: SandboxPerson): boolean {
  const { isAdmin, orgId } = call.caller;
  return isAdmin && orgId === person.orgId && hasScope(call, LIST_EVERYBODY);
}

function personView(call: Call, person: SandboxPerson): Record<string, unknown> {
  const [firstName = person.displayName, ...rest] = person.displayName.split(" ");
  const isOurs = person.orgId === call.caller.orgId;
  const isAdmin = isAdminOf(call, person);
  const isPhoneShown = isAdmin || person.id === call.caller.id;
  return {
    id: person.id,
    emails: person.email === "" ? [] : [person.email],
    displayName: person.displayName,
    nickName: firstName,
    firstName,
    lastName: rest.join(" "),
    orgId: person.orgId,
    created: iso(person.created),
    ...(isPhoneShown && { phoneNumbers: person.phoneNumbers }),
    ...(isOurs && !hidesPresence(call) && { status: person.isPending ? "pending" : "active" }),
    ...(isAdmin && {
      invitePending: String(person.isPending),
      loginEnabled: String(person.isLoginEnabled),
    }),
    type: person.type,
  };
}

function hidesPresence(call: Call): boolean {
  return queried(call, "excludeStatus") === "true" || queried(call, "id") !== undefined;
}
