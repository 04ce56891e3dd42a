import { decideSync, type SyncEnd } from "../../src/directory/decide-sync";
import type { DirectoryStatus } from "../../src/directory/directory";
import type { SyncAnnouncements, SyncFailure } from "../../src/directory/ports";
import type { Grant } from "../../src/grants/grant";
import type { Change } from "../../src/incident/change";
import { aMoment, NOW } from "../support/builders";

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

const grant: Grant = {
  ...{ id: "grant-1", kind: "directory", personId: "ana", personName: "Ana", orgId: "org" },
  ...{ scopes: [], isLent: false, grantedAt: 1, accessExpiresAt: 2 },
};
const counts = { people: 10, withoutEmail: 1, undialledNumbers: 2, skipped: 3 };
const complete: SyncEnd = { kind: "complete", counts };

function failed(why: SyncFailure["why"]): SyncEnd {
  return { kind: "failed", failure: { why, reason: `for ${why}`, people: 112 } };
}

/** Says to whom what would be said. */
const announce: SyncAnnouncements<Change> = {
  progress: () => "",
  synced: (_sync, to) => [told("synced", to)],
  failed: ({ why }, to) => [told(why, to)],
};

function told(what: string, personId: string): Change {
  return { kind: "round.released", roundId: `${what} ${personId}` };
}

function decide(
  end: SyncEnd,
  status: DirectoryStatus,
  more: { directory?: Grant; line?: string } = { directory: grant },
) {
  const { line, ...state } = more;
  const rules = { maxAgeMs: DAY, announce };
  const { changes } = decideSync(end, rules, line)({ ...state, status }, aMoment());
  const [first, ...others] = changes;
  const heard = others.flatMap((change) => ("roundId" in change ? [change.roundId] : []));
  return { first, heard, others };
}

test("the next sync is due when this one is too old; who asked is told", () => {
  const { first, heard } = decide(complete, { askedBy: "bo" });
  expect(first).toEqual({ kind: "directory.synced", at: NOW, counts, dueAt: NOW + DAY });
  expect(heard).toEqual(["synced bo"]);
});

test("nobody is told of what was not asked for", () => {
  expect(decide(complete, {}).heard).toEqual([]);
  expect(decide(failed("no-answer"), {}).heard).toEqual([]);
});

test.each<[SyncFailure["why"], number | undefined]>([
  ["no-answer", NOW + HOUR],
  ["strange", NOW + HOUR],
  ["client", NOW + HOUR],
  ["broken", NOW + HOUR],
  ["refused", NOW + DAY],
  ["grant", undefined],
])("after a failure for %s it is tried again in time", (why, dueAt) => {
  const { first, heard } = decide(failed(why), { askedBy: "ana", toldAt: 1 });
  const next = dueAt === undefined ? {} : { dueAt };
  expect(first).toEqual({ kind: "directory.failed", at: NOW, reason: `for ${why}`, ...next });
  expect(heard).toEqual([`${why} ana`]);
});

test("the giver hears once that the grant opens nothing any more, and once that it does again", () => {
  const first = decide(failed("refused"), { syncedAt: 1, counts });
  expect(first.first).toMatchObject({ isTold: true });
  expect(first.heard).toEqual(["refused ana"]);
  const second = decide(failed("refused"), { syncedAt: 1, counts, toldAt: 5 });
  expect(second.first).not.toHaveProperty("isTold");
  expect(second.heard).toEqual([]);
  expect(decide(complete, { toldAt: 5 }).heard).toEqual(["synced ana"]);
});

test("who asked and who gave the grant are told once where they are the same", () => {
  expect(decide(failed("refused"), { askedBy: "ana" }).heard).toHaveLength(1);
  expect(decide(failed("refused"), { askedBy: "bo" }).heard).toEqual(["refused bo", "refused ana"]);
  expect(decide(failed("grant"), { askedBy: "bo" }, {}).heard).toEqual(["grant bo"]);
});

test("the line that told of the progress goes", () => {
  const { others } = decide(complete, {}, { directory: grant, line: "message-1" });
  expect(others).toEqual([
    {
      kind: "effect.queued",
      effect: expect.objectContaining({
        effect: { kind: "message-delete", messageId: "message-1" },
      }) as unknown,
    },
  ]);
});
