import type { Decision, Moment } from "../decision";
import { UserError } from "../errors";
import type { Channel } from "../notify/notification";
import type { Asker, Invitee } from "../notify/outbox-row";
import type { Change } from "./change";
import type { SpaceState } from "./space-state";

const ADD_PATIENCE_MS = 10 * 60_000;
const ADD_PRIORITY = 1;

export interface AddInput {
  invitee: Invitee;
  by: Asker;
  isModerator?: boolean;
  /** How their channels shall be switched, if not as for anybody who comes. */
  channels?: Readonly<Record<Channel, boolean>>;
}

export type AddResult = { kind: "already-there"; name: string } | { kind: "adding"; who: string };

/** Asks Webex to take somebody into the space; what comes of it is a second decision. */
export function requestAdd(
  state: SpaceState,
  input: AddInput,
  at: Moment,
): Decision<Change, AddResult> {
  const { by, ...wanted } = input;
  const { invitee } = wanted;
  const there = state.members.find((member) =>
    invitee.by === "email"
      ? member.email.toLowerCase() === invitee.email.toLowerCase()
      : member.personId === invitee.personId,
  );
  if (there) return { changes: [], result: { kind: "already-there", name: there.name } };
  refuseWhereBotMayNot(state);
  const effect: Change = {
    kind: "effect.queued",
    effect: {
      id: at.newId(),
      effect: { kind: "membership-add", spaceId: state.space.id, ...wanted, asker: by },
      spaceId: state.space.id,
      dueAt: at.now,
      expiresAt: at.now + ADD_PATIENCE_MS,
      priority: ADD_PRIORITY,
    },
  };
  const who = invitee.by === "email" ? invitee.email : invitee.name;
  return { changes: [effect], result: { kind: "adding", who } };
}

/** Throws a `UserError` where Webex would not let the bot add or remove people. */
export function refuseWhereBotMayNot(state: SpaceState): void {
  if (state.space.isModerated && !state.botIsModerator)
    throw new UserError(
      "bot-not-moderator",
      "I may not add or remove people here, because this space is moderated and I am not one of its moderators. Open People, find me in the list, choose Make moderator from the menu beside my name, and try again.",
    );
}
