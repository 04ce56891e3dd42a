import { GeneratedDirectory } from "./directory";
import { makeId } from "./ids";
import type {
  PhoneNumber,
  SandboxAction,
  SandboxMembership,
  SandboxMessage,
  SandboxPerson,
  SandboxSpace,
  UploadedFile,
} from "./model";
import { announcePerson } from "./webex/announce";
import { ApiError, notFound } from "./webex/api-error";
import { consent, type Consented, type Decision } from "./webex/consent";
import type { SandboxMeeting, SandboxParticipant } from "./webex/meeting-book";
import { postMessage, pressCard } from "./webex/message-changes";
import { createPerson } from "./webex/person-changes";
import {
  addMember,
  changeSpace,
  createSpace,
  deleteSpace,
  makeModerator,
  openDirectSpace,
  removeMember,
  setModerator,
  type SpaceChange,
} from "./webex/space-changes";
import { spokenContent } from "./webex/speech";
import { snapshot, type Snapshot } from "./world-snapshot";
import { WorldState } from "./world-state";

export type { Consented, Decision } from "./webex/consent";
export type { SandboxMeeting, SandboxParticipant } from "./webex/meeting-book";
export type { SandboxAction, SandboxMembership, SandboxMessage, SandboxPerson, SandboxSpace };

/** A person by id, e-mail or name, a space by id or title; or the thing itself. */
export type Ref = string | { id: string };

export interface NewPerson {
  name: string;
  /** Made from the name when absent; empty for somebody who has none. */
  email?: string | undefined;
  type?: SandboxPerson["type"] | undefined;
  orgId?: string | undefined;
  isAdmin?: boolean | undefined;
  isPending?: boolean | undefined;
  isLoginEnabled?: boolean | undefined;
  token?: string | undefined;
  phoneNumbers?: PhoneNumber[] | undefined;
}

export interface NewSpace {
  title: string;
  isLocked?: boolean | undefined;
  isAnnouncementOnly?: boolean | undefined;
  orgId?: string | undefined;
  type?: "group" | "direct" | undefined;
}

export interface MemberWish {
  space: Ref;
  person: Ref;
  moderator?: boolean | undefined;
  /** False takes the person out. */
  in?: boolean | undefined;
  /** Who adds or removes; the person themself when absent. */
  actor?: Ref | undefined;
}

/** Somebody of Webex, or somebody with a phone. */
export interface Attendance {
  space: Ref;
  person?: Ref | undefined;
  phone?: string | undefined;
  /** How whoever dials in appears; the number when absent. */
  name?: string | undefined;
  /** Members of the space come in and all others wait in the lobby when absent. */
  state?: "lobby" | "joined" | undefined;
}

export interface Speech {
  person: Ref;
  /** Absent: the direct conversation with `to`, or with the bot. */
  space?: Ref | undefined;
  to?: Ref | undefined;
  text: string;
  parentId?: string | undefined;
  files?: readonly UploadedFile[] | undefined;
}

/**
 * The Webex of the sandbox. What is done here is done by the people in it or by the hand of fate:
 * nobody's permission is asked, except where a person posts or presses. Throws ApiError (404) for
 * people, spaces and messages that are not there.
 */
export class World extends WorldState {
  newOrgId(): string {
    return makeId("ORGANIZATION");
  }

  addPerson({ name, email, ...wish }: NewPerson): SandboxPerson {
    const address =
      email ?? this.freeEmail(name, wish.type === "bot" ? "webex.bot" : "example.com");
    return createPerson(this, { ...wish, displayName: name, email: address });
  }

  /** Gives the role of an administrator, or takes it away; tokens keep their scopes. */
  setAdmin(person: Ref, isAdmin: boolean): void {
    const changed = this.person(person);
    changed.isAdmin = isAdmin;
    announcePerson(this, changed, "updated");
  }

  /**
   * So many more people in the bot's organisation, always the same ones: some without an address,
   * some who cannot sign in, with numbers as people type them. Made when they are looked at.
   */
  fillDirectory(size: number): GeneratedDirectory {
    const directory = new GeneratedDirectory(size, this.homeOrgId, this.now());
    this.people.fill(directory);
    return directory;
  }

  private freeEmail(name: string, domain: string): string {
    const plain = name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    const local = plain.match(/[a-z0-9]+/g)?.join(".") ?? "person";
    for (let number = 1; ; number += 1) {
      const email = `${local}${number === 1 ? "" : number}@${domain}`;
      if (!this.personByEmail(email)) return email;
    }
  }

  /** Of several people of one name, the one who came last. */
  person(ref: Ref): SandboxPerson {
    const key = typeof ref === "string" ? ref : ref.id;
    const found =
      this.people.get(key) ??
      this.personByEmail(key) ??
      [...this.people.values()].findLast(({ displayName }) => displayName === key);
    if (!found) throw new ApiError(404, `There is nobody ${key}.`);
    return found;
  }

  space(ref: Ref): SandboxSpace {
    const key = typeof ref === "string" ? ref : ref.id;
    const found =
      this.spaces.get(key) ?? [...this.spaces.values()].findLast(({ title }) => title === key);
    if (!found) throw new ApiError(404, `There is no space ${key}.`);
    return found;
  }

