import { z } from "zod";
import { UserError } from "../errors";
import type { CardKind } from "../notify/change";
import { oneLine } from "../one-line";
import { add, addExisting, offerAdd } from "./add-commands";
import { answerChosen, answerOnCard } from "./answer-commands";
import { answerForChosen, markNamed } from "./answer-for";
import { refreshDirectory } from "./directory-command";
import { offerExternalForm, saveExternal } from "./external-commands";
import { askToDelete, deleteNow, keep, offerEdit } from "./external-edits";
import { addChosen, turnPage } from "./externals-list";
import { newLink, revokeDirectory } from "./grant-commands";
import { readiness, status } from "./info-commands";
import { pickChosen } from "./pick";
import { remindAll, remindChosen, remindNamed, sendNow } from "./remind-commands";
import { removeChosen, switchChosen } from "./roster-commands";
import { showEverybody, showPage } from "./roster-list";
import { joinChosen, turnSpacesPage } from "./spaces-commands";
import { offerStartForm, rename, start, startWithTeam, submitStartForm } from "./start-commands";
import { admitAll } from "./lobby";
import { askToStop, cancelStop, stop } from "./stop-commands";
import { cancelImport, confirmImport } from "./transfer-commands";
import { tellDetails } from "./tell-commands";
import { offerTextForm, submitTextForm } from "./text-form";
import type { Turn } from "./turn";
import { MOST_PICKS } from "./views/pick";
import { choosePerson, formExpired } from "./views/sentences";
import type { CardAction, Who } from "./table";

function action<Input>(
  name: string,
  who: Who,
  on: readonly CardKind[],
  schema: z.ZodType<Input>,
  run: (turn: Turn, input: Input) => Promise<void>,
): CardAction {
  return {
    name,
    who,
    on,
    run: (turn, inputs) => {
      const parsed = schema.safeParse(inputs);
      if (!parsed.success) throw new UserError("press-malformed", formExpired());
      return run(turn, parsed.data);
    },
  };
}

const MAX_INPUT = 1_000;
/** A field: one line, without what PostgreSQL cannot keep and nobody can see. */
const text = z.string().max(MAX_INPUT).transform(oneLine);
/** Longer than any that is sent, so that what is too long is told so. */
const MOST_MESSAGE = 7_000;
const nothing = z.object({});
const MOST_PAGES = 1_000_000;
/** Of the list of externals; a list without a choice says "". */
const chosenExternal = z
  .object({ responder: z.string().max(64).optional() })
  .transform(({ responder }) => ({ responder: responder === "" ? undefined : responder }));
const chosenSpace = z
  .object({ space: z.string().max(200).optional() })
  .transform(({ space }) => ({ space: space === "" ? undefined : space }));
const MOST_CHOSEN = 200;
/** Webex joins several choices with commas, which no id has. */
function several(most: number, idLength: number) {
  return z
    .string()
    .max(most * (idLength + 1))
    .default("")
    .transform((joined) => [...new Set(joined.split(",").map((part) => part.trim()))])
    .transform((ids) => ids.filter((part) => part !== ""))
    .pipe(z.array(z.string().max(idLength)).max(most));
}
const responders = several(MOST_CHOSEN, 64);
const chosen = z.object({ responders });
/** On a card to choose from: responders, and people by their Webex id. */
const picked = z.object({ responders: several(MOST_PICKS, 200) });

