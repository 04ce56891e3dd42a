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
  /** Where the files that came with it can be downloaded. */
  files?: readonly string[];
  /** When it was written, ms. */
  at: number;
}

/**
 * A file that came with a message. elsewhere: its address is none of Webex's. gone: Webex has it no
 * more, or does not show it to the bot. infected, unscannable: what Webex says of its contents.
 */
export type AttachedFile =
  | { kind: "file"; name: string; type: string; content: Uint8Array }
  | { kind: "refused"; reason: "elsewhere" | "gone" | "infected" | "too-large" | "unscannable" };

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
