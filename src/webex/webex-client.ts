import type { z } from "zod";
import type { AttachedFile, IncomingAction, IncomingMessage } from "../bot/incoming";
import type { Conference, Post } from "../notify/notification";
import type { Member } from "../roster/responder";
import type { Removal } from "../notify/run-effect";
import { unless } from "./failure";
import { readAttached } from "./files";
import * as memberships from "./memberships";
import * as messages from "./messages";
import { anyObject, type WebexRest } from "./rest";
import * as shape from "./translate";
import type { Destination, WhoIs } from "./translate";

export type { Destination, WhoIs } from "./translate";
export type Identity = z.infer<typeof shape.person>;
export type Person = Omit<Identity, "id" | "isBot"> & { personId: string };
export type Space = z.infer<typeof shape.space>;
export type SpaceListing = z.infer<typeof shape.spaceListing>;
export type Posted = z.infer<typeof shape.posted>;
export type Webhook = z.infer<typeof shape.webhook>;
export type NewWebhook = Pick<Webhook, "name" | "targetUrl" | "resource" | "event"> & {
  secret: string;
};

const WEBHOOKS_PAGE = 100;

/**
 * What the bot can ask of Webex and do there, in our words: a room is a space. Times are
 * milliseconds, e-mail addresses lower case. Every failure is a `RemoteError`.
 */
export class WebexClient {
  private ownId: string | undefined;

  constructor(private readonly rest: WebexRest) {}

  async me(): Promise<Identity> {
    const me = await this.rest.get("/people/me", shape.person);
    this.ownId = me.id;
    return me;
  }

  getMessage(id: string): Promise<IncomingMessage> {
    return this.rest.get(`/messages/${encodeURIComponent(id)}`, shape.message);
  }

  getAction(id: string): Promise<IncomingAction> {
    return this.rest.get(`/attachment/actions/${encodeURIComponent(id)}`, shape.action);
  }

  /** Undefined when the person is no member, or the bot is not and cannot see it. */
  async getMembership(spaceId: string, personId: string): Promise<Member | undefined> {
    return (await memberships.findMembership(this.rest, spaceId, { personId }))?.member;
  }

  /** Everybody in the space, bots too. */
  listMembers(spaceId: string): Promise<Member[]> {
    return memberships.listMembers(this.rest, spaceId);
  }

  /** Undefined when there is no such space, or the bot is not in it: Webex does not tell which. */
  getSpace(spaceId: string): Promise<Space | undefined> {
    return unless([404], this.rest.get(`/rooms/${encodeURIComponent(spaceId)}`, shape.space));
  }

  /** Not repeatable: after an unclear failure the message may be there. */
  post(message: Destination & { parentId?: string; post: Post }): Promise<Posted> {
    const { file } = message.post;
    if (file) {
      const fields = { ...shape.destinationFields(message), ...shape.textFields(message) };
      return this.rest.postForm("/messages", shape.posted, { fields, file });
    }
    return this.rest.post("/messages", shape.posted, {
      ...shape.destinationFields(message),
      ...shape.messageFields(message),
    });
  }

  /** A file that came with a message, by its address there. */
  readFile(url: string): Promise<AttachedFile> {
    return readAttached(this.rest, url);
  }

  /** Webex refuses (400) the eleventh edit of a message and any edit of one with a card. */
  async edit(messageId: string, spaceId: string, markdown: string): Promise<void> {
    const path = `/messages/${encodeURIComponent(messageId)}`;
    await this.rest.put(path, anyObject, { roomId: spaceId, markdown });
  }

  async deleteMessage(messageId: string): Promise<void> {
    await unless([404], this.rest.delete(`/messages/${encodeURIComponent(messageId)}`));
  }

  /**
   * The id of the bot's own direct message whose card carries `cardId`, looked for among the newest
   * (Webex gives 50). Undefined when it is not there or Webex does not let the bot look.
   */
  async findDirectMessage(who: WhoIs, cardId: string): Promise<string | undefined> {
    const writtenBy = this.ownId ?? (await this.me()).id;
    return messages.findCardMessage(this.rest, { who, writtenBy, cardId });
  }

  /** Repeatable: who is in the space already is "already". */
  addMember(spaceId: string, who: WhoIs & { isModerator?: boolean }): Promise<memberships.Added> {
    return memberships.addMember(this.rest, spaceId, who);
  }

  /** Repeatable: who is not in the space is "already". */
  removeMember(spaceId: string, personId: string): Promise<Removal> {
    return memberships.removeMember(this.rest, spaceId, personId);
  }

  /**
   * The space's own meeting. "ended": Webex does not give it, as it announced for 2025-01-31; to be
   * asked again only much later.
   */
  async getMeetingInfo(spaceId: string): Promise<Omit<Conference, "source"> | "ended"> {
    const path = `/rooms/${encodeURIComponent(spaceId)}/meetingInfo`;
    return (await unless([403, 404, 410], this.rest.get(path, shape.meetingInfo))) ?? "ended";
  }

  /** Finds people of the bot's own organisation only. */
  async findPersonByEmail(email: string): Promise<Person | undefined> {
    const [found] =
      (await unless([404], this.rest.first("/people", shape.person, { email }))) ?? [];
    if (found === undefined) return undefined;
    return { personId: found.id, name: found.name, orgId: found.orgId, email: found.email };
  }

  /** What mentioned the bot in a group space at `sinceMs` or later, oldest first. */
  listMentions(spaceId: string, sinceMs: number): Promise<IncomingMessage[]> {
    return messages.listMentions(this.rest, spaceId, sinceMs);
  }

  /** Both sides of the direct conversation since `sinceMs`, oldest first; none if there is none. */
  listDirect(personId: string, sinceMs: number): Promise<IncomingMessage[]> {
    return messages.listDirect(this.rest, personId, sinceMs);
  }

  /** One page of spaces that the bot is in. */
  listSpaces(options: { max: number; sortByLastActivity: boolean }): Promise<SpaceListing[]> {
    const sortBy = options.sortByLastActivity ? "lastactivity" : undefined;
    return this.rest.first("/rooms", shape.spaceListing, { max: options.max, sortBy });
  }

  listWebhooks(): Promise<Webhook[]> {
    return this.rest.all("/webhooks", shape.webhook, { max: WEBHOOKS_PAGE });
  }

  createWebhook(webhook: NewWebhook): Promise<Webhook> {
    return this.rest.post("/webhooks", shape.webhook, webhook);
  }

  /** Makes it active again and sets its secret. */
  activateWebhook(webhook: NewWebhook & { id: string }): Promise<Webhook> {
    const { id, name, targetUrl, secret } = webhook;
    const body = { name, targetUrl, secret, status: "active" };
    return this.rest.put(`/webhooks/${encodeURIComponent(id)}`, shape.webhook, body);
  }

  async deleteWebhook(id: string): Promise<void> {
    await unless([404], this.rest.delete(`/webhooks/${encodeURIComponent(id)}`));
  }
}