/** The one table of what can be pressed. */
export const cardActions: readonly CardAction[] = [
  action("incident.status", "anyone", ["help"], nothing, (turn) => status(turn)),
  action("incident.ready", "anyone", ["help", "ready", "status"], nothing, readiness),
  action("incident.start-form", "moderator", ["help", "status"], nothing, (turn) =>
    offerStartForm(turn),
  ),
  action(
    "incident.start",
    "moderator",
    ["start-form"],
    z.object({ name: text.default("") }),
    (turn, { name }) => submitStartForm(turn, name),
  ),
  action("incident.start-alone", "moderator", ["notice"], nothing, (turn) => startAlone(turn)),
  action("incident.start-team", "moderator", ["notice"], nothing, (turn) =>
    startWithTeam(turn, nameToStart(turn)),
  ),
  action("incident.stop-form", "moderator", ["help", "status"], nothing, askToStop),
  action(
    "incident.stop",
    "moderator",
    ["stop-confirm"],
    z.object({ people: z.enum(["remove", "keep"]) }),
    (turn, { people }) => stop(turn, people === "remove"),
  ),
  action("incident.stop-cancel", "moderator", ["stop-confirm"], nothing, cancelStop),
  action(
    "incident.rename",
    "moderator",
    ["notice"],
    z.object({ name: text.default("") }),
    (turn, { name }) => rename(turn, name),
  ),
  action("incident.remind", "moderator", ["status", "roster", "notice"], chosen, (turn, input) =>
    turn.card?.kind === "notice"
      ? remindNamed(turn, respondersOf(turn))
      : remindChosen(turn, input.responders),
  ),
  action("incident.remind-all", "moderator", ["notice"], nothing, remindAll),
  action(
    "incident.send-now",
    "moderator",
    ["notice"],
    z.object({ channel: z.enum(["sms", "voice"]) }),
    (turn, { channel }) => sendNow(turn, respondersOf(turn), channel),
  ),
  action("answer.coming", "responder", ["invite", "told"], nothing, (turn) =>
    answerOnCard(turn, "coming"),
  ),
  action("answer.declined", "responder", ["invite", "told"], nothing, (turn) =>
    answerOnCard(turn, "declined"),
  ),
  action(
    "answer.choose",
    "responder",
    ["notice"],
    z.object({ answer: z.enum(["coming", "declined"]), incident: z.number().int() }),
    (turn, { answer, incident }) => answerChosen(turn, answer, incident),
  ),
  action("answer.mark", "moderator", ["status", "roster", "notice"], chosen, (turn, input) =>
    turn.card?.kind === "notice"
      ? markNamed(turn, respondersOf(turn))
      : answerForChosen(turn, "coming", input.responders),
  ),
  action("incident.text-form", "moderator", ["notice"], nothing, (turn) =>
    offerTextForm(turn, respondersOf(turn)),
  ),
  action(
    "incident.text",
    "moderator",
    ["text-form"],
    z.object({
      responder: z.string().max(64).default(""),
      message: z.string().max(MOST_MESSAGE).default("").transform(oneLine),
    }),
    submitTextForm,
  ),
  action("incident.admit", "moderator", ["notice"], nothing, (turn) => admitAll(turn)),
  action("incident.tell-details", "moderator", ["notice"], nothing, tellDetails),
  action("roster.all", "moderator", ["status"], nothing, (turn) => showEverybody(turn)),
  action(
    "roster.page",
    "moderator",
    ["roster"],
    z.object({ page: z.number().int().min(0).max(MOST_PAGES) }),
    (turn, { page }) => showPage(turn, page),
  ),
  action("roster.add-form", "moderator", ["status"], nothing, offerAdd),
  action(
    "roster.add",
    "moderator",
    ["notice"],
    z.object({ who: text.default("") }),
    (turn, { who }) => add(turn, who),
  ),
  action("roster.add-existing", "moderator", ["notice"], nothing, addExisting),
  action("roster.pick", "moderator", ["pick"], picked, (turn, input) =>
    pickChosen(turn, input.responders),
  ),
  action("roster.remove", "moderator", ["status", "roster"], chosen, (turn, input) =>
    removeChosen(turn, input.responders),
  ),
  action(
    "roster.switch",
    "moderator",
    ["status", "roster"],
    z.object({ responders, channel: z.enum(["sms", "voice"]), on: z.boolean() }),
    (turn, { channel, on, responders: ids }) => switchChosen(turn, { ids, channel, on }),
  ),
  action("roster.external-form", "moderator", ["help", "notice", "pick"], nothing, (turn) =>
    offerExternalForm(turn, nameLookedFor(turn)),
  ),
  action(
    "roster.save-external",
    "keeper",
    ["external-form"],
    z.object({
      name: text.default(""),
      mobile: text.default(""),
      voice: text.default(""),
      email: text.default(""),
      language: text.default(""),
      addHere: z.boolean(),
    }),
    (turn, { addHere, ...values }) => saveExternal(turn, values, addHere),
  ),
  action(
    "roster.externals-page",
    "keeper",
    ["externals"],
    z.object({ page: z.number().int().min(0).max(MOST_PAGES) }),
    (turn, { page }) => turnPage(turn, page),
  ),
  action(
    "roster.add-external-here",
    "keeper",
    ["externals"],
    chosenExternal,
    (turn, { responder }) => addChosen(turn, responder),
  ),
  action(
    "roster.edit-external",
    "keeper",
    ["externals", "notice"],
    chosenExternal,
    (turn, { responder }) => offerEdit(turn, responder),
  ),
  action("roster.delete-external", "keeper", ["externals"], chosenExternal, (turn, { responder }) =>
    askToDelete(turn, responder),
  ),
  action(
    "roster.spaces-page",
    "anyone",
    ["spaces"],
    z.object({ page: z.number().int().min(0).max(MOST_PAGES) }),
    (turn, { page }) => turnSpacesPage(turn, page),
  ),
  action("roster.join-space", "operator", ["spaces"], chosenSpace, (turn, { space }) =>
    joinChosen(turn, space),
  ),
  action("roster.delete-external-now", "keeper", ["notice"], nothing, deleteNow),
  action("roster.keep-external", "keeper", ["notice"], nothing, keep),
  action("roster.import", "keeper", ["notice"], nothing, confirmImport),
  action("roster.import-cancel", "keeper", ["notice"], nothing, cancelImport),
  action(
    "grants.new-link",
    "anyone",
    ["authorize", "directory", "help", "notice"],
    nothing,
    newLink,
  ),
  action("grants.revoke", "admin", ["directory"], nothing, (turn) => revokeDirectory(turn)),
  action("directory.refresh", "admin", ["directory"], nothing, (turn) => refreshDirectory(turn)),
];

function startAlone(turn: Turn): Promise<void> {
  return start(turn, nameToStart(turn), true);
}

function nameToStart({ card }: Turn): string {
  const { name } = card?.payload ?? {};
  if (typeof name !== "string") throw new UserError("card-unknown", formExpired());
  return name;
}

function respondersOf(turn: Turn): string[] {
  const { responderIds } = turn.card?.payload ?? {};
  const ids = z.array(z.string()).safeParse(responderIds);
  if (!ids.success) throw new UserError("who-missing", choosePerson());
  return ids.data;
}

/** The name that was looked for when nobody was found, for the form. */
function nameLookedFor({ card }: Turn): string | undefined {
  const { who } = card?.payload ?? {};
  return typeof who === "string" && /\p{L}/u.test(who) && !who.includes("@") ? who : undefined;
}
