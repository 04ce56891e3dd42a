import type { AcceptOutcome } from "../grants/accept-grant";
import type { Grant, GrantKind } from "../grants/grant";
import type { GrantRefusal } from "../grants/ports";
import { html, type CallbackAnswer, type Html } from "./callback-page";

/** What came of a return from Webex, or why nothing did. */
export type CallbackOutcome =
  | AcceptOutcome
  /** Something is missing in the address, there twice, or too long. */
  | { kind: "incomplete" }
  | { kind: "not-configured" }
  /** A fault of ours. */
  | { kind: "broken" };

/** What the page says: to every outcome its own sentence, and what to do next. */
export function answerOf(outcome: CallbackOutcome, bot: string): CallbackAnswer {
  switch (outcome.kind) {
    case "granted":
      return outcome.grant.kind === "directory"
        ? directoryGranted(outcome.grant, bot)
        : meetingsGranted(outcome.grant, bot);
    case "refused":
      return refused(outcome.refusal, { bot, again: askAgain(outcome.asked.kind, bot) });
    case "used":
      return used({ bot, again: askAgain(outcome.grant, bot) });
    default:
      return answers[outcome.kind](bot);
  }
}

type Named = Exclude<CallbackOutcome["kind"], "granted" | "refused" | "used">;

const answers: Readonly<Record<Named, (bot: string) => CallbackAnswer>> = {
  unknown: (bot) =>
    bad(404, "This link is not known", {
      why: html`${bot} did not make it, or made it more than a day ago.`,
      next: askForEither(bot),
    }),
  "not-ready": (bot) =>
    bad(503, "Please try again in a minute", {
      why: html`${bot} is just starting or stopping. Your link was not used up.`,
      next: html`Wait a minute and load this page again.`,
    }),
  incomplete: (bot) =>
    bad(400, "Something is missing here", {
      why: html`Webex sends you to this page after you agreed to something there. Opened in any
      other way, or with a part of the address missing, it does nothing.`,
      next: askForEither(bot),
    }),
  "not-configured": (bot) =>
    bad(404, "This is not set up", {
      why: html`${bot} runs without an integration with Webex, so it cannot be authorised.`,
      next: html`Ask whoever runs the server of ${bot} to register an integration and to set
        <code>CLIENT_ID</code> and <code>CLIENT_SECRET</code>.`,
    }),
  broken: (bot) =>
    bad(500, "Something went wrong", {
      why: html`The fault lies with ${bot}, and its log has the details. Nothing of what Webex gave
      was kept.`,
      next: html`${askForEither(bot)} If this comes back, tell whoever runs the server.`,
    }),
};

/** How the bot is called, and how a new link is asked for. */
interface Words {
  bot: string;
  again: Html;
}

function used({ again, bot }: Words): CallbackAnswer {
  return bad(410, "This link was used already", {
    why: html`A link works once. ${bot} has told what came of it in a direct message to whoever
    asked for it.`,
    next: html`If you need a new one, ${again}`,
  });
}

function directoryGranted({ personName }: Grant, bot: string): CallbackAnswer {
  return {
    status: 200,
    look: "good",
    title: "The directory is connected",
    says: [
      html`Thank you, ${personName}. ${bot} now reads the people of your organisation and tells you
      in a direct message when it is done.`,
    ],
    next: html`You can close this page. To take this back, send <code>revoke</code> to ${bot} in a
      direct message.`,
  };
}

function meetingsGranted({ isLent, personName }: Grant, bot: string): CallbackAnswer {
  const whose = isLent
    ? html`It also does so for incidents that others start in spaces that you moderate.`
    : html`It does so only for incidents that you start yourself.`;
  return {
    status: 200,
    look: "good",
    title: "Your meetings are connected",
    says: [
      html`Thank you, ${personName}. ${bot} can now open the meeting of an incident’s space in your
      name. ${whose}`,
    ],
    next: html`You can close this page. To take this back, send <code>revoke meetings</code> to
      ${bot} in a direct message.`,
  };
}

function refused(refusal: GrantRefusal, words: Words): CallbackAnswer {
  switch (refusal.why) {
    case "webex-error":
      return webexError(refusal.error, words);
    case "other-person":
      return otherPerson(refusal.openedBy, words);
    case "missing-scope":
      return missingScope(refusal.missing, words);
    default:
      return refusals[refusal.why](words);
  }
}

