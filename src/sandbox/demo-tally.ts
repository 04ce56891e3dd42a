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

/** Messages, texts and calls that do not say how to join the conference. */
export function withoutConference({ phones, world }: Sandbox): string[] {
  const direct = members
    .flatMap((name) => world.messagesTo(name))
    .filter(isAboutIncident)
    .filter(({ attachments, text }) => !isOver(text) && !holdsLink(text, attachments));
  const all = phones.all();
  const texts = all
    .flatMap((phone) => phone.texts)
    .filter(({ text }) => !isOver(text) && !holdsDialIn(text));
  const calls = all.flatMap((phone) => phone.calls).filter(({ words }) => !speaksTwice(words));
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

function isOver(text: string): boolean {
  return /\bis over\b/u.test(text);
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

/** Whoever is woken by a call misses a number the first time it is said. */
function speaksTwice(words: string): boolean {
  const digits = words.replace(/[^\d]/g, "");
  return digits.split(MEETING_NUMBER).length === 3;
}
