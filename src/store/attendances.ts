import type { Attendance } from "../incident/attendance";
import type { AttendanceStore, DueReading, HeldReading } from "../incident/attendance-timer";
import type { OpenMeeting } from "../notify/notification";
import type { Database } from "./database";
import { loadWaiting } from "./lobby-cards";
import type { Tx } from "./rows";

const DUE_AT_ONCE = 50;

interface AttendanceRow {
  incident_id: string;
  meeting_id: string;
  host_person_id: string;
  due_at: number | null;
  present: string;
}

/** Which meetings are to be read when. */
export class Attendances implements AttendanceStore {
  constructor(private readonly db: Pick<Database, "write">) {}

  due(now: number): Promise<DueReading[]> {
    return this.ofRunning()
      .where("attendances.due_at", "<=", now)
      .orderBy("attendances.due_at")
      .limit(DUE_AT_ONCE)
      .select<DueReading[]>(
        "attendances.incident_id as id",
        "incidents.space_id as spaceId",
        "attendances.due_at as dueAt",
      );
  }

  async nextAt(): Promise<number | undefined> {
    const row = (await this.ofRunning().min({ due: "attendances.due_at" }).first()) as
      { due: number | null } | undefined;
    return row?.due ?? undefined;
  }

  async hold(reading: DueReading, until: number): Promise<HeldReading | undefined> {
    // One statement, so that of two who saw that it is due only one reads it.
    const [row] = await this.rowOf(reading).update({ due_at: until }).returning("*");
    if (!row) return undefined;
    return {
      ...reading,
      dueAt: until,
      meetingId: row.meeting_id,
      hostPersonId: row.host_person_id,
      wasEmpty: row.present === NOBODY && (await loadWaiting(this.db.write, reading.id)) === 0,
    };
  }

  async putOff(reading: DueReading, until: number): Promise<void> {
    await this.rowOf(reading).update({ due_at: until });
  }

  async pauseHost(personId: string, until: number): Promise<void> {
    await this.db
      .write<AttendanceRow>("attendances")
      .where({ host_person_id: personId })
      .where("due_at", "<", until)
      .update({ due_at: until });
  }

  /** Looks again later, after that has failed. */
  async postpone(incidentId: string, until: number): Promise<void> {
    await this.db
      .write<AttendanceRow>("attendances")
      .where({ incident_id: incidentId })
      .update({ due_at: until });
  }

  private rowOf({ dueAt, id }: DueReading) {
    return this.db.write<AttendanceRow>("attendances").where({ incident_id: id, due_at: dueAt });
  }

  private ofRunning() {
    return this.db
      .write("attendances")
      .join("incidents", "incidents.id", "attendances.incident_id")
      .where("incidents.state", "running")
      .whereNotNull("attendances.due_at");
  }
}

const NOBODY = "[]";

export async function loadAttendance(tx: Tx, incidentId: string): Promise<Attendance | undefined> {
  const row = await tx<AttendanceRow>("attendances").where({ incident_id: incidentId }).first();
  if (!row) return undefined;
  return {
    meetingId: row.meeting_id,
    hostPersonId: row.host_person_id,
    // As it was written here.
    present: JSON.parse(row.present) as string[],
    waiting: await loadWaiting(tx, incidentId),
  };
}

/**
 * From now on it is read who is in this meeting; nothing is known of one that was not read before.
 * Nothing where the grant that it was opened with is gone: then nobody may read it.
 */
export async function watchMeeting(
  tx: Tx,
  incidentId: string,
  { grantId, id }: OpenMeeting,
  now: number,
): Promise<void> {
  const grant = await tx<{ id: string; person_id: string }>("grants")
    .where({ id: grantId })
    .first();
  if (!grant) return;
  const isSame = "attendances.meeting_id = excluded.meeting_id";
  await tx("attendances")
    .insert({
      incident_id: incidentId,
      meeting_id: id,
      host_person_id: grant.person_id,
      due_at: now,
      present: NOBODY,
    })
    .onConflict("incident_id")
    .merge({
      meeting_id: id,
      host_person_id: grant.person_id,
      due_at: tx.raw(`CASE WHEN ${isSame} THEN coalesce(attendances.due_at, ?) ELSE ? END`, [
        now,
        now,
      ]),
      present: tx.raw(`CASE WHEN ${isSame} THEN attendances.present ELSE ? END`, [NOBODY]),
    });
}

/** Nobody reads it any more. */
export async function forgetMeeting(tx: Tx, incidentId: string): Promise<void> {
  await tx("attendances").where({ incident_id: incidentId }).delete();
}

export async function setPresent(
  tx: Tx,
  incidentId: string,
  present: readonly string[],
): Promise<void> {
  await tx("attendances")
    .where({ incident_id: incidentId })
    .update({ present: JSON.stringify(present) });
}

export async function readNext(tx: Tx, incidentId: string, dueAt: number): Promise<void> {
  await tx("attendances").where({ incident_id: incidentId }).update({ due_at: dueAt });
}
