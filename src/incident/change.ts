import type { NotifyChange } from "../notify/change";
import type { Channel, Conference } from "../notify/notification";
import type { DirectoryChange } from "../directory/change";
import type { GrantChange } from "../grants/change";
import type { RosterChange } from "../roster/change";
import type { Answer } from "./answer";
import type { CallTaken } from "./call";
import type { PersonRef } from "./incident";

export type TimelineKind =
  | "started"
  | "renamed"
  | "stopped"
  | "space-lost"
  | "round-opened"
  | "round-closed"
  | "added"
  | "removed"
  | "removal-refused"
  | "switched"
  | "edited"
  | "joined"
  | "conference"
  | "answered"
  | "texted";

/** Work that Muster gives itself, handled like a received event: kept, retried, done once. */
export type OwnEvent =
  | { kind: "reread-space"; spaceId: string }
  | { kind: "find-conference"; spaceId: string; incidentId: string; roundId: string }
  /** What was read of the organisation's people goes with the grant. */
  | { kind: "clear-directory" };

export type Change =
  | RosterChange
  | NotifyChange
  | GrantChange
  | DirectoryChange
  | {
      kind: "incident.started";
      incident: {
        id: string;
        number: number;
        spaceId: string;
        name: string;
        isDrill: boolean;
        by: PersonRef;
      };
      conference?: Conference;
      at: number;
    }
  | { kind: "incident.renamed"; incidentId: string; name: string }
  | {
      kind: "incident.stopped";
      incidentId: string;
      by: PersonRef;
      reason: "command" | "space lost";
      at: number;
    }
  | { kind: "incident.conference"; incidentId: string; conference: Conference | undefined }
  | { kind: "answer.recorded"; id: string; incidentId: string; responderId: string; said: Answer }
  /** They texted again what they have answered already; see `Answer.textedAt`. */
  | { kind: "answer.repeated"; incidentId: string; responderId: string; textedAt: number }
  /** Who of the responders is in the meeting is not the same any more. */
  | { kind: "attendance.changed"; incidentId: string; present: readonly string[] }
  /** The meeting is to be read then. */
  | { kind: "attendance.due"; incidentId: string; dueAt: number }
  /** Nobody waits in the meeting's lobby any more: the card that told of it goes. */
  | { kind: "lobby.emptied"; spaceId: string; incidentId: string }
  /** Somebody should look then, or earlier, who has not answered. */
  | { kind: "renotify.due"; incidentId: string; dueAt: number }
  | { kind: "meeting-info.ended"; spaceId: string; at: number }
  | { kind: "call.taken"; call: CallTaken; at: number }
  | {
      kind: "team.kept";
      incidentId: string;
      members: { responderId: string; channels: Readonly<Record<Channel, boolean>> }[];
    }
  | {
      kind: "timeline.added";
      incidentId: string;
      entry: {
        kind: TimelineKind;
        at: number;
        actor: string;
        payload: Readonly<Record<string, unknown>>;
      };
    }
  | { kind: "own-event.queued"; event: OwnEvent; at: number };
