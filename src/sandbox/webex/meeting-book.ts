import { randomBytes, randomInt, randomUUID } from "node:crypto";
import type { SandboxPerson } from "../model";
import type { WorldState } from "../world-state";
import { announceMeeting } from "./announce";
import { ApiError } from "./api-error";

/** lobby: waits until the host admits them. end: was there and is no longer. */
export interface SandboxParticipant {
  id: string;
  /** Absent for somebody on a phone. */
  personId?: string | undefined;
  name: string;
  email: string;
  /** Where they dialled in from. */
  phone?: string | undefined;
  isInvitee: boolean;
  isMuted: boolean;
  state: "lobby" | "joined" | "end";
  joinedAt: number;
  leftAt?: number | undefined;
}

export interface SandboxMeeting {
  id: string;
  spaceId: string;
  hostId: string;
  title: string;
  number: string;
  password: string;
  /** Typed by whoever joins by phone. */
  phonePassword: string;
  hostKey: string;
  created: number;
  endedAt?: number | undefined;
  participants: SandboxParticipant[];
}

export interface MeetingSettings {
  /** Whether the site gives numbers to dial. */
  hasTelephony: boolean;
  /** How often somebody may ask for a meeting within 24 hours, refused or not. */
  dailyQuota: number;
  /** Answered to whoever asks more often; Webex does not say which it is. */
  quotaStatus: number;
}

export function defaultMeetingSettings(): MeetingSettings {
  return { hasTelephony: true, dailyQuota: 100, quotaStatus: 429 };
}

/** A meeting that nobody has joined is gone after this time. */
export const UNUSED_LIFE_MS = 20 * 60_000;
const DAY_MS = 24 * 3_600_000;

/** The meetings of all spaces; of each space at most one goes on. */
export class MeetingBook {
  readonly settings = defaultMeetingSettings();
  readonly byId = new Map<string, SandboxMeeting>();
  private readonly bySpace = new Map<string, SandboxMeeting>();
  private readonly asked = new Map<string, number[]>();

  constructor(private readonly state: WorldState) {}

  /** The meeting of this space that goes on, or that could still be joined. */
  ongoing(spaceId: string): SandboxMeeting | undefined {
    const meeting = this.bySpace.get(spaceId);
    return meeting && this.goesOn(meeting) ? meeting : undefined;
  }

  goesOn({ endedAt, created, participants }: SandboxMeeting): boolean {
    if (endedAt !== undefined) return false;
    const isInUse = participants.some(({ state }) => state === "joined");
    return isInUse || this.state.now() < created + UNUSED_LIFE_MS;
  }

  /** Throws ApiError for whoever has asked too often; what was refused counts, too. */
  countAsking({ id }: SandboxPerson): void {
    const now = this.state.now();
    const recent = (this.asked.get(id) ?? []).filter((at) => at > now - DAY_MS);
    this.asked.set(id, [...recent, now]);
    const { dailyQuota, quotaStatus } = this.settings;
    if (recent.length < dailyQuota) return;
    const seconds = Math.ceil(((recent[0] ?? now) + DAY_MS - now) / 1_000);
    const headers = quotaStatus === 429 ? { "Retry-After": String(seconds) } : {};
    throw new ApiError(quotaStatus, "The daily quota of meetings has been reached.", headers);
  }

  open(
    spaceId: string,
    host: SandboxPerson,
    title = `${host.displayName}'s meeting`,
  ): SandboxMeeting {
    const meeting: SandboxMeeting = {
      id: randomBytes(16).toString("hex"),
      spaceId,
      hostId: host.id,
      title,
      number: `2655${randomInt(1_000_000, 10_000_000)}`,
      password: randomBytes(6).toString("base64url"),
      phonePassword: String(randomInt(10_000_000, 100_000_000)),
      hostKey: String(randomInt(100_000, 1_000_000)),
      created: this.state.now(),
      participants: [],
    };
    this.byId.set(meeting.id, meeting);
    this.bySpace.set(spaceId, meeting);
    announceMeeting(this.state, meeting);
    return meeting;
  }

  join(
    meeting: SandboxMeeting,
    who: Pick<SandboxParticipant, "personId" | "name" | "email" | "phone" | "isInvitee" | "state">,
  ): SandboxParticipant {
    const id = `${instanceId(meeting)}_${randomUUID()}`;
    const joinedAt = this.state.now();
    const participant = { ...who, id, isMuted: false, joinedAt };
    meeting.participants.push(participant);
    announceMeeting(this.state, meeting);
    return participant;
  }

  /** Who is not in the lobby stays as they are. */
  admit(participant: SandboxParticipant): void {
    if (participant.state !== "lobby") return;
    participant.state = "joined";
    this.announceMeetingOf(participant);
  }

  leave(participant: SandboxParticipant): void {
    if (this.goOut(participant)) this.announceMeetingOf(participant);
  }

  end(meeting: SandboxMeeting): void {
    meeting.endedAt ??= this.state.now();
    for (const participant of meeting.participants) this.goOut(participant);
    announceMeeting(this.state, meeting);
  }

  /** False: they had left before. */
  private goOut(participant: SandboxParticipant): boolean {
    if (participant.state === "end") return false;
    participant.state = "end";
    participant.leftAt = this.state.now();
    return true;
  }

  private announceMeetingOf({ id }: SandboxParticipant): void {
    const found = this.participant(id);
    if (found) announceMeeting(this.state, found.meeting);
  }

  participant(
    id: string,
  ): { meeting: SandboxMeeting; participant: SandboxParticipant } | undefined {
    const meeting = this.byId.get(id.split("_")[0] ?? "");
    const participant = meeting?.participants.find((one) => one.id === id);
    return meeting && participant && { meeting, participant };
  }
}

/** A series has one id, and each of its meetings another that begins with it. */
export function instanceId({ id, number }: SandboxMeeting): string {
  return `${id}_I_${number}`;
}
