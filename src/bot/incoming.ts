/** A message that a person wrote to the bot, as Webex holds it. */
export interface IncomingMessage {
  kind: "message";
  id: string;
  spaceId: string;
  spaceKind: "group" | "direct";
  personId: string;
  personEmail: string;
  text: string;
  html?: string;
  parentId?: string;
  /** When it was written, ms. */
  at: number;
}

/** A press on a button of a card. `inputs` come from outside and are parsed before use. */
export interface IncomingAction {
  kind: "action";
  id: string;
  spaceId: string;
  personId: string;
  messageId: string;
  inputs: Readonly<Record<string, unknown>>;
  at: number;
}

export type Incoming = IncomingMessage | IncomingAction;
