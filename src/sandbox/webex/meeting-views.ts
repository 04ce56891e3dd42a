import type { WorldState } from "../world-state";
import { instanceId, type SandboxMeeting, type SandboxParticipant } from "./meeting-book";
import { iso } from "./views";

type Json = Record<string, unknown>;

const SITE = "corp.webex.com";
const STARTS_AFTER_MS = 5 * 60_000;
const ENDS_AFTER_MS = 20 * 60_000;

export function meetingView(state: WorldState, meeting: SandboxMeeting): Json {
  const { id, number, hostId, created } = meeting;
  const host = state.people.get(hostId);
  return {
    id,
    meetingNumber: number,
    title: meeting.title,
    password: meeting.password,
    phoneAndVideoSystemPassword: meeting.phonePassword,
    meetingType: "meetingSeries",
    state: "active",
    timezone: "UTC",
    start: seconds(created + STARTS_AFTER_MS),
    end: seconds(created + ENDS_AFTER_MS),
    hostUserId: hostId,
    hostDisplayName: host?.displayName,
    hostEmail: host?.email,
    hostKey: meeting.hostKey,
    siteUrl: SITE,
    webLink: `https://${SITE}/corp/j.php?MTID=m${id}`,
    sipAddress: `${number}@${SITE}`,
    roomId: meeting.spaceId,
    enabledJoinBeforeHost: true,
    joinBeforeHostMinutes: 5,
    unlockedMeetingJoinSecurity: "allowJoinWithLobby",
    scheduledType: "meeting",
    enabledBreakoutSessions: false,
    ...(state.meetings.settings.hasTelephony && { telephony: telephony(meeting) }),
  };
}

function telephony({ id, number }: SandboxMeeting): Json {
  return {
    accessCode: number,
    callInNumbers: [
      { label: "US Toll Free", callInNumber: "+1-844-621-3956", tollType: "tollFree" },
      { label: "US Toll", callInNumber: "+1-408-525-6800", tollType: "toll" },
    ],
    links: [
      {
        rel: "globalCallinNumbers",
        href: `/v1/meetings/${id}/globalCallinNumbers`,
        method: "GET",
      },
    ],
  };
}

export function participantView(
  state: WorldState,
  meeting: SandboxMeeting,
  participant: SandboxParticipant,
): Json {
  const { personId, joinedAt, leftAt } = participant;
  const person = state.people.get(personId ?? "");
  return {
    id: participant.id,
    orgId: person?.orgId,
    host: personId === meeting.hostId,
    coHost: false,
    spaceModerator: state.membership(meeting.spaceId, personId ?? "")?.isModerator ?? false,
    email: participant.email,
    displayName: participant.name,
    invitee: participant.isInvitee,
    video: "off",
    muted: participant.isMuted,
    state: participant.state,
    siteUrl: SITE,
    meetingId: instanceId(meeting),
    hostEmail: state.people.get(meeting.hostId)?.email,
    joinedTime: seconds(joinedAt),
    leftTime: leftAt === undefined ? undefined : seconds(leftAt),
    devices: [device(participant)],
  };
}

/** The number is for compliance officers alone, and after the end. */
function device({ id, phone, joinedAt }: SandboxParticipant): Json {
  const joined = { correlationId: id.split("_").at(-1), joinedTime: seconds(joinedAt) };
  if (phone === undefined) return { ...joined, deviceType: "windows", audioType: "voip" };
  return { ...joined, deviceType: "phone", audioType: "pstn", callType: "callIn" };
}

/** The times of meetings have no milliseconds. */
function seconds(time: number): string {
  return iso(time).replace(/\.\d+Z$/, "Z");
}
