import type { DirectoryChange } from "../directory/change";
import type { GrantChange } from "../grants/change";
import type { Change } from "../incident/change";
import type { NotifyChange } from "../notify/change";
import type { RosterChange } from "../roster/change";
import { insertAnswer, noteRepeated } from "./answers";
import type { ApplyContext } from "./apply-changes";
import { deleteMessage } from "./apply-effects";
import { forgetMeeting, readNext, setPresent, watchMeeting } from "./attendances";
import { saveCall } from "./calls";
import { queueOwnEvent } from "./inbox-own-event";
import { emptyLobby } from "./lobby-cards";
import { insertRows, sealJson, type Tx } from "./rows";
import { addToTimeline } from "./timeline";

type IncidentChange = Exclude<Change, RosterChange | NotifyChange | GrantChange | DirectoryChange>;
type Of<K extends IncidentChange["kind"]> = Extract<IncidentChange, { kind: K }>;

export async function applyIncidentChange(
  tx: Tx,
  context: ApplyContext,
  change: IncidentChange,
): Promise<void> {
  switch (change.kind) {
    case "incident.started":
      return insertIncident(tx, context, change);
    case "incident.renamed":
      await tx("incidents").where({ id: change.incidentId }).update({ name: change.name });
      return;
    case "incident.stopped":
      return stopIncident(tx, change);
    case "renotify.due":
      return lookAt(tx, change);
    case "incident.conference":
      return setConference(tx, context, change);
    case "answer.recorded":
      return insertAnswer(tx, change);
    case "answer.repeated":
      return noteRepeated(tx, change);
    case "attendance.changed":
      return setPresent(tx, change.incidentId, change.present);
    case "attendance.due":
      return readNext(tx, change.incidentId, change.dueAt);
    case "lobby.emptied": {
      const gone = await emptyLobby(tx, change.incidentId, context.clock.now());
      return deleteMessage(tx, context, change.spaceId, gone);
    }
    case "call.taken":
      return saveCall(tx, context.secrets, change);
    case "meeting-info.ended":
      await tx("spaces").where({ id: change.spaceId }).update({ meeting_info_ended_at: change.at });
      return;
    case "team.kept":
      return keepTeam(tx, change);
    case "timeline.added":
      return addToTimeline(tx, context.secrets, change);
    case "own-event.queued":
      return queueOwnEvent(tx, context, change);
  }
}

async function insertIncident(
  tx: Tx,
  context: ApplyContext,
  { incident, conference, at }: Of<"incident.started">,
): Promise<void> {
  await tx("counters").where({ name: "incident" }).update({ value: incident.number });
  await tx("incidents").insert({
    id: incident.id,
    number: incident.number,
    space_id: incident.spaceId,
    name: incident.name,
    state: "running",
    is_drill: Number(incident.isDrill),
    started_at: at,
    started_by: incident.by.personId,
    started_by_name: incident.by.name,
    conference: conference
      ? sealJson(context.secrets, conference, "conference", incident.id)
      : null,
  });
}

async function stopIncident(tx: Tx, change: Of<"incident.stopped">): Promise<void> {
  await forgetMeeting(tx, change.incidentId);
  await tx("incidents").where({ id: change.incidentId, state: "running" }).update({
    state: "stopped",
    stopped_at: change.at,
    stopped_by: change.by.personId,
    stopped_by_name: change.by.name,
    stop_reason: change.reason,
    renotify_due_at: null,
  });
}

async function lookAt(tx: Tx, { dueAt, incidentId }: Of<"renotify.due">): Promise<void> {
  await tx("incidents")
    .where({ id: incidentId, state: "running" })
    .where(
      (where) => void where.whereNull("renotify_due_at").orWhere("renotify_due_at", ">", dueAt),
    )
    .update({ renotify_due_at: dueAt });
}

async function setConference(
  tx: Tx,
  context: ApplyContext,
  { incidentId, conference }: Of<"incident.conference">,
): Promise<void> {
  await tx("incidents")
    .where({ id: incidentId })
    .update({
      conference: conference
        ? sealJson(context.secrets, conference, "conference", incidentId)
        : null,
    });
  const meeting = conference?.source === "meeting" ? conference.meeting : undefined;
  if (meeting) await watchMeeting(tx, incidentId, meeting, context.clock.now());
  else await forgetMeeting(tx, incidentId);
}

async function keepTeam(tx: Tx, { incidentId, members }: Of<"team.kept">): Promise<void> {
  const rows = members.map(({ responderId, channels }) => ({
    incident_id: incidentId,
    responder_id: responderId,
    webex: Number(channels.webex),
    sms: Number(channels.sms),
    voice: Number(channels.voice),
  }));
  await insertRows(tx, "teams", rows);
}
