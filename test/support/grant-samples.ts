import { authorize } from "../../src/bot/views/authorize";
import { directory, type DirectoryInput } from "../../src/bot/views/directory";
import * as sentences from "../../src/bot/views/grant-sentences";
import { ready } from "../../src/bot/views/ready";
import type { Grant } from "../../src/grants/grant";
import { aReady, cardId, startedAt } from "./card-builders";
import type { PostSample } from "./card-samples";
import { aGrant } from "./grant-builders";

const HOUR_MS = 3_600_000;

export function janasGrant(overrides: Partial<Grant> = {}): Grant {
  const grantedAt = startedAt - 48 * HOUR_MS;
  return aGrant({ personId: "jana", personName: "Jana Berg", grantedAt, ...overrides });
}

const counts = { people: 12_345, withoutEmail: 12, undialledNumbers: 7, skipped: 311 };
const synced = { dueAt: startedAt + 20 * HOUR_MS, syncedAt: startedAt - 4 * HOUR_MS, counts };

/** As long as Webex's own address with all scopes. */
const url = `https://webexapis.com/v1/authorize?scope=${"spark-admin%3Apeople_read".repeat(9)}&state=${"x".repeat(43)}`;
const link = { title: "Authorise", url };
const links = [
  { title: "For my incidents", url },
  { title: "Also when other moderators start", url },
];
const times = { expiresAt: startedAt + 600_000, now: startedAt };

function aDirectory(overrides: Partial<DirectoryInput> = {}): DirectoryInput {
  const grant = janasGrant();
  return { cardId, grant, status: synced, now: startedAt, hasIntegration: true, ...overrides };
}

function readyWith(meetings: readonly Grant[], directoryGrant = janasGrant()) {
  const facts = { hasIntegration: true, directoryGrant, directory: synced, meetings };
  return ready(aReady({ conference: "none", facts, now: startedAt }));
}

export function grantSamples(): PostSample[] {
  const dead = janasGrant({ diedAt: startedAt, kind: "meetings" });
  const failed = { lastError: "Webex answered no more", failedAt: startedAt };
  return [
    { name: "authorize", post: authorize({ cardId, kind: "directory", links: [link], ...times }) },
    { name: "authorize-meetings", post: authorize({ cardId, kind: "meetings", links, ...times }) },
    {
      name: "authorize-anew",
      post: authorize({
        ...{ cardId, kind: "meetings", links, ...times },
        remark: { text: sentences.died(dead, startedAt), color: "attention" },
      }),
    },
    { name: "directory", post: directory(aDirectory()) },
    {
      name: "directory-reading",
      post: directory(aDirectory({ status: { dueAt: startedAt } })),
    },
    {
      name: "directory-failed",
      post: directory(aDirectory({ status: { ...synced, ...failed } })),
    },
    {
      name: "directory-dead",
      post: directory(
        aDirectory({
          grant: janasGrant({ diedAt: startedAt }),
          status: failed,
          hasIntegration: false,
        }),
      ),
    },
    {
      name: "directory-cut-off",
      post: directory(aDirectory({ hasIntegration: false })),
    },
    { name: "ready-grants", post: readyWith([janasGrant({ kind: "meetings" })]) },
    {
      name: "ready-grants-refused",
      post: readyWith([
        janasGrant({
          ...{ kind: "meetings", isLent: true, lastError: "Webex opens no more" },
          restsUntil: startedAt + HOUR_MS,
        }),
      ]),
    },
  ];
}

/** Those that show a name, or words of Webex's. */
export function grantSamplesWith(text: string): PostSample[] {
  const grant = janasGrant({ personName: text, lastError: text });
  const failed = { lastError: text, failedAt: startedAt };
  const remark = sentences.grantedAlready(grant, startedAt, "ana");
  const others = [true, false].flatMap((isLent) => [
    janasGrant({ ...grant, kind: "meetings", isLent }),
    janasGrant({ ...grant, kind: "meetings", isLent, restsUntil: startedAt + HOUR_MS }),
  ]);
  return [
    {
      name: "authorize",
      post: authorize({
        ...{ cardId, kind: "directory", links: [link], ...times },
        remark: { text: remark, color: "accent" },
      }),
    },
    { name: "directory", post: directory(aDirectory({ grant, status: { ...synced, ...failed } })) },
    { name: "ready-grants", post: readyWith(others, grant) },
  ];
}
