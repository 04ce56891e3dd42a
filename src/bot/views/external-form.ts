import type { Post } from "../../notify/notification";
import { externalFields, type ExternalField } from "../../roster/external-fields";
import template from "../../../cards/external-form.json";
import { bold, cardPost } from "./post";
import { plain, shown } from "./text";

export interface ExternalFormInput {
  cardId: string;
  /** The space that it was asked for in. */
  spaceTitle?: string;
  /** What the fields hold, as it was written. */
  values: Readonly<Partial<Record<ExternalField, string>>>;
  /** What is wrong, by field, in a sentence. */
  errors: Readonly<Partial<Record<ExternalField, string>>>;
  /** What is wrong with the whole of it, as Markdown. */
  problem?: string;
  canAddHere: boolean;
  /** For somebody who is known. */
  isEdit?: boolean;
  /** Those to choose from; the first is chosen already. */
  languages: readonly Choice[];
}

export interface Choice {
  title: string;
  value: string;
}

/** The form for a person who has a phone; it holds numbers, so it goes to one person only. */
export function externalForm(input: ExternalFormInput): Post {
  const values = eachField((field) => plain(input.values[field] ?? "", 254));
  const errors = eachField((field) => shown(input.errors[field] ?? "", 300));
  const data = {
    cardId: input.cardId,
    ...heading(input),
    problem: input.problem ?? "",
    values: { ...values, language: chosenLanguage(input) },
    errors,
    canAddHere: input.canAddHere,
    languages: input.languages,
  };
  return cardPost(template, data, [
    bold(data.title),
    data.intro,
    data.problem,
    ...externalFields.map((field) => errors[field]),
    "This form needs a Webex app that shows cards.",
  ]);
}

function heading({ isEdit = false, spaceTitle }: ExternalFormInput): {
  title: string;
  intro: string;
} {
  if (isEdit)
    return {
      title: "Change a person with a phone",
      intro: "It counts in every space. Empty a field to take away what is in it.",
    };
  const space = spaceTitle === undefined ? "" : `For the space ${shown(spaceTitle)}. `;
  return {
    title: "A person with a phone",
    intro: `${space}A name and at least one number, please.`,
  };
}

function chosenLanguage({ languages, values }: ExternalFormInput): string {
  const chosen = languages.find(({ value }) => value === values.language) ?? languages[0];
  return chosen?.value ?? "";
}

function eachField(text: (field: ExternalField) => string): Record<ExternalField, string> {
  return {
    name: text("name"),
    mobile: text("mobile"),
    voice: text("voice"),
    email: text("email"),
    language: text("language"),
  };
}
