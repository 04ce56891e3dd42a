import type { FoundResult } from "../../incident/conference";
import type { MeetingRefusal } from "../../incident/meeting-refusal";
import type { LobbyResult, MeetingGoesOn } from "../../notify/run-effect";
import { setBridge } from "./ready-lines";
import { countOf, shown } from "./text";
import { utcTime } from "./time";

/** Once for an incident, where a meeting was opened in somebody's name. */
export function meetingOpened(hostName: string): string {
  return (
    `This is the meeting of this space, opened in the name of ${shown(hostName, 60)}. ` +
    "People who dial in may wait in the lobby: open Participants, then Admit."
  );
}

export interface NotOpenedInput {
  /** In whose name it should have been opened. */
  name: string;
  refusal: MeetingRefusal;
  instead: Extract<FoundResult, { kind: "not-opened" }>["instead"];
  botName: string;
  now: number;
}

/** Why no meeting was opened, where people talk instead, and what a moderator can do. */
export function meetingNotOpened(input: NotOpenedInput): string {
  const { botName, instead, refusal } = input;
  const parts = [why(input), consequences[instead], whatToDo(refusal)];
  if (instead === "none" || instead === "known") parts.push(setBridge(botName));
  return parts.filter((part) => part !== "").join(" ");
}

function why({ name, now, refusal }: NotOpenedInput): string {
  const who = shown(name, 60);
  switch (refusal.why) {
    case "quota":
      return (
        `Webex opens no more meetings in the name of ${who} before ` +
        `${utcTime(refusal.until, now)}: it opens 100 a day for each person.`
      );
    case "dead":
      return `I can open no meeting in the name of ${who} any more: their grant does not work.`;
    case "not-allowed":
      return (
        `Webex does not let ${who} open a meeting here: their account may lack a meeting licence, ` +
        "or they and this space belong to different organisations."
      );
    case "not-shown":
      return `Webex opens no meeting in the name of ${who}: it does not show them this space.`;
    case "refused":
      return `Webex refused to open a meeting in the name of ${who}.`;
    case "busy":
      return `Webex did not open a meeting in the name of ${who}: it did not answer as it should.`;
  }
}

const consequences: Readonly<Record<NotOpenedInput["instead"], string>> = {
  known: "The details that people have may be old.",
  bridge: "",
  meeting: "",
  "meeting-info": "People get the details that Webex tells of this space.",
  configuration: "People get the conference that all spaces share.",
  none: "People are told to open the space and press Meet.",
};

function whatToDo({ why: reason }: MeetingRefusal): string {
  if (reason === "busy") return "I ask again when people are told the next time.";
  const again = "They can give a new one, or another moderator can lend me the right to open it";
  const lend = reason === "dead" ? again : "Another moderator can lend me the right to open it";
  return `${lend}: **authorize meetings**, in a direct message to me.`;
}

/** After a stop that should have ended the meeting. */
export function meetingGoesOn(hostName: string, result: MeetingGoesOn): string {
  const who = shown(hostName, 60);
  return result.why === "no grant"
    ? `The meeting goes on: I have no grant of ${who} any more to end it with. Whoever hosts it can end it in Webex.`
    : `I could not end the meeting: ${result.reason}. Whoever hosts it can end it in Webex; I opened it in the name of ${who}.`;
}

/** What only who is in the meeting sees otherwise; of whoever waits nothing but that they do. */
export function lobbyWaiting(count: number): string {
  return `${countOf(count, "caller waits", "callers wait")} in the lobby of the meeting.`;
}

/** What came of Admit all; `by` pressed it. */
export function lobbyAnswer(by: string, hostName: string, result: LobbyResult): string {
  const who = shown(hostName, 60);
  const inWebex = "Whoever hosts the meeting can: open Participants, then Admit.";
  switch (result.kind) {
    case "admitted":
      return result.count === 0
        ? "Nobody waits in the lobby of the meeting any more."
        : `${shown(by, 60)} let ${countOf(result.count, "caller", "callers")} in from the lobby.`;
    case "no-grant":
      return `I could let nobody in from the lobby: I have no grant of ${who} any more. ${inWebex}`;
    case "refused":
      return `I could let nobody in from the lobby: ${result.reason}. ${inWebex}`;
  }
}

/** For Admit all, where the bot opened no meeting, or the incident has another conference by now. */
export function noLobby(): string {
  return "I know of no lobby: this incident has no meeting that I opened, or I may not ask about it.";
}