  message(id: string): SandboxMessage {
    const message = this.messages.get(id);
    if (!message) throw notFound("message");
    return message;
  }

  addSpace({ type = "group", orgId = this.homeOrgId, ...wish }: NewSpace): SandboxSpace {
    return createSpace(this, { ...wish, type, orgId });
  }

  changeSpace(space: Ref, change: SpaceChange, actor?: Ref): void {
    changeSpace(this, this.space(space), change, actor ? this.person(actor).id : "");
  }

  renameSpace(space: Ref, title: string, actor?: Ref): void {
    this.changeSpace(space, { title }, actor);
  }

  deleteSpace(space: Ref, actor?: Ref): void {
    deleteSpace(this, this.space(space), actor ? this.person(actor).id : "");
  }

  /** Brings the membership into the wanted state; saying it twice changes nothing. */
  setMember(wish: MemberWish): SandboxMembership | undefined {
    const space = this.space(wish.space);
    const person = this.person(wish.person);
    const actorId = wish.actor ? this.person(wish.actor).id : person.id;
    const known = this.membership(space.id, person.id);
    if (wish.in === false) {
      if (known) removeMember(this, known, actorId);
      return undefined;
    }
    space.creatorId ??= person.id;
    const membership = known ?? addMember(this, space, person, actorId);
    if (wish.moderator === true) makeModerator(this, membership, actorId);
    if (wish.moderator === false) setModerator(this, membership, false, actorId);
    return membership;
  }

  say({ person, space, to, text, parentId, files }: Speech): SandboxMessage {
    const author = this.person(person);
    const place = space
      ? this.space(space)
      : openDirectSpace(this, author, to ? this.person(to) : this.bot());
    const members = place.type === "group" ? this.membersOf(place.id) : [];
    const people = members.map(({ personId }) => this.person(personId));
    return postMessage(this, {
      space: place,
      author,
      content: spokenContent(text, people),
      parentId,
      uploads: files,
    });
  }

  press(press: { person: Ref; messageId: string; inputs: Record<string, unknown> }): SandboxAction {
    return pressCard(this, this.person(press.person), press.messageId, press.inputs);
  }

  /**
   * What a person does with a link that asks for their agreement: opens it in a browser, decides,
   * and comes back to whoever asked. The bot's page answers over HTTP.
   */
  consent(link: string, person: Ref, decision: Decision = "accept"): Promise<Consented> {
    const wish = { link, person: this.person(person), decision };
    return consent(`${this.context.origin()}/v1`, wish);
  }

  /** The person withdraws, at Webex, what they have agreed to; or an administrator does. */
  revokeGrant(person: Ref): void {
    this.oauth.revoke(this.person(person).id);
  }

  /** The meeting of the space that goes on, or that waits for the first to join. */
  meeting(space: Ref): SandboxMeeting | undefined {
    return this.meetings.ongoing(this.space(space).id);
  }

  /** Comes into the meeting of a space, or into its lobby. Throws where there is no meeting. */
  joinMeeting({ space, person, phone, name, state }: Attendance): SandboxParticipant {
    const { id: spaceId } = this.space(space);
    const meeting = this.meetings.ongoing(spaceId);
    if (!meeting) throw new ApiError(404, "There is no meeting in this space.");
    const who = person === undefined ? undefined : this.person(person);
    const isInvitee = who !== undefined && this.membership(spaceId, who.id) !== undefined;
    return this.meetings.join(meeting, {
      personId: who?.id,
      name: who?.displayName ?? name ?? phone ?? "",
      email: who?.email ?? "",
      ...{ phone, isInvitee, state: state ?? (isInvitee ? "joined" : "lobby") },
    });
  }

  leaveMeeting({ id }: Pick<SandboxParticipant, "id">): void {
    const found = this.meetings.participant(id);
    if (!found) throw notFound("participant");
    this.meetings.leave(found.participant);
  }

  /** As when the host presses End; where nothing goes on nothing happens. */
  endMeeting(space: Ref): void {
    const meeting = this.meeting(space);
    if (meeting) this.meetings.end(meeting);
  }

  /** The conversation of two people, if either has written to the other. */
  directSpace(person: Ref, other: Ref): SandboxSpace | undefined {
    return this.directSpaceOf(this.person(person).id, this.person(other).id);
  }

  /** What bots wrote to this person directly, oldest first. */
  messagesTo(person: Ref): SandboxMessage[] {
    return this.membershipsOf(this.person(person).id)
      .filter(({ spaceId }) => this.spaces.get(spaceId)?.type === "direct")
      .flatMap(({ spaceId }) => this.messagesIn(spaceId))
      .filter(({ personId }) => this.people.get(personId)?.type === "bot")
      .sort((one, other) => one.created - other.created);
  }

  /** The first bot: most worlds have one. */
  bot(): SandboxPerson {
    const bot = [...this.people.values()].find(({ type }) => type === "bot");
    if (!bot) throw new ApiError(404, "There is no bot.");
    return bot;
  }

  /** Plain JSON, without tokens and secrets. */
  state(): Snapshot {
    return snapshot(this);
  }
}
