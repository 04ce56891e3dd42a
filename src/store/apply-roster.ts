import type { RosterChange } from "../roster/change";
import type { ApplyContext } from "./apply-changes";
import { fold } from "../fold";
import { deleteResponder, joinResponder } from "./apply-responder";
import { fromResponder, insertRows, sealJson, type Tx } from "./rows";

type Of<K extends RosterChange["kind"]> = Extract<RosterChange, { kind: K }>;

export async function applyRosterChange(
  tx: Tx,
  context: ApplyContext,
  change: RosterChange,
): Promise<void> {
  switch (change.kind) {
    case "space.saved":
      return saveSpace(tx, change);
    case "space.gone":
      return loseSpace(tx, change);
    case "space.foreign-told":
      await tx("spaces").where({ id: change.spaceId }).update({ foreign_told_at: change.at });
      return;
    case "member.saved":
      return saveMembers(tx, context, [change]);
    case "member.gone":
      await tx("members").where({ space_id: change.spaceId, person_id: change.personId }).delete();
      return;
    case "responder.created":
      return insertResponders(tx, context, [change]);
    case "responder.renamed":
      await tx("responders")
        .where({ id: change.responderId })
        .update({ name: change.name, name_folded: fold(change.name) });
      return;
    case "responder.edited": {
      const { id, ...columns } = fromResponder(context.secrets, change.responder);
      await tx("responders").where({ id }).update(columns);
      return;
    }
    case "responder.joined":
      return joinResponder(tx, change);
    case "responder.deleted":
      return deleteResponder(tx, change);
    case "roster.set":
      return setRosters(tx, context, [change]);
    case "roster.removed":
      await tx("roster")
        .where({ space_id: change.spaceId, responder_id: change.responderId })
        .delete();
      return;
    case "bridge.set":
      return setBridge(tx, context, change);
  }
}

async function saveSpace(tx: Tx, { space, botIsModerator, at }: Of<"space.saved">): Promise<void> {
  const facts = {
    title: space.title,
    kind: space.kind,
    is_moderated: Number(space.isModerated),
    is_announcement_only: Number(space.isAnnouncementOnly),
    owner_org_id: space.ownerOrgId ?? null,
    bot_is_moderator: Number(botIsModerator),
    read_at: at,
    gone_at: null,
  };
  await tx("spaces")
    .insert({ id: space.id, ...facts })
    .onConflict("id")
    .merge(facts);
}

/** Whoever comes back is read anew; only people with a phone stay on the roster. */
async function loseSpace(tx: Tx, { spaceId, at }: Of<"space.gone">): Promise<void> {
  await tx("spaces").where({ id: spaceId }).update({ gone_at: at });
  await tx("members").where({ space_id: spaceId }).delete();
  await tx("roster")
    .where({ space_id: spaceId })
    .whereIn("responder_id", tx("responders").where({ kind: "internal" }).select("id"))
    .delete();
}

/** Saves members, a hundred a statement; of one who is there twice, the last counts. */
export async function saveMembers(
  tx: Tx,
  _context: ApplyContext,
  changes: readonly Of<"member.saved">[],
): Promise<void> {
  const rows = changes.map(({ spaceId, member }) => ({
    space_id: spaceId,
    person_id: member.personId,
    name: member.name,
    email: member.email,
    org_id: member.orgId,
    is_moderator: Number(member.isModerator),
    is_bot: Number(member.isBot),
  }));
  await upsert(tx, "members", ["space_id", "person_id"], rows);
}

export async function insertResponders(
  tx: Tx,
  { secrets }: ApplyContext,
  changes: readonly Of<"responder.created">[],
): Promise<void> {
  const rows = changes.map(({ responder, at }) => ({
    ...fromResponder(secrets, responder),
    created_at: at,
  }));
  await insertRows(tx, "responders", rows);
}

/** Puts responders on rosters, or changes their channels there. */
export async function setRosters(
  tx: Tx,
  _context: ApplyContext,
  changes: readonly Of<"roster.set">[],
): Promise<void> {
  const rows = changes.map(({ at, channels, responderId, spaceId }) => ({
    space_id: spaceId,
    responder_id: responderId,
    webex: Number(channels.webex),
    sms: Number(channels.sms),
    voice: Number(channels.voice),
    added_at: at,
  }));
  await upsert(tx, "roster", ["space_id", "responder_id"], rows, ["webex", "sms", "voice"]);
}

const ROWS_PER_INSERT = 100;

async function upsert<Row extends Record<string, string | number>>(
  tx: Tx,
  table: string,
  key: (keyof Row & string)[],
  rows: readonly Row[],
  changed?: (keyof Row & string)[],
): Promise<void> {
  // PostgreSQL refuses to change a row twice in one statement.
  const lastOfEach = [
    ...new Map(rows.map((row) => [JSON.stringify(key.map((one) => row[one])), row])).values(),
  ];
  for (let start = 0; start < lastOfEach.length; start += ROWS_PER_INSERT) {
    const portion = lastOfEach.slice(start, start + ROWS_PER_INSERT);
    const insert = tx(table).insert(portion).onConflict(key);
    await (changed ? insert.merge(changed) : insert.merge());
  }
}

async function setBridge(tx: Tx, context: ApplyContext, change: Of<"bridge.set">): Promise<void> {
  if (change.bridge === undefined) {
    await tx("bridges").where({ space_id: change.spaceId }).delete();
    return;
  }
  const details = sealJson(context.secrets, change.bridge, "bridges", change.spaceId);
  await tx("bridges")
    .insert({ space_id: change.spaceId, details })
    .onConflict("space_id")
    .merge({ details });
}
