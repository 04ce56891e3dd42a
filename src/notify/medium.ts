import { dialString, markdownLink, plainLink, spokenDigits } from "./join-details";
import type { Conference } from "./notification";
import { escapeMarkdown, plainText } from "./template";

/** How one channel writes what others gave. */
export interface Medium {
  clean: (text: string) => string;
  link: (link: string) => string;
  number: (digits: string) => string;
  separator: string;
}

export const smsMedium: Medium = {
  clean: plainText,
  link: plainLink,
  number: plainText,
  separator: "\n",
};

export const webexMedium: Medium = {
  clean: escapeMarkdown,
  link: markdownLink,
  number: escapeMarkdown,
  separator: "\n\n",
};

/** `plus` is how "+" is spoken before a number. */
export function voiceMedium(plus: string): Medium {
  return {
    // Whatever becomes of the text on its way to the voice, nothing in it is markup.
    clean: (text) => plainText(text.replace(/[<>]/g, " ")),
    link: plainLink,
    number: (digits) => spokenDigits(digits, plus),
    separator: " ",
  };
}

/** What a text says, as others gave it. */
interface TextParts {
  sender: string;
  incident: { name: string; number: number };
  space: { title?: string };
  conference?: Conference;
  text?: string;
}

/** The data for the templates, written as the medium wants it; what is not known is undefined. */
export function toData(
  medium: Medium,
  { sender, incident, space, text, conference }: TextParts,
): object {
  return {
    sender: medium.clean(sender),
    incident: { name: medium.clean(incident.name), number: incident.number },
    space: { title: filled(space.title, medium.clean) },
    conference: conference && toJoinData(medium, conference),
    text: filled(text, medium.clean),
  };
}

/** Undefined without link and phone: a meeting number alone joins nothing. */
function toJoinData(medium: Medium, conference: Conference): object | undefined {
  const { link, number, password, phone } = conference;
  if (!link && !phone) return undefined;
  const toDial = (toCall: string): string => medium.clean(dialString(toCall, number));
  return {
    link: filled(link, medium.link),
    phone: filled(phone, medium.number),
    dial: filled(phone, toDial),
    number: filled(number, medium.number),
    // Only a phone asks for it.
    password: phone ? filled(password, medium.number) : undefined,
  };
}

function filled(text: string | undefined, write: (text: string) => string): string | undefined {
  return text ? write(text) : undefined;
}
