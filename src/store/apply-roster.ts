import type { RosterChange } from "../roster/change";
import type { ApplyContext } from "./apply-changes";
import { fold } from "../fold";
import { fromResponder, sealJson, type Tx } from "./rows";

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
      return saveMember(tx, change);
    case "member.gone":
      await tx("members").where({ space_id: change.spaceId, person_id: change.personId }).delete();
      return;
    case "responder.created":
      await tx("responders").insert({
        ...fromResponder(context.secrets, change.responder),
        created_at: change.at,
      });
      return;
    case "responder.renamed":
      await tx("responders")
        .where({ id: change.responderId })
        .update({ name: change.name, name_folded: fold(change.name) });
      return;
    case "roster.set":
      return setRoster(tx, change);
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

async function saveMember(tx: Tx, { spaceId, member }: Of<"member.saved">): Promise<void> {
  const facts = {
    name: member.name,
    email: member.email,
    org_id: member.orgId,
    is_moderator: Number(member.isModerator),
    is_bot: Number(member.isBot),
  };
  await tx("members")
    .insert({ space_id: spaceId, person_id: member.personId, ...facts })
    .onConflict(["space_id", "person_id"])
    .merge(facts);
}

async function setRoster(tx: Tx, change: Of<"roster.set">): Promise<void> {
  const channels = {
    webex: Number(change.channels.webex),
    sms: Number(change.channels.sms),
    voice: Number(change.channels.voice),
  };
  await tx("roster")
    .insert({
      space_id: change.spaceId,
      responder_id: change.responderId,
      ...channels,
      added_at: change.at,
    })
    .onConflict(["space_id", "responder_id"])
    .merge(channels);
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
