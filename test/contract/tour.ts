import { ManualClock } from "../support/manual-clock";
import type { SandboxPerson } from "../../src/sandbox/world";
import type { Sandbox } from "../../src/sandbox/start-sandbox";
import { startSandbox } from "../../src/sandbox/start-sandbox";
import type { Exchange } from "./traffic";

type Call = (method: string, path: string, body?: unknown) => Promise<Record<string, string>>;

/**
 * Asks the stand-in for each resource once, so that its answers are checked where no story goes:
 * what a person's client, an administrator or the SDK would ask for.
 */
export async function tour(): Promise<Exchange[]> {
  const sandbox = await startSandbox({ clock: new ManualClock() });
  try {
    sandbox.world.recordTraffic = true;
    const bot = sandbox.world.addPerson({ name: "Muster", type: "bot" });
    const ana = sandbox.world.addPerson({
      name: "Ana Silva",
      isAdmin: true,
      phoneNumbers: [{ type: "mobile", value: "+12025550143" }],
    });
    const bo = sandbox.world.addPerson({ name: "Bo Lind" });
    const [asAna, asBot] = [caller(sandbox, ana), caller(sandbox, bot)];
    await visitPeople(asAna, bo);
    const space = await visitSpace(asAna, bot, bo);
    await visitMessages(asBot, asAna, space, bo);
    await visitWebhooks(asBot);
    await visitMeetings(sandbox, asAna, space);
    await visitOAuth(sandbox, ana);
    await asAna("DELETE", `/rooms/${space}`);
    return JSON.parse(JSON.stringify(sandbox.world.requests)) as Exchange[];
  } finally {
    await sandbox.close();
  }
}

function caller({ webexUrl }: Sandbox, { token }: SandboxPerson): Call {
  return async (method, path, body) => {
    const response = await fetch(`${webexUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return (text === "" ? {} : JSON.parse(text)) as Record<string, string>;
  };
}

async function visitPeople(call: Call, person: SandboxPerson): Promise<void> {
  await call("GET", "/people/me");
  await call("GET", "/people?max=2&callingData=true");
  await call("GET", `/people?email=${encodeURIComponent(person.email)}`);
  await call("GET", "/people?displayName=Bo%20L");
  await call("GET", `/people?id=${person.id}`);
  await call("GET", `/people/${person.id}`);
}

async function visitSpace(call: Call, bot: SandboxPerson, person: SandboxPerson): Promise<string> {
  const { id: roomId = "" } = await call("POST", "/rooms", { title: "Payments" });
  await call("PUT", `/rooms/${roomId}`, { title: "Payments", isLocked: true });
  await call("GET", `/rooms/${roomId}`);
  await call("GET", "/rooms?type=group&sortBy=lastactivity&max=10");
  await call("POST", "/memberships", { roomId, personEmail: bot.email });
  const { id = "" } = await call("POST", "/memberships", { roomId, personId: person.id });
  await call("PUT", `/memberships/${id}`, { isModerator: true, isRoomHidden: false });
  await call("GET", `/memberships/${id}`);
  await call("GET", `/memberships?roomId=${roomId}&max=10`);
  await call("DELETE", `/memberships/${id}`);
  return roomId;
}

async function visitMessages(
  asBot: Call,
  asAna: Call,
  roomId: string,
  person: SandboxPerson,
): Promise<void> {
  const { id: said = "" } = await asAna("POST", "/messages", { roomId, text: "hello" });
  await asAna("PUT", `/messages/${said}`, { roomId, markdown: "**hello**" });
  await asAna("POST", "/messages", { roomId, parentId: said, text: "and you?" });
  await asAna("GET", `/messages?roomId=${roomId}&max=10`);
  await asBot("POST", "/messages", { toPersonId: person.id, text: "hello" });
  await asBot("POST", "/messages", { toPersonEmail: person.email, markdown: "**hello**" });
  await asBot("GET", `/messages/direct?personId=${person.id}`);
  const content = { type: "AdaptiveCard", version: "1.3", body: [] };
  const attachments = [{ contentType: "application/vnd.microsoft.card.adaptive", content }];
  const card = { roomId, markdown: "a card", attachments };
  const { id: messageId = "" } = await asBot("POST", "/messages", card);
  const press = { type: "submit", messageId, inputs: { Name: "Bo" } };
  const { id: action = "" } = await asAna("POST", "/attachment/actions", press);
  await asBot("GET", `/attachment/actions/${action}`);
  await asAna("GET", `/messages/${said}`);
  await asAna("DELETE", `/messages/${said}`);
}

/** On a site with telephony and on one without. */
async function visitMeetings({ world }: Sandbox, call: Call, roomId: string): Promise<void> {
  const { id = "" } = await call("POST", "/meetings", { adhoc: true, roomId });
  const { id: caller } = world.joinMeeting({ space: roomId, phone: "+12025550143" });
  await call("GET", `/meetingParticipants?meetingId=${id}`);
  await call("PUT", `/meetingParticipants/${caller}`, { admit: true });
  await call("POST", "/meetingParticipants/admit", { items: [{ participantId: caller }] });
  await call("POST", `/meetings/${id}/end`, { reason: "over" });
  world.meetings.settings.hasTelephony = false;
  await call("POST", "/meetings", { adhoc: true, roomId, title: "Payments" });
}

async function visitOAuth({ webexUrl, world }: Sandbox, person: SandboxPerson): Promise<void> {
  const { clientId: client_id, clientSecret: client_secret } = world.oauth.integration;
  const asked = {
    ...{ response_type: "code", client_id, redirect_uri: "http://127.0.0.1:1/callback" },
    ...{ scope: "spark:people_read", state: "tour" },
  };
  const { redirect_uri } = asked;
  const decided = { ...asked, person: person.id, decision: "accept" };
  const link = `${webexUrl}/authorize?${new URLSearchParams(decided).toString()}`;
  const back = await fetch(link, { redirect: "manual" });
  const code = new URL(back.headers.get("location") ?? "").searchParams.get("code") ?? "";
  const form = { grant_type: "authorization_code", client_id, client_secret, code, redirect_uri };
  const body = new URLSearchParams(form);
  const answer = await fetch(`${webexUrl}/access_token`, { method: "POST", body });
  if (!answer.ok) throw new Error(`POST /access_token was answered ${answer.status}`);
}

async function visitWebhooks(call: Call): Promise<void> {
  const target = { name: "tour", targetUrl: "http://127.0.0.1:1/hook" };
  const events = { resource: "messages", event: "created", secret: "a secret of the tour" };
  const { id = "" } = await call("POST", "/webhooks", { ...target, ...events });
  await call("GET", `/webhooks/${id}`);
  await call("GET", "/webhooks?max=100");
  await call("PUT", `/webhooks/${id}`, { ...target, status: "active" });
  await call("DELETE", `/webhooks/${id}`);
}
