import type { Knex } from "knex";
import type { SpaceLine, SpaceListWish } from "../incident/space-line";
import type { Found, Page } from "../roster/responder";

/** Which spaces the bot acts in. */
export interface SpaceLimits {
  orgId: string;
  titlePrefix: string;
}

interface ListedSpace {
  id: string;
  title: string;
  member: string | null;
}

/**
 * Spaces that the bot shares with a person and that they moderate, or for an operator every one;
 * those in which something happened last come first.
 */
export async function listSpaces(
  db: Knex,
  { isOperator, personId }: SpaceListWish,
  { orgId, titlePrefix }: SpaceLimits,
  { limit, offset }: Page,
): Promise<Found<SpaceLine>> {
  const listed = () => {
    const spaces = db("spaces")
      .leftJoin("members", (on) =>
        on.on("members.space_id", "spaces.id").andOnVal("members.person_id", personId),
      )
      .where({ "spaces.kind": "group" })
      .whereNull("spaces.gone_at")
      .where(
        (where) =>
          void where.whereNull("spaces.owner_org_id").orWhere({ "spaces.owner_org_id": orgId }),
      )
      .whereRaw("substr(spaces.title, 1, ?) = ?", [Array.from(titlePrefix).length, titlePrefix]);
    return isOperator ? spaces : spaces.where({ "members.is_moderator": 1 });
  };
  const [counted] = (await listed().count({ total: "*" })) as [{ total: number | string }];
  const rows = await listed()
    // Where nobody has said anything to the bot yet, it was at least read when it was added.
    .orderByRaw("coalesce(spaces.last_event_at, spaces.read_at) DESC, spaces.id")
    .limit(limit)
    .offset(offset)
    .select<ListedSpace[]>(
      "spaces.id as id",
      "spaces.title as title",
      "members.person_id as member",
    );
  const ids = rows.map(({ id }) => id);
  const incidents = await newestIncidents(db, ids);
  const found = rows.map(({ id, member, title }): SpaceLine => {
    const incident = incidents.get(id);
    return { id, title, isMember: member !== null, ...(incident ? { incident } : {}) };
  });
  return { found, total: Number(counted.total) };
}

interface NewestIncident {
  space_id: string;
  number: number;
  name: string;
  is_drill: number;
  started_at: number;
  stopped_at: number | null;
}

/** By space. Numbers count up, so the highest is the newest, and the running one if one runs. */
async function newestIncidents(
  db: Knex,
  spaceIds: readonly string[],
): Promise<Map<string, NonNullable<SpaceLine["incident"]>>> {
  const rows = await db("incidents")
    .whereIn(
      "number",
      db("incidents").whereIn("space_id", spaceIds).groupBy("space_id").max("number"),
    )
    .select<NewestIncident[]>("space_id", "number", "name", "is_drill", "started_at", "stopped_at");
  return new Map(
    rows.map((row) => [
      row.space_id,
      {
        number: row.number,
        name: row.name,
        isDrill: row.is_drill === 1,
        startedAt: row.started_at,
        ...(row.stopped_at === null ? {} : { stoppedAt: row.stopped_at }),
      },
    ]),
  );
}
