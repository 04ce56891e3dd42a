import type { GrantRefusal, GrantWish } from "../../grants/ports";
import { nameList, shown } from "./text";

const NOTHING_KEPT = "I kept nothing of what Webex gave.";

/** To who asked and came back without having given a grant: why, and what to do next. */
export function refused({ kind }: Pick<GrantWish, "kind">, refusal: GrantRefusal): string {
  switch (refusal.why) {
    case "webex-error":
      return webexError(refusal.error);
    case "other-person":
      return (
        `Somebody else, ${shown(refusal.openedBy, 60)}, signed in with your link. ${NOTHING_KEPT} ` +
        "Sign out of Webex in that browser, and open a new link with your own account."
      );
    case "missing-scope":
      return missingScope(kind, refusal.missing);
    default:
      return sentences[refusal.why];
  }
}

const sentences: Readonly<
  Record<Exclude<GrantRefusal["why"], "webex-error" | "other-person" | "missing-scope">, string>
> = {
  cancelled:
    "You did not allow it at Webex, so I got nothing. If that was a mistake, take a new link.",
  expired: "The link was too old: it works for ten minutes. I got nothing. Take a new link.",
  client:
    "Webex does not accept this server's CLIENT_ID or CLIENT_SECRET, so I got nothing. Whoever " +
    "runs the server has to correct them; take a new link after that. Incidents work without it.",
  code:
    "The one-time code that Webex gave you was used up or too old, so I got nothing. Take a new " +
    "link.",
  "other-organisation":
    "Your link was opened with an account of another organisation than the one that runs me. " +
    `${NOTHING_KEPT} If that was you, sign out of Webex in that browser, and open a new link with ` +
    "your account here.",
  "not-admin":
    `Webex does not let your account list the people of your organisation. ${NOTHING_KEPT} ` +
    "Ask an administrator to write **authorize** to me.",
  unreachable:
    "Webex could not be reached when you came back, so I got nothing. Take a new link in a few " +
    "minutes.",
};

/** By OAuth's words for what passes by itself. */
const PASSING = ["server_error", "temporarily_unavailable"];

function webexError(error: string): string {
  if (PASSING.includes(error))
    return "Webex could not do it just now, so I got nothing. Take a new link and try again in a few minutes.";
  return (
    `Webex refused with “${shown(error, 60)}”, so I got nothing. Whoever runs the server ` +
    "has to look at the integration's scopes and redirect address; take a new link after that."
  );
}

function missingScope(kind: GrantWish["kind"], missing: readonly string[]): string {
  const which = missing.length === 0 ? "" : `: ${nameList(missing)}`;
  const account = kind === "directory" ? ", or your account is no administrator's" : "";
  return (
    `Webex left out a right that I need${which}. ${NOTHING_KEPT} The integration does not have ` +
    `it${account}. Whoever runs the server can add it to the integration; take a new link after that.`
  );
}
