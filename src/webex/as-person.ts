import { z } from "zod";
import type { DirectoryPerson } from "../directory/directory";
import type { PeoplePage } from "../directory/ports";
import { toDirectoryPerson } from "./directory-people";
import { unless } from "./failure";
import * as meetings from "./meetings";
import type { OpenedMeeting, Participant } from "./meetings";
import type { WebexRest } from "./rest";
import * as shape from "./translate";
import type { Identity } from "./webex-client";

export type { OpenedMeeting, Participant } from "./meetings";

/** What we ask for per page; Webex gives fewer where its own limit is lower. */
const PAGE = 1_000;

const withRoles = z.object({ roles: z.array(z.string()).nullish() });

/** What a person's token can do on Webex and the bot's cannot. Every failure is a `RemoteError`. */
export interface AsPerson {
  /** Whose token it is. */
  me(token: string): Promise<Identity>;
  /** Webex lists the organisation's people for administrators only. */
  canListPeople(token: string): Promise<boolean>;
  isAdmin(token: string, personId: string): Promise<boolean>;
  /** The first page without `next`, which is an address that the page before gave. */
  readPeoplePage(token: string, next?: string): Promise<PeoplePage>;
  /**
   * The meeting of the space that is open now, or a new one: only for members of the space, of the
   * organisation that owns it. Its details go stale; a hundred a day, refused ones included.
   */
  openMeeting(token: string, spaceId: string): Promise<OpenedMeeting>;
  /** Done also where it is over; only its host may. */
  endMeeting(token: string, meetingId: string): Promise<void>;
  /** Who is or was in the meeting; nobody where it has not begun. Only its host may ask. */
  listParticipants(token: string, meetingId: string): Promise<Participant[]>;
  /** Lets participants in from the lobby; only the meeting's host may. */
  admit(token: string, participantIds: readonly string[]): Promise<void>;
  /** Lets everybody in who waits there; gives how many. */
  admitWaiting(token: string, meetingId: string): Promise<number>;
}

export function createAsPerson(restFor: (accessToken: string) => WebexRest): AsPerson {
  return {
    me: (token) => restFor(token).get("/people/me", shape.person),
    canListPeople: async (token) => {
      const first = restFor(token).first("/people", z.unknown(), { max: 1 });
      return (await unless([400, 403], first)) !== undefined;
    },
    isAdmin: async (token, personId) => {
      const path = `/people/${encodeURIComponent(personId)}`;
      const { roles } = await restFor(token).get(path, withRoles);
      return roles != null && roles.length > 0;
    },
    readPeoplePage: (token, next) => readPeople(restFor(token), next),
    openMeeting: (token, spaceId) => meetings.openMeeting(restFor(token), spaceId),
    endMeeting: (token, meetingId) => meetings.endMeeting(restFor(token), meetingId),
    listParticipants: (token, meetingId) => meetings.listParticipants(restFor(token), meetingId),
    admit: (token, participantIds) => meetings.admit(restFor(token), participantIds),
    admitWaiting: (token, meetingId) => meetings.admitWaiting(restFor(token), meetingId),
  };
}

async function readPeople(rest: WebexRest, at: string | undefined): Promise<PeoplePage> {
  const query = { max: PAGE, excludeStatus: true };
  const { items, next } = await (at === undefined
    ? rest.page("/people", z.unknown(), query)
    : rest.pageAt(at, z.unknown()));
  return { people: peopleIn(items), ...(next !== undefined && { next }) };
}

function* peopleIn(items: readonly unknown[]): Generator<DirectoryPerson | undefined> {
  for (const item of items) yield toDirectoryPerson(item);
}
