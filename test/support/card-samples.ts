import type { Post } from "../../src/notify/notification";
import { answerButton, whichIncident } from "../../src/bot/views/answer-sentences";
import { externalForm } from "../../src/bot/views/external-form";
import { externals, type ExternalsInput } from "../../src/bot/views/externals";
import type { Candidate } from "../../src/bot/search-people";
import { help, helpDirect } from "../../src/bot/views/help";
import { invite } from "../../src/bot/views/invite";
import { notice } from "../../src/bot/views/notice";
import { pick } from "../../src/bot/views/pick";
import { ready, type ReadyInput } from "../../src/bot/views/ready";
import { roster } from "../../src/bot/views/roster";
import { directoryLack, notFound, severalFit } from "../../src/bot/views/search-sentences";
import * as sentences from "../../src/bot/views/sentences";
import { spaces, type SpacesInput } from "../../src/bot/views/spaces";
import { startForm } from "../../src/bot/views/start-form";
import { status, type StatusInput } from "../../src/bot/views/status";
import { statusPeople } from "../../src/bot/views/status-rows";
import { stopConfirm } from "../../src/bot/views/stop-confirm";
import { textForm, type TextFormInput } from "../../src/bot/views/text-form";
import { told } from "../../src/bot/views/told";
import {
  aReady,
  aStatus,
  cardId,
  conference,
  hostileTexts,
  startedAt,
  team,
} from "./card-builders";
import { grantSamples, grantSamplesWith } from "./grant-samples";

const languages = [
  { title: "English", value: "en" },
  { title: "Français", value: "fr" },
];

export interface PostSample {
  name: string;
  post: Post;
}

/** Every card with every data set. */
export function cardSamples(): { name: string; card: object }[] {
  return postSamples().flatMap(({ name, post }) =>
    post.card === undefined ? [] : [{ name, card: post.card }],
  );
}

export function postSamples(): PostSample[] {
  const hostile = hostileTexts.flatMap((text, index) =>
    samplesWith(text).map(({ name, post }) => ({ name: `${name}-hostile-${index + 1}`, post })),
  );
  return [...plainSamples(), ...hostile];
}

/** Every card that shows something a person wrote, with `text` wherever that is. */
export function samplesWith(text: string): PostSample[] {
  const incident = { name: text, number: 42, isDrill: false };
  const spaceTitle = text;
  return [
    {
      name: "help",
      post: help({
        cardId,
        botName: text,
        isModerator: true,
        isModerated: true,
        incident,
        canStart: false,
      }),
    },
    { name: "ready", post: ready(aReady({ spaceTitle, botName: text, unreachable: [text] })) },
    { name: "start-form", post: startForm({ cardId, name: text, error: text }) },
    { name: "text-form", post: textForm(aTextForm(25, text)) },
    { name: "status", post: status(statusWith(text)) },
    {
      name: "stop-confirm",
      post: stopConfirm({ cardId, spaceTitle, incident, removeCount: 12, names: eleven(text) }),
    },
    {
      name: "external-form",
      post: externalForm({
        cardId,
        spaceTitle,
        values: { name: text, mobile: text },
        errors: { name: text },
        canAddHere: true,
        languages,
      }),
    },
    {
      name: "externals",
      post: externals(externalsPage(10, { name: text, email: text, term: text })),
    },
    {
      name: "pick",
      post: pickAmong(sentences.botNotModerator(text), Array<string>(25).fill(text)),
    },
    {
      name: "pick-directory",
      post: pickAmong(sentences.botNotModerator(text), Array<string>(20).fill(text), true),
    },
    ...grantSamplesWith(text),
    { name: "spaces", post: spaces(spacesPage(10, text)) },
    { name: "roster", post: rosterPage(0, text) },
    { name: "invite", post: invite({ cardId, spaceTitle, incident, conference, text }) },
    { name: "told", post: told({ cardId, spaceTitle, incident, text, kind: "message" }) },
    {
      name: "notice-which-incident",
      post: notice({
        cardId,
        sentence: whichIncident("declined", severalIncidents(text)),
        buttons: severalIncidents(text).map((one) => ({
          title: answerButton("declined", one),
          action: "answer.choose",
          data: { answer: "declined", incident: one.number },
        })),
      }),
    },
    {
      name: "notice",
      post: notice({
        cardId,
        sentence: notFound(text),
        buttons: [{ title: text, action: "bot.run", data: { line: text } }],
      }),
    },
  ];
}

