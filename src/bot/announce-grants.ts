import type { Moment } from "../decision";
import type { DirectoryStatus } from "../directory/directory";
import type { SyncAnnouncements, SyncFailure } from "../directory/ports";
import type { Grant, GrantKind } from "../grants/grant";
import type { AnnounceGrants, GrantRefusal } from "../grants/ports";
import type { Change } from "../incident/change";
import type { Post } from "../notify/notification";
import { aboutNewLink, askForLinks } from "./grant-links";
import type { Integration } from "./grant-tools";
import { newCard, say } from "./replies";
import { authorize } from "./views/authorize";
import * as sentences from "./views/grant-sentences";
import { notice } from "./views/notice";
import { refused } from "./views/refusal-sentences";
import { progress, synced, syncFailed } from "./views/sync-sentences";

/** Nobody waits for these; Webex may be away for a night. */
const PATIENCE_MS = 24 * 60 * 60_000;

/** What people are told of the grants that they gave, or did not give. */
export function announceGrants(integration: Pick<Integration, "ask">): AnnounceGrants {
  return {
    granted: (grant, at, replaced) => [
      tell(grant.personId, { markdown: sentences.granted(grant) }, at),
      ...tellReplaced(grant, replaced, at),
    ],
    refused: ({ kind, personId }, refusal, at) => {
      const sentence = refused({ kind }, refusal);
      if (!isWorthAnother(refusal)) return [tell(personId, { markdown: sentence }, at)];
      return tellWithNewLink(personId, kind, sentence, at);
    },
    died: (grant, at, status) => [
      ...renewalCard(integration, grant, at),
      ...tellWhoWaits(grant, status, at),
    ],
  };
}

function tellReplaced(grant: Grant, replaced: Grant | undefined, at: Moment): Change[] {
  const { personId, personName } = grant;
  return replaced ? tellGiver(replaced, personId, sentences.yourGrantReplaced(personName), at) : [];
}

/** Of what somebody else did with a grant; nobody is told what they did themselves. */
export function tellGiver(
  { personId }: Grant,
  doneBy: string,
  markdown: string,
  at: Moment,
): Change[] {
  return personId === doneBy ? [] : [tell(personId, { markdown }, at)];
}

function tellWhoWaits(
  { personId }: Grant,
  { askedBy, counts }: DirectoryStatus = {},
  at: Moment,
): Change[] {
  if (askedBy === undefined || askedBy === personId) return [];
  const inUse = counts === undefined ? {} : { inUse: counts.people };
  const failure = { why: "grant" as const, reason: "the grant does not work", people: 0, ...inUse };
  return tellWithNewLink(askedBy, "directory", syncFailed(failure, at.now), at);
}

/** Who is no administrator does not become one by another link. */
function isWorthAnother({ why }: GrantRefusal): boolean {
  return why !== "not-admin";
}

/** To its giver, with a fresh link; when that is too old there is New link. */
function renewalCard(integration: Pick<Integration, "ask">, grant: Grant, at: Moment): Change[] {
  const { kind, personId, personName: name } = grant;
  const { changes, ...asked } = askForLinks(integration, { kind, personId, name }, at);
  const card = newCard("authorize", { personId, ...aboutNewLink(kind) }, at);
  const remark = { text: sentences.died(grant, at.now), color: "attention" as const };
  const post = authorize({ cardId: card.id, kind, now: at.now, remark, ...asked });
  return [...changes, card.change, tell(personId, post, at, card.id)];
}

/** What people are told of reading the directory. */
export function announceSyncs(): SyncAnnouncements<Change> {
  return {
    progress: ({ people, waitsUntil }) => progress(people, waitsUntil),
    synced: ({ counts, dueAt }, personId, at) => [
      tell(personId, { markdown: synced(counts, dueAt, at.now) }, at),
    ],
    failed: (failure, personId, at) => {
      const sentence = syncFailed(failure, at.now);
      return needsNewGrant(failure)
        ? tellWithNewLink(personId, "directory", sentence, at)
        : [tell(personId, { markdown: sentence }, at)];
    },
  };
}

function needsNewGrant({ why }: SyncFailure): boolean {
  return why === "grant" || why === "refused";
}

function tellWithNewLink(
  personId: string,
  kind: GrantKind,
  sentence: string,
  at: Moment,
): Change[] {
  const card = newCard("notice", { personId, ...aboutNewLink(kind) }, at);
  const buttons = [{ title: "New link", action: "grants.new-link" }];
  return [card.change, tell(personId, notice({ cardId: card.id, sentence, buttons }), at, card.id)];
}

function tell(personId: string, post: Post, at: Moment, cardId?: string): Change {
  return say({ kind: "person", personId }, post, at, {
    patienceMs: PATIENCE_MS,
    ...(cardId === undefined ? {} : { note: { cardId } }),
  });
}
