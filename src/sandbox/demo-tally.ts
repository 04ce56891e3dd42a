import type { Told } from "./demo-check";
import { DIAL_IN, INCIDENT, LINK, MEETING_NUMBER, members, onThePhone, SPACE } from "./demo-cast";
import type { SandboxMessage } from "./model";
import type { Sandbox } from "./start-sandbox";

/** What each person of the cast was told of the incident, counted at the providers. */
export function countTold({ phones, world }: Sandbox): Map<string, Told> {
  const none: Told = { webex: 0, sms: 0, calls: 0 };
  const webex = members.map((name): [string, Told] => [
    name,
    { ...none, webex: world.messagesTo(name).filter(isAboutIncident).length },
  ]);
  const byPhone = onThePhone.map(({ name, mobile, voice }): [string, Told] => {
    const texts = mobile === undefined ? [] : phones.at(mobile).texts;
    const calls = voice === undefined ? [] : phones.at(voice).calls;
    return [name, { ...none, sms: texts.length, calls: calls.length }];
  });
  const strangers = phones.all().filter(({ number }) => !isOfCast(number));
  const surplus = strangers.flatMap(({ number, texts, calls }): [string, Told][] =>
    texts.length + calls.length === 0
      ? []
      : [[number, { ...none, sms: texts.length, calls: calls.length }]],
  );
  return new Map([...webex, ...byPhone, ...surplus]);
}

/** Messages, texts and calls that ask somebody to come, and do not say how to join. */
export function withoutConference({ phones, world }: Sandbox): string[] {
  const direct = members
    .flatMap((name) => world.messagesTo(name))
    .filter(({ text }) => asksToCome(text))
    .filter(({ attachments, text }) => !holdsLink(text, attachments));
  const all = phones.all();
  const texts = all
    .flatMap((phone) => phone.texts)
    .filter(({ text }) => asksToCome(text) && !holdsDialIn(text));
  const calls = all
    .flatMap((phone) => phone.calls)
    .filter(({ words }) => asksToCome(words) && !speaksNumber(words));
  return [...direct, ...texts, ...calls.map(({ words }) => ({ text: words }))].map(
    ({ text }) => `expected how to join the conference in: ${text}`,
  );
}

export function membersNow({ world }: Sandbox): string[] {
  return world
    .membersOf(world.space(SPACE).id)
    .map(({ personId }) => world.person(personId).displayName);
}

function isAboutIncident({ text }: SandboxMessage): boolean {
  return text.includes(INCIDENT);
}

function asksToCome(text: string): boolean {
  return /\bneeded\b/u.test(text);
}

function isOfCast(number: string): boolean {
  return onThePhone.some(({ mobile, voice }) => [mobile, voice].includes(number));
}

function holdsLink(text: string, attachments: SandboxMessage["attachments"]): boolean {
  return text.includes(DIAL_IN) && JSON.stringify(attachments).includes(LINK);
}

function holdsDialIn(text: string): boolean {
  return text.includes(LINK) && text.includes(DIAL_IN) && text.includes(MEETING_NUMBER);
}

/** It is spoken digit by digit. */
function speaksNumber(words: string): boolean {
  return words.replace(/[^\d]/g, "").includes(MEETING_NUMBER);
}
