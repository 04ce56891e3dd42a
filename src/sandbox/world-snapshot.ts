import type {
  MeetingInfo,
  SandboxMembership,
  SandboxMessage,
  SandboxPerson,
  SandboxSpace,
  SandboxWebhook,
} from "./model";
import type { SandboxMeeting } from "./webex/meeting-book";
import type { WorldState } from "./world-state";

export interface SpaceSnapshot extends Omit<SandboxSpace, "meetingInfo"> {
  meetingInfo: MeetingInfo | null;
  members: SandboxMembership[];
  /** Oldest first. */
  messages: SandboxMessage[];
}

export type PublicPerson = Omit<SandboxPerson, "token">;

export interface Snapshot {
  now: number;
  homeOrgId: string;
  people: PublicPerson[];
  spaces: SpaceSnapshot[];
  webhooks: Omit<SandboxWebhook, "secret">[];
  meetings: SandboxMeeting[];
}

export function snapshot(state: WorldState): Snapshot {
  return {
    now: state.now(),
    homeOrgId: state.homeOrgId,
    people: [...state.people.values()].map(publicPerson),
    spaces: [...state.spaces.values()].map((space) => ({
      ...space,
      meetingInfo: space.meetingInfo ?? null,
      members: state.membersOf(space.id),
      messages: state.messagesIn(space.id),
    })),
    webhooks: [...state.webhooks.values()].map((webhook) => omit(webhook, "secret")),
    meetings: [...state.meetings.byId.values()],
  };
}

export function publicPerson(person: SandboxPerson): PublicPerson {
  return omit(person, "token");
}

function omit<Type extends object, Key extends keyof Type>(value: Type, key: Key): Omit<Type, Key> {
  const entries = Object.entries(value).filter(([name]) => name !== key);
  return Object.fromEntries(entries) as Omit<Type, Key>;
}
