import type { SandboxContext } from "./context";
import { makeId, splitMembershipId } from "./ids";
import type {
  RequestRecord,
  SandboxAction,
  SandboxMembership,
  SandboxMessage,
  SandboxPerson,
  SandboxSpace,
  SandboxToken,
  SandboxWebhook,
  StoredFile,
  WebhookStyle,
} from "./model";
import { PeopleTable } from "./people-table";
import { MeetingBook } from "./webex/meeting-book";
import { OAuthServer } from "./webex/oauth";
import { WebhookDelivery } from "./webex/webhook-delivery";

/** The tables of the Webex stand-in and the switches that change how it behaves. */
export class WorldState {
  readonly homeOrgId = makeId("ORGANIZATION");
  /** Where people land whom Webex knows by address only. */
  readonly consumerOrgId = makeId("ORGANIZATION");
  readonly people = new PeopleTable();
  readonly tokens = new Map<string, SandboxToken>();
  readonly spaces = new Map<string, SandboxSpace>();
  readonly messages = new Map<string, SandboxMessage>();
  readonly files = new Map<string, StoredFile>();
  readonly actions = new Map<string, SandboxAction>();
  readonly webhooks = new Map<string, SandboxWebhook>();

  /** Real milliseconds before each `/v1` answer. */
  latencyMs = 0;
  /** No page holds more, whatever `max` asks for. */
  forcedPageSize: number | undefined;
  /** The first so many reads of a new message or action answer 404. */
  readDelay = 0;
  cardLimitBytes = 22 * 1024;
  meetingInfoStatus: 404 | 410 = 404;
  /** Answered to whoever lists everybody without being an admin. */
  listRefusal: 400 | 403 = 400;
  webhookStyle: WebhookStyle = { spacing: "none", escapeNonAscii: false, signature: "right" };
  /** So many failed deliveries within five minutes make a webhook inactive. */
  webhookFailureLimit = 100;
  /** Keep bodies and answers in `requests`. */
  recordTraffic = false;
  /** The last 20,000 calls or so. */
  readonly requests: RequestRecord[] = [];
  /** Keyed by method and route pattern, such as `GET /messages/:id`. */
  readonly requestCounts = new Map<string, number>();

  readonly meetings = new MeetingBook(this);
  readonly oauth = new OAuthServer(this);
  readonly delivery = new WebhookDelivery(this);

  private readonly membersBySpace = new Map<string, Map<string, SandboxMembership>>();
  private readonly membershipsByPerson = new Map<string, Map<string, SandboxMembership>>();
  private readonly messagesBySpace = new Map<string, SandboxMessage[]>();
  private readonly directSpaces = new Map<string, SandboxSpace>();
  private readonly readsToRefuse = new Map<string, number>();

  constructor(readonly context: SandboxContext) {}

  now(): number {
    return this.context.clock.now();
  }

  putPerson(person: SandboxPerson): void {
    this.people.set(person.id, person);
  }

  personByEmail(email: string): SandboxPerson | undefined {
    return this.people.getByEmail(email);
  }

  putMembership(membership: SandboxMembership): void {
    slot(this.membersBySpace, membership.spaceId).set(membership.personId, membership);
    slot(this.membershipsByPerson, membership.personId).set(membership.spaceId, membership);
  }

  dropMembership({ spaceId, personId }: SandboxMembership): void {
    this.membersBySpace.get(spaceId)?.delete(personId);
    this.membershipsByPerson.get(personId)?.delete(spaceId);
  }

  membership(spaceId: string, personId: string): SandboxMembership | undefined {
    return this.membersBySpace.get(spaceId)?.get(personId);
  }

  membershipById(id: string): SandboxMembership | undefined {
    const ids = splitMembershipId(id);
    return ids && this.membership(ids.spaceId, ids.personId);
  }

  membersOf(spaceId: string): SandboxMembership[] {
    return [...(this.membersBySpace.get(spaceId)?.values() ?? [])];
  }

  membershipsOf(personId: string): SandboxMembership[] {
    return [...(this.membershipsByPerson.get(personId)?.values() ?? [])];
  }

  putMessage(message: SandboxMessage): void {
    this.messages.set(message.id, message);
    const list = this.messagesBySpace.get(message.spaceId);
    if (list) list.push(message);
    else this.messagesBySpace.set(message.spaceId, [message]);
  }

  dropMessage(message: SandboxMessage): void {
    this.messages.delete(message.id);
    const list = this.messagesBySpace.get(message.spaceId) ?? [];
    const index = list.lastIndexOf(message);
    if (index >= 0) list.splice(index, 1);
  }

  /** Oldest first. */
  messagesIn(spaceId: string): SandboxMessage[] {
    return [...(this.messagesBySpace.get(spaceId) ?? [])];
  }

  dropSpace(space: SandboxSpace): void {
    this.spaces.delete(space.id);
    for (const message of this.messagesIn(space.id)) this.messages.delete(message.id);
    this.messagesBySpace.delete(space.id);
    for (const [key, direct] of this.directSpaces) {
      if (direct.id === space.id) this.directSpaces.delete(key);
    }
  }

  directSpaceOf(personId: string, otherId: string): SandboxSpace | undefined {
    return this.directSpaces.get(directKey(personId, otherId));
  }

  putDirectSpace(personId: string, otherId: string, space: SandboxSpace): void {
    this.directSpaces.set(directKey(personId, otherId), space);
  }

  /** Remembers that the next `readDelay` reads of this new resource find nothing. */
  delayReading(id: string): void {
    if (this.readDelay > 0) this.readsToRefuse.set(id, this.readDelay);
  }

  isReadable(id: string): boolean {
    const left = this.readsToRefuse.get(id);
    if (left === undefined) return true;
    if (left > 1) this.readsToRefuse.set(id, left - 1);
    else this.readsToRefuse.delete(id);
    return false;
  }
}

function slot<Value>(map: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  const found = map.get(key) ?? new Map<string, Value>();
  map.set(key, found);
  return found;
}

function directKey(personId: string, otherId: string): string {
  return [personId, otherId].sort().join(" ");
}
