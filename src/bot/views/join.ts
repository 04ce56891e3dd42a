import type { Conference } from "../../notify/notification";
import { shown } from "./text";

/** How to join, ready for a card; an empty text is a part that does not exist. */
export interface JoinView {
  link: string;
  dialIn: string;
  hint: string;
}

/** `whenNone` is what to read where there is neither a link nor a number to dial. */
export function joinView(conference: Conference | undefined, whenNone: string): JoinView {
  const link = webLink(conference?.link);
  const dialIn = dialInLine(conference);
  return { link, dialIn, hint: link === "" && dialIn === "" ? whenNone : "" };
}

/** The same as Markdown lines. */
export function joinLines(join: JoinView): string[] {
  return [join.link === "" ? "" : `[Join the meeting](${join.link})`, join.dialIn, join.hint];
}

export function openSpaceHint(spaceTitle: string): string {
  return `To join, open the space ${shown(spaceTitle)} and press Meet.`;
}

/** The link if it leads to the web, with nothing in it that could end a Markdown link; else "". */
function webLink(link: string | undefined): string {
  if (link === undefined || !URL.canParse(link)) return "";
  const url = new URL(link);
  if (url.protocol !== "https:" && url.protocol !== "http:") return "";
  return url.href.replaceAll("(", "%28").replaceAll(")", "%29");
}

function dialInLine(conference: Conference | undefined): string {
  if (conference?.phone === undefined) return meetingNumberLine(conference?.number);
  const { number, password, phone } = conference;
  const dial = `Dial ${shown(phone, 40)}`;
  const enter = number === undefined ? "" : ` and enter ${shown(number, 40)}#`;
  return dial + enter + (password === undefined ? "" : `, phone password ${shown(password, 40)}`);
}

function meetingNumberLine(number: string | undefined): string {
  return number === undefined ? "" : `Meeting number ${shown(number, 40)}`;
}