function webexError(error: string, { again, bot }: Words): CallbackAnswer {
  return bad(502, "Webex did not let you through", {
    why: html`Its page ended with the error <code>${error}</code>. ${hintOf(error)}`,
    next: html`Ask whoever runs the server of ${bot} to look at the integration. After that,
    ${again}`,
  });
}

function otherPerson(openedBy: string, { again, bot }: Words): CallbackAnswer {
  return bad(403, "This link is for somebody else", {
    why: html`You are signed in to Webex as ${openedBy}, who did not ask ${bot} for this link. What
    Webex gave was thrown away.`,
    next: html`If you asked for it with another account, sign out of Webex in this browser and
    ${again} Otherwise close this page.`,
  });
}

function missingScope(missing: readonly string[], { again, bot }: Words): CallbackAnswer {
  return bad(403, "Webex did not give every right", {
    why: html`${missingOf(missing)} What it gave was thrown away.`,
    next: html`Ask whoever runs the server of ${bot} to add what is missing to the scopes of the
    integration at Webex. After that, ${again}`,
  });
}

type PlainRefusal = Exclude<GrantRefusal["why"], "webex-error" | "other-person" | "missing-scope">;

const refusals: Readonly<Record<PlainRefusal, (words: Words) => CallbackAnswer>> = {
  cancelled: ({ again, bot }) =>
    bad(403, "You declined", {
      why: html`Nothing was changed, and ${bot} got no access to anything.`,
      next: html`If you change your mind, ${again}`,
    }),
  expired: ({ again }) =>
    bad(410, "This link is too old", {
      why: html`A link is good for ten minutes.`,
      next: html`For a new link, ${again}`,
    }),
  client: ({ again, bot }) =>
    bad(502, "The integration is not set up right", {
      why: html`Webex does not accept the credentials that ${bot} has for its integration. Nothing
      you did is wrong.`,
      next: html`Ask whoever runs the server of ${bot} to set <code>CLIENT_ID</code> and
        <code>CLIENT_SECRET</code> to what the integration’s page shows. After that, ${again}`,
    }),
  code: ({ again }) =>
    bad(410, "Webex does not accept this any more", {
      why: html`The one-time code that Webex gave you is used up or too old.`,
      next: html`For a new link, ${again}`,
    }),
  "other-organisation": ({ again, bot }) =>
    bad(403, "You belong to another organisation", {
      why: html`${bot} serves one organisation, and the account with which you are signed in to
      Webex is not part of it. What Webex gave was thrown away.`,
      next: html`If you have an account there, sign out of Webex in this browser and ${again}
      Otherwise close this page.`,
    }),
  "not-admin": ({ bot }) =>
    bad(403, "You are not an administrator", {
      why: html`Webex does not let your account list the people of the organisation. What it gave
      was thrown away.`,
      next: html`An administrator of your organisation, in Webex Control Hub, can send
        <code>authorize</code> to ${bot} instead.`,
    }),
  unreachable: ({ again, bot }) =>
    bad(502, "Webex did not answer", {
      why: html`${bot} could not check with Webex what you agreed to, so it kept nothing.`,
      next: html`In a few minutes, ${again}`,
    }),
};

function bad(
  status: number,
  title: string,
  { next, why }: { why: Html; next: Html },
): CallbackAnswer {
  return { status, look: "bad", title, says: [why], next };
}

function hintOf(error: string): Html {
  return error === "invalid_scope"
    ? html`The integration does not have all the scopes that are asked for.`
    : html`Nothing was changed.`;
}

function missingOf(scopes: readonly string[]): Html {
  return scopes.length === 0
    ? html`A right that was asked for is missing.`
    : html`Missing: ${scopes.map((scope) => html`<code>${scope}</code>`).reduce(joined)}.`;
}

function joined(before: Html, after: Html): Html {
  return html`${before}, ${after}`;
}

function askAgain(kind: GrantKind, bot: string): Html {
  const command =
    kind === "directory" ? html`<code>authorize</code>` : html`<code>authorize meetings</code>`;
  return html`send ${command} to ${bot} in a direct message.`;
}

function askForEither(bot: string): Html {
  return html`For a new link, send <code>authorize</code> or <code>authorize meetings</code> to
    ${bot} in a direct message.`;
}
