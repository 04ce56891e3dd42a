import { z } from "zod";
import { UserError } from "../errors";
import { grantKinds, type GrantKind } from "../grants/grant";
import { tellGiver } from "./announce-grants";
import { aboutGrants, directoryGrantIn } from "./directory-command";
import { aboutNewLink, askForLinks } from "./grant-links";
import { cardDirectly, replyText } from "./replies";
import type { Turn } from "./turn";
import { authorize } from "./views/authorize";
import {
  authorizeUsage,
  directoryRevoked,
  grantedAlready,
  meetingsRevoked,
  noIntegration,
  noMeetingsGrant,
  onlyForModerators,
  revokeUsage,
  yourGrantRevoked,
} from "./views/grant-sentences";
import { formExpired } from "./views/sentences";

/** `authorize`: whoever asks; on the way back from Webex it turns out whether they are an administrator. */
export async function authorizeDirectory(turn: Turn, rest: string): Promise<void> {
  if (rest !== "") throw new UserError("authorize-usage", authorizeUsage());
  await offerLinks(turn, "directory");
}

/** `authorize meetings`: of no use to who moderates nothing. */
export async function authorizeMeetings(turn: Turn, rest = ""): Promise<void> {
  if (rest !== "") throw new UserError("authorize-usage", authorizeUsage());
  const { actor, tools } = turn;
  if (!actor.isOperator && !(await tools.moderatesAny(actor.personId)))
    throw new UserError("not-moderator-anywhere", onlyForModerators());
  await offerLinks(turn, "meetings");
}

const wanted = z.object({ kind: z.enum(grantKinds) });

/** New link, on whichever card asks for a grant. */
export async function newLink(turn: Turn): Promise<void> {
  const parsed = wanted.safeParse(turn.card?.payload);
  if (!parsed.success) throw new UserError("card-unknown", formExpired());
  const { kind } = parsed.data;
  await (kind === "meetings" ? authorizeMeetings(turn) : offerLinks(turn, kind));
}

async function offerLinks(turn: Turn, kind: GrantKind): Promise<void> {
  const { decisions, grants } = turn.tools;
  const { integration } = grants;
  if (!integration) throw new UserError("no-integration", noIntegration());
  await decisions.forGrants(turn.trigger, aboutGrants(turn), (state, at) => {
    const known = state[kind];
    const { personId } = turn.actor;
    const remark = known && {
      text: grantedAlready(known, at.now, personId),
      color: "accent" as const,
    };
    const asked = askForLinks(integration, { ...turn.actor, kind }, at);
    const view = (cardId: string) =>
      authorize({ cardId, kind, now: at.now, ...asked, ...(remark ? { remark } : {}) });
    const card = cardDirectly(turn, "authorize", view, at, aboutNewLink(kind));
    return { changes: [...asked.changes, ...card], result: undefined };
  });
}

/** `revoke`: the grant and what was read with it are deleted; who gave it is told. */
export async function revokeDirectory(turn: Turn, rest = ""): Promise<void> {
  if (rest !== "") throw new UserError("revoke-usage", revokeUsage());
  await turn.tools.decisions.forGrants(turn.trigger, aboutGrants(turn), (state, at) => {
    const grant = directoryGrantIn(state, turn);
    const answer = directoryRevoked(grant, state.status.counts?.people, turn.actor.personId);
    return {
      changes: [
        { kind: "grant.revoked", grantId: grant.id },
        { kind: "directory.unwanted" },
        { kind: "own-event.queued", event: { kind: "clear-directory" }, at: at.now },
        replyText(turn, answer, at),
        ...tellGiver(grant, turn.actor.personId, yourGrantRevoked(turn.actor.name), at),
      ],
      result: undefined,
    };
  });
}

/** `revoke meetings`: everybody their own. */
export async function revokeMeetings(turn: Turn, rest: string): Promise<void> {
  if (rest !== "") throw new UserError("revoke-usage", revokeUsage());
  await turn.tools.decisions.forGrants(turn.trigger, aboutGrants(turn), (state, at) => {
    const { meetings } = state;
    if (!meetings) throw new UserError("no-meetings-grant", noMeetingsGrant());
    return {
      changes: [
        { kind: "grant.revoked", grantId: meetings.id },
        replyText(turn, meetingsRevoked(), at),
      ],
      result: undefined,
    };
  });
}