function plainSamples(): PostSample[] {
  return [
    ...spaceSamples(),
    ...statusSamples(),
    ...formSamples(),
    ...responderSamples(),
    ...grantSamples(),
  ];
}

function severalIncidents(name: string): { name: string; number: number; isDrill: boolean }[] {
  return [45, 44, 43, 42, 41].map((number) => ({ name, number, isDrill: false }));
}

function spaceSamples(): PostSample[] {
  const here = { cardId, botName: "Muster", isModerated: true };
  const incident = { name: "payments down", number: 42 };
  return [
    { name: "help-member", post: help({ ...here, isModerator: false, canStart: false }) },
    { name: "help-moderator", post: help({ ...here, isModerator: true, canStart: true }) },
    {
      name: "help-running",
      post: help({ ...here, isModerator: true, canStart: false, incident }),
    },
    {
      name: "help-not-moderated",
      post: help({ ...here, isModerated: false, isModerator: false, canStart: false }),
    },
    {
      name: "help-direct",
      post: helpDirect({
        ...{ cardId, botName: "Muster", numbers: {} },
        ...{ hasIntegration: false, canConnect: false },
      }),
    },
    {
      name: "help-direct-numbers",
      post: helpDirect({
        cardId,
        botName: "Muster",
        numbers: { sms: "+14085550100", voice: "+14085550101" },
        hasIntegration: true,
        canConnect: true,
      }),
    },
    { name: "ready", post: ready(aReady()) },
    { name: "ready-not", post: ready(notReady) },
  ];
}

const notReady: ReadyInput = aReady({
  isModerated: false,
  botIsModerator: false,
  isAnnouncementOnly: true,
  isHomeOrg: false,
  conference: "none",
  sms: { isReady: false, reason: "no sender number" },
  voice: { isReady: false },
  counts: { people: 0, webex: 0, sms: 0, voice: 0 },
  unreachable: ["Bo Alm", "Cy Dahl"],
});

function statusSamples(): PostSample[] {
  const running = aStatus().incident!;
  const idle = aStatus();
  delete idle.incident;
  return [
    { name: "status-none", post: status(idle) },
    { name: "status-small", post: status(aStatus()) },
    { name: "status-full", post: status(aStatus({ conference, ...statusPeople(team(200)) })) },
    { name: "status-five", post: status(aStatus({ conference, ...statusPeople(team(5)) })) },
    {
      name: "status-waiting-for-conference",
      post: status(aStatus({ isWaitingForConference: true, phone: { sms: false, voice: false } })),
    },
    {
      name: "status-drill",
      post: status(aStatus({ incident: { ...running, isDrill: true }, ...statusPeople(team(3)) })),
    },
    { name: "status-answered", post: status(aStatus({ conference, ...statusPeople(answered()) })) },
    {
      name: "status-stopped",
      post: status(
        aStatus({
          incident: {
            ...running,
            state: "stopped",
            stoppedAt: startedAt + 3_600_000,
            stoppedBy: { personId: "ana", name: "Ana Berg" },
          },
          ...statusPeople(team(5)),
        }),
      ),
    },
  ];
}

/** Three who answered, for one of whom somebody else did. */
function answered(): ReturnType<typeof team> {
  const by = { personId: "ana", name: "Ana Berg" };
  const [first, second, third, ...others] = team(8);
  const calls = {
    channel: "voice",
    kind: "invite",
    state: "delivered",
    maybeSent: false,
    ...{ at: startedAt, roundId: "round-1", seconds: 24 },
  } as const;
  return [
    { ...first!, answer: { answer: "coming", via: "sms", at: startedAt } },
    { ...second!, group: "coming", answer: { answer: "coming", via: "moderator", at: 0, by } },
    { ...third!, group: "declined", outcomes: [calls, ...third!.outcomes] },
    ...others,
  ];
}

