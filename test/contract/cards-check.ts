import Ajv from "ajv";
import addFormats from "ajv-formats";
import draft06 from "ajv/dist/refs/json-schema-draft-06.json";
import { cardSamples } from "../support/card-samples";
import type { Exchange } from "./traffic";

export interface NamedCard {
  name: string;
  card: object;
}

/** Checks cards against Microsoft's own schema of version 1.3. */
export function createCardCheck(schema: object): (card: object) => string[] {
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  ajv.addMetaSchema(draft06);
  addFormats(ajv);
  const validate = ajv.compile(withoutOldId(schema));
  return (card) => {
    if (validate(card)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message = "is wrong" }) => `${instancePath} ${message}`,
    );
  };
}

/** Every card of the bot with every kind of data, and every card that it posted in the stories. */
export function cardsToCheck(exchanges: readonly Exchange[]): NamedCard[] {
  return [...cardSamples(), ...exchanges.flatMap(postedCards)];
}

function postedCards({ method, path, body }: Exchange, index: number): NamedCard[] {
  if (method !== "POST" || path !== "/messages") return [];
  const { attachments = [] } = (body ?? {}) as { attachments?: { content?: object }[] };
  return attachments.flatMap(({ content }) =>
    content === undefined ? [] : [{ name: `posted by call ${index + 1}`, card: content }],
  );
}

/** The file names itself with "id", a word of an older draft than the one that it says it is in. */
function withoutOldId(schema: object): object {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== "id"));
}
