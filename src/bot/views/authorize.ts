import type { GrantKind } from "../../grants/grant";
import type { Post } from "../../notify/notification";
import template from "../../../cards/authorize.json";
import { bold, cardPost, lines, type Color } from "./post";
import { utcTime } from "./time";

export interface AuthorizeInput {
  cardId: string;
  kind: GrantKind;
  /** Each opens Webex's page of consent, for one person. */
  links: readonly GrantLink[];
  /** When the links open nothing any more. */
  expiresAt: number;
  now: number;
  /** Why it is asked for anew, or what was given already, as Markdown. */
  remark?: { text: string; color: Color };
}

export interface GrantLink {
  title: string;
  url: string;
}

interface Point {
  title: string;
  text: string;
}

interface Explained {
  heading: string;
  intro: string;
  points: readonly Point[];
  note: string;
}

/** What the bot asks a person to allow, and the way to Webex's page where they say yes or no. */
export function authorize(input: AuthorizeInput): Post {
  const { heading, intro, note, points } = explained[input.kind];
  const { color, text: remark } = input.remark ?? { color: "default", text: "" };
  const data = {
    cardId: input.cardId,
    heading,
    remark,
    color,
    intro,
    points,
    note: `${validity(input)} ${note}`,
    links: input.links,
  };
  const { markdown, card } = cardPost(template, data, [
    bold(heading),
    remark,
    intro,
    ...points.map(({ title, text }) => `${bold(title)}: ${text}`),
    data.note,
  ]);
  const links = input.links.map(({ title, url }) => `[${title}](${url})`);
  return { markdown: lines([markdown, ...links]), ...(card ? { card } : {}) };
}

function validity({ expiresAt, links, now }: AuthorizeInput): string {
  const until = utcTime(expiresAt, now);
  return links.length > 1
    ? `Choose one. Each link works until ${until}, once, and only for you.`
    : `The link works until ${until}, once, and only for you.`;
}

const explained: Readonly<Record<GrantKind, Explained>> = {
  directory: {
    heading: "Connect the directory",
    intro: "Moderators then find anyone in your organisation by a few letters of the name.",
    points: [
      {
        title: "What I read",
        text:
          "Names, e-mail addresses and phone numbers of the people of your organisation, " +
          "regularly, into a copy on the server that runs me. Numbers are kept encrypted.",
      },
      {
        title: "What I never do",
        text: "Change anything in your organisation, or read messages, files, calls or meetings.",
      },
      {
        title: "How to end it",
        text: "Write **revoke** to me: the grant and my copy of the directory are deleted.",
      },
    ],
    note: "Sign in at Webex with your own account; it must be an administrator's.",
  },
  meetings: {
    heading: "Let me open meetings for you",
    intro:
      "I open the Webex meeting of an incident's space in your name and tell everybody how to " +
      "join: when you start the incident and, if you choose so, also when another moderator starts " +
      "one in a space that you moderate.",
    points: [
      {
        title: "What Webex will ask",
        text:
          "Full access to your Webex account (spark:all) and to your meetings. Webex has no " +
          "smaller right that opens the meeting of a space and ends it.",
      },
      {
        title: "What I do with it",
        text:
          "Open the meeting of an incident's space, look who is in it, let in who waits when a " +
          "moderator wants that, and end it when the incident is stopped and people are removed.",
      },
      {
        title: "What I never do",
        text: "Read or write messages in your name, or touch any other meeting of yours.",
      },
      {
        title: "How to end it",
        text: "Write **revoke meetings** to me: the grant is deleted at once.",
      },
    ],
    note: "Sign in at Webex with your own account.",
  },
};