function formSamples(): PostSample[] {
  const incident = { name: "payments down", number: 42, isDrill: false };
  const stop = { cardId, spaceTitle: "Payments", incident };
  const form = { cardId, spaceTitle: "Payments", languages };
  return [
    { name: "start-form", post: startForm({ cardId }) },
    { name: "start-form-error", post: startForm({ cardId, name: " ", error: "A name, please." }) },
    { name: "text-form-one", post: textForm(aTextForm(1)) },
    { name: "text-form-many", post: textForm(aTextForm(200)) },
    { name: "stop-confirm-one", post: stopConfirm({ ...stop, removeCount: 1, names: ["Bo"] }) },
    { name: "stop-confirm-none", post: stopConfirm({ ...stop, removeCount: 0, names: [] }) },
    {
      name: "stop-confirm-many",
      post: stopConfirm({ ...stop, removeCount: 18, names: eleven("Bo Alm") }),
    },
    {
      name: "stop-confirm-drill",
      post: stopConfirm({
        ...stop,
        incident: { ...incident, isDrill: true },
        removeCount: 3,
        names: ["Bo"],
      }),
    },
    {
      name: "external-form",
      post: externalForm({ ...form, values: {}, errors: {}, canAddHere: false }),
    },
    { name: "pick-one", post: pickAmong(severalFit("bo", "", 1), ["Bo Alm"]) },
    {
      name: "pick-many",
      post: pickAmong(severalFit("bo", "Whom shall I add?", 11), eleven("Bo Alm")),
    },
    {
      name: "external-form-errors",
      post: externalForm({
        ...form,
        values: { name: "Bo Alm", mobile: "12" },
        errors: { mobile: "12 is too short for a phone number." },
        canAddHere: true,
      }),
    },
    {
      name: "external-form-edit",
      post: externalForm({
        cardId,
        languages,
        isEdit: true,
        problem: "Bo Alm was changed by somebody else.",
        values: { name: "Bo Alm", mobile: "+1 408 555 0100" },
        errors: {},
        canAddHere: false,
      }),
    },
    { name: "externals-one", post: externals({ ...externalsPage(1), total: 1, page: 0 }) },
    { name: "externals-full", post: externals(externalsPage(10)) },
    {
      name: "spaces-one",
      post: spaces({ ...spacesPage(1), total: 1, page: 0, isOperator: false }),
    },
    { name: "spaces-full", post: spaces(spacesPage(10)) },
    { name: "roster-first", post: rosterPage(0) },
    { name: "roster-middle", post: rosterPage(4) },
    { name: "roster-small", post: rosterPage(0, "Bo Alm", 3) },
  ];
}

/** With a text, it is the form that comes back with what is wrong. */
function aTextForm(count: number, text?: string): TextFormInput {
  const responders = team(count).map(({ responder }) => ({
    ...responder,
    ...(text === undefined ? {} : { name: text }),
  }));
  if (text === undefined) return { cardId, responders };
  return { cardId, responders, again: { responder: "", message: text.repeat(20), error: text } };
}

function rosterPage(page: number, text = "Bo Alm", size = 200): Post {
  const progress = team(size).map((one) => ({
    ...one,
    responder: { ...one.responder, name: text },
    outcomes: one.outcomes.map((outcome) => ({ ...outcome, reason: text })),
  }));
  const incident = { name: text, number: 42, isDrill: false, state: "running" as const };
  return roster({ cardId, spaceTitle: text, incident, progress, page, at: startedAt });
}

function externalsPage(
  count: number,
  { name = "Bo Alm", email = "bo@example.com", term = "" } = {},
): ExternalsInput {
  const people = Array.from({ length: count }, (_, index) => ({
    id: `0195-${index}`,
    kind: "external" as const,
    name,
    email,
    mobile: "+14085550100",
    voice: "+351912345678",
    language: "fr",
    version: 1,
  }));
  return { cardId, people, page: 1, perPage: 10, total: 23, term, canAddHere: true, languages };
}

function spacesPage(count: number, text = "payments down"): SpacesInput {
  const incident = { number: 42, name: text, isDrill: false, startedAt };
  const states = [{}, { incident }, { incident: { ...incident, stoppedAt: startedAt } }];
  const those = Array.from({ length: count }, (_, index) => ({
    id: `Y2lzY29zcGFyazovL3VzL1JPT00v${String(index).padStart(48, "0")}`,
    title: text,
    isMember: index === 0,
    ...states[index % states.length],
  }));
  const at = startedAt + 120_000;
  return { cardId, spaces: those, page: 1, perPage: 10, total: 23, isOperator: true, at };
}

