import { z } from "zod";
import type { Conference } from "../notify/notification";
import { oneLine } from "../one-line";
import { unless } from "./failure";
import type { WebexRest } from "./rest";
import { shortLine } from "./translate";

/** The most that one list of participants gives, and that one call admits. */
const MOST_PARTICIPANTS = 100;
/** Guests write their own. */
const MOST_NAME = 200;

/** A meeting that is open; who opened it is for the caller to add. */
export type OpenedMeeting = Omit<Conference, "source" | "meeting"> & {
  source: "meeting";
  meeting: { id: string };
};

export interface Participant {
  /** Of this participation; Webex tells no person id. */
  id: string;
  name: string;
  /**
   * Lower case; who dials in has none. Nor does Webex tell their number: `phoneNumber` of a device
   * is for compliance officers alone, after the end (developer.webex.com, "List Meeting
   * Participants").
   */
  email?: string;
  isHost: boolean;
  /** waiting: in the lobby. Absent where Webex says something else. */
  state?: "waiting" | "joined" | "left";
}

/** What is missing or strange costs no more than itself: a link alone is enough to join. */
const text = z.string().nullish().catch(undefined);

const callIn = z.object({ callInNumber: text, tollType: text });

const telephony = z.object({ accessCode: text, callInNumbers: z.array(callIn).catch([]) });

const meeting = z
  .object({
    id: z.string().min(1),
    webLink: z.string().nullish(),
    meetingNumber: text,
    phoneAndVideoSystemPassword: text,
    telephony: telephony.nullish().catch(undefined),
  })
  .transform((body): OpenedMeeting => ({
    ...filled({
      link: toLink(body.webLink),
      number: toCode(body.telephony?.accessCode) ?? toCode(body.meetingNumber),
      phone: toPhone(body.telephony?.callInNumbers ?? []),
      password: toCode(body.phoneAndVideoSystemPassword),
    }),
    source: "meeting",
    meeting: { id: body.id },
  }));

const states = {
  lobby: "waiting",
  joined: "joined",
  breakoutSession: "joined",
  end: "left",
} as const;

const participant = z
  .object({
    id: z.string(),
    displayName: text,
    email: text,
    host: z.boolean().nullish(),
    state: text,
  })
  .transform((body): Participant => ({
    id: body.id,
    name: shortLine(body.displayName, MOST_NAME),
    ...filled({ email: toEmail(body.email), state: toState(body.state) }),
    isHost: body.host ?? false,
  }));

/**
 * The space's meeting that goes on at once; Webex gives the present one where there is one, so
 * asking twice does no harm. `roomId` is the space's.
 */
export function openMeeting(rest: WebexRest, spaceId: string): Promise<OpenedMeeting> {
  return rest.post("/meetings", meeting, { adhoc: true, roomId: spaceId });
}

/** Done also where it is over, or never began. */
export async function endMeeting(rest: WebexRest, meetingId: string): Promise<void> {
  const path = `/meetings/${encodeURIComponent(meetingId)}/end`;
  await unless([404, 409, 410], rest.post(path, z.unknown(), {}));
}

/**
 * Nobody where the meeting has not begun, or Webex does not know it any more. Of a meeting that is
 * over, those who were there; of one that goes on, whether also those who left is unconfirmed.
 */
export async function listParticipants(rest: WebexRest, meetingId: string): Promise<Participant[]> {
  const query = { meetingId, max: MOST_PARTICIPANTS };
  return (await unless([404], rest.all("/meetingParticipants", participant, query))) ?? [];
}

/** Lets them in from the lobby, a hundred a call. Somebody who is in already stays in. */
export async function admit(rest: WebexRest, participantIds: readonly string[]): Promise<void> {
  for (let from = 0; from < participantIds.length; from += MOST_PARTICIPANTS) {
    const some = participantIds.slice(from, from + MOST_PARTICIPANTS);
    const items = some.map((participantId) => ({ participantId }));
    await rest.post("/meetingParticipants/admit", z.unknown(), { items });
  }
}

/**
 * Lets everybody in who waits in the lobby, and gives how many. Who hung up meanwhile may keep the
 * others out with them (unconfirmed, as is whether it works while the host is elsewhere): then it
 * looks once more. Webex's own page warns that its answer may say more than was done, where all who
 * take part use its app; who still waits is seen when the meeting is read next.
 */
export async function admitWaiting(rest: WebexRest, meetingId: string): Promise<number> {
  const first = await waitingIn(rest, meetingId);
  const done = await unless(
    [404],
    admit(rest, first).then(() => first.length),
  );
  if (done !== undefined) return done;
  const left = await waitingIn(rest, meetingId);
  await admit(rest, left);
  return left.length;
}

async function waitingIn(rest: WebexRest, meetingId: string): Promise<string[]> {
  const participants = await listParticipants(rest, meetingId);
  return participants.filter(({ state }) => state === "waiting").map(({ id }) => id);
}

function toLink(link: string | null | undefined): string | undefined {
  if (link == null || !URL.canParse(link)) return undefined;
  return /^https?:$/.test(new URL(link).protocol) ? oneLine(link) : undefined;
}

/** The digits of a number that somebody may have written in groups; nothing of any other text. */
function toCode(code: string | null | undefined): string | undefined {
  const digits = code?.replace(/[\s-]/g, "") ?? "";
  return /^\d+$/.test(digits) ? digits : undefined;
}

/** The first that costs no more than a call; a free one, which not every country reaches, else. */
function toPhone(numbers: readonly z.infer<typeof callIn>[]): string | undefined {
  const dialled = numbers.filter(({ callInNumber }) => /\d/.test(callInNumber ?? ""));
  const best = dialled.find(({ tollType }) => tollType === "toll") ?? dialled[0];
  if (best?.callInNumber == null) return undefined;
  const phone = oneLine(best.callInNumber);
  return /^[\s+\d().-]+$/.test(phone) ? phone.replace(/[^+\d]/g, "") : phone;
}

function toEmail(email: string | null | undefined): string | undefined {
  return email?.includes("@") ? oneLine(email).toLowerCase() : undefined;
}

function toState(state: string | null | undefined): Participant["state"] {
  return Object.entries(states).find(([theirs]) => theirs === state)?.[1];
}

/** Without the fields that have no value. */
function filled<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