function responderSamples(): PostSample[] {
  const incident = { name: "payments down", number: 42, isDrill: false };
  const to = { cardId, spaceTitle: "Payments", incident };
  return [
    { name: "invite", post: invite({ ...to, text: "" }) },
    { name: "invite-conference", post: invite({ ...to, conference, text: "Join now, please." }) },
    {
      name: "invite-drill",
      post: invite({ ...to, incident: { ...incident, isDrill: true }, conference, text: "" }),
    },
    { name: "told-reminder", post: told({ ...to, kind: "reminder", conference, text: "" }) },
    {
      name: "told-update",
      post: told({ ...to, kind: "update", conference, text: "The database is back.\nStay here." }),
    },
    { name: "told-stop", post: told({ ...to, kind: "stop", text: "Thank you." }) },
    { name: "told-message", post: told({ ...to, kind: "message", text: "Call me." }) },
    {
      name: "notice",
      post: notice({
        cardId,
        sentence: sentences.unknownCommand("strat", "start incident payments down"),
        buttons: [{ title: "Do it", action: "bot.run" }],
      }),
    },
    {
      name: "notice-which-incident",
      post: notice({
        cardId,
        sentence: whichIncident("coming", severalIncidents("payments down"), 9),
        buttons: severalIncidents("payments down").map((one) => ({
          title: answerButton("coming", one),
          action: "answer.choose",
          data: { answer: "coming", incident: one.number },
        })),
      }),
    },
    {
      name: "notice-not-reached",
      post: notice({
        cardId,
        sentence: "2 of 3 told; not reached: Bo Alm (nobody has this number)",
        buttons: [
          { title: "Remind", action: "incident.remind" },
          { title: "Text", action: "incident.text-form" },
          { title: "Mark coming", action: "answer.mark" },
        ],
      }),
    },
    { name: "notice-bare", post: notice({ cardId, sentence: "Done.", buttons: [] }) },
    {
      name: "notice-input",
      post: notice({
        cardId,
        sentence: "Whom do you want to add?",
        input: { id: "who", label: "E-mail address", placeholder: "bo@example.com" },
        buttons: [
          { title: "Add", action: "roster.add" },
          { title: "Add phone-only person", action: "roster.external-form" },
        ],
      }),
    },
  ];
}

function pickAmong(sentence: string, names: readonly string[], isInDirectory = false) {
  const candidates = names.map((name, index): Candidate => {
    if (isInDirectory || index % 4 === 3) return inDirectory(name, index);
    const responder = {
      id: `01956a3e-7c1d-7b4e-9f00-${String(index).padStart(12, "0")}`,
      kind: index % 2 === 0 ? ("external" as const) : ("internal" as const),
      name,
      email: `${"x".repeat(40)}@${"example".repeat(20)}.com`,
      mobile: "+14085550101",
      voice: "+14085550102",
      version: 1,
    };
    return { kind: "known", responder, isOnRoster: index % 3 === 0 };
  });
  const total = names.length;
  const lack = directoryLack("grant");
  return pick({ cardId, sentence, button: "Add", candidates, total, lack, isForAdding: true });
}

function inDirectory(name: string, index: number): Candidate {
  const personId = `Y2lzY29zcGFyazovL3VzL1BFT1BMRS8${String(index).padStart(48, "0")}`;
  const email = `${"x".repeat(40)}@${"example".repeat(20)}.com`;
  return { kind: "directory", person: { personId, name, email } };
}

function eleven(name: string): string[] {
  return Array.from({ length: 11 }, (_, index) => `${name} ${index + 1}`);
}

function statusWith(text: string): StatusInput {
  const by = { personId: "ana", name: text };
  const responders = team(30).map((row) => ({
    ...row,
    responder: { ...row.responder, name: text },
  }));
  return aStatus({
    spaceTitle: text,
    botName: text,
    incident: {
      name: text,
      number: 42,
      state: "running",
      isDrill: false,
      startedAt,
      startedBy: by,
    },
    conference: { phone: text, number: text, link: text, source: "bridge" },
    ...statusPeople(responders),
  });
}
