import { z } from "zod";
import { UserError } from "../errors";
import type { CardKind } from "../notify/change";
import { oneLine } from "../one-line";
import { add, addExisting, offerAdd } from "./add-commands";
import { offerExternalForm, saveExternal } from "./external-commands";
import { askToDelete, deleteNow, keep, offerEdit } from "./external-edits";
import { addChosen, listExternals, turnPage } from "./externals-list";
import { bridge, helpDirectly, helpInSpace, readiness, status } from "./info-commands";
import { pickChosen } from "./pick";
import { remindAll, remindByName, remindChosen, sendNow } from "./remind-commands";
import { removeByName, removeChosen, switchByName, switchChosen } from "./roster-commands";
import { showEverybody, showPage } from "./roster-list";
import { joinChosen, listSpaces, turnSpacesPage } from "./spaces-commands";
import { offerStartForm, rename, start, startWithTeam, submitStartForm } from "./start-commands";
import { askToStop, cancelStop, stop } from "./stop-commands";
import {
  cancelImport,
  confirmImport,
  exportList,
  importList,
  sendContact,
} from "./transfer-commands";
import { team } from "./team-commands";
import type { Turn } from "./turn";
import { choosePerson, formExpired } from "./views/sentences";

/**
 * Who may do it. anyone: people of the organisation who are in the space. moderator: its moderators,
 * and operators. keeper: who looks after all externals, in a direct message; an operator where there
 * are operators, else who moderates a space of the organisation; on a card that was asked for in a
 * space, the moderators of that space. operator: members of the operators' space.
 */
export type Who = "anyone" | "moderator" | "keeper" | "operator";

export interface Command {
  verb: string;
  /** The ways to write it; aliases of first words are known to the parser. */
  words: readonly (readonly string[])[];
  where: "space" | "direct";
  who: Who;
  run(turn: Turn, rest: string): Promise<void>;
}

/** The one table of what can be written to the bot. */
export const commands: readonly Command[] = [
  {
    verb: "help",
    words: [["help"]],
    where: "space",
    who: "anyone",
    run: (turn) => helpInSpace(turn),
  },
  {
    verb: "help",
    words: [["help"]],
    where: "direct",
    who: "anyone",
    run: (turn) => helpDirectly(turn),
  },
  {
    verb: "status",
    words: [["status"]],
    where: "space",
    who: "anyone",
    run: (turn) => status(turn),
  },
  {
    verb: "ready",
    words: [["ready"]],
    where: "space",
    who: "anyone",
    run: (turn) => readiness(turn),
  },
  {
    verb: "start",
    words: [["start", "incident"]],
    where: "space",
    who: "moderator",
    run: (turn, rest) => start(turn, rest),
  },
  {
    verb: "stop",
    words: [["stop", "incident"]],
    where: "space",
    who: "moderator",
    run: (turn) => askToStop(turn),
  },
  {
    verb: "rename",
    words: [["rename", "incident"]],
    where: "space",
    who: "moderator",
    run: (turn, rest) => rename(turn, rest),
  },
  {
    verb: "remind",
    words: [["remind"]],
    where: "space",
    who: "moderator",
    run: (turn, rest) => remindByName(turn, rest),
  },
  {
    verb: "add external",
    words: [["add", "external"]],
    where: "space",
    who: "moderator",
    run: (turn, rest) => offerExternalForm(turn, rest),
  },
  {
    verb: "add external",
    words: [["add", "external"]],
    where: "direct",
    who: "keeper",
    run: (turn, rest) => offerExternalForm(turn, rest),
  },
  {
    verb: "externals",
    words: [["externals"]],
    where: "space",
    who: "moderator",
    run: (turn, rest) => listExternals(turn, rest),
  },
  {
    verb: "externals",
    words: [["externals"]],
    where: "direct",
    who: "keeper",
    run: (turn, rest) => listExternals(turn, rest),
  },
  {
    verb: "add",
    words: [["add"]],
    where: "space",
    who: "moderator",
    run: (turn, rest) => add(turn, rest),
  },
  {
    verb: "remove",
    words: [["remove"]],
    where: "space",
    who: "moderator",
    run: (turn, rest) => removeByName(turn, rest),
  },
  {
    verb: "team",
    words: [["team"]],
    where: "space",
    who: "moderator",
    run: (turn, rest) => team(turn, rest),
  },
  {
    verb: "spaces",
    words: [["spaces"]],
    where: "direct",
    who: "anyone",
    run: (turn) => listSpaces(turn),
  },
  {
    verb: "sms",
    words: [["sms"]],
    where: "space",
    who: "moderator",
    run: (turn, rest) => switchByName(turn, "sms", rest),
  },
  {
    verb: "voice",
    words: [["voice"]],
    where: "space",
    who: "moderator",
    run: (turn, rest) => switchByName(turn, "voice", rest),
  },
  {
    verb: "bridge",
    words: [["bridge"]],
    where: "space",
    who: "moderator",
    run: (turn, rest) => bridge(turn, rest),
  },
  {
    verb: "import",
    words: [["import"]],
    where: "direct",
    who: "keeper",
    run: (turn) => importList(turn),
  },
  {
    verb: "export",
    words: [["export"]],
    where: "direct",
    who: "keeper",
    run: (turn) => exportList(turn),
  },
  {
    verb: "contact",
    words: [["contact"]],
    where: "direct",
    who: "anyone",
    run: (turn) => sendContact(turn),
  },
];

export interface CardAction {
  /** `<feature>.<verb>` */
  name: string;
  who: Who;
  /** The cards that have such a button; on any other it is forged. */
  on: readonly CardKind[];
  /** A press without a row is never carried out; this one needs no card that is still open. */
  run(turn: Turn, inputs: unknown): Promise<void>;
}

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
const nothing = z.object({});
const MOST_PAGES = 1_000_000;
/** Of the list of externals; a list without a choice says "". */
const chosenExternal = z
  .object({ responder: z.string().max(64).optional() })
  .transform(({ responder }) => ({ responder: responder === "" ? undefined : responder }));
const chosenSpace = z
  .object({ space: z.string().max(200).optional() })
  .transform(({ space }) => ({ space: space === "" ? undefined : space }));
const id = z.string().max(64);
const MOST_CHOSEN = 200;
/** Webex joins several choices with commas, which no id has. */
const responders = z
  .string()
  .max(MOST_CHOSEN * 65)
  .default("")
  .transform((joined) => [...new Set(joined.split(",").map((one) => one.trim()))])
  .transform((ids) => ids.filter((one) => one !== ""))
  .pipe(z.array(id).max(MOST_CHOSEN));
const chosen = z.object({ responders });

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
  action("incident.remind", "moderator", ["status", "roster"], chosen, (turn, input) =>
    remindChosen(turn, input.responders),
  ),
  action("incident.remind-all", "moderator", ["notice"], nothing, remindAll),
  action(
    "incident.send-now",
    "moderator",
    ["notice"],
    z.object({ channel: z.enum(["sms", "voice"]) }),
    (turn, { channel }) => sendNow(turn, respondersOf(turn), channel),
  ),
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
  action("roster.pick", "moderator", ["pick"], chosen, (turn, input) =>
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

/** A command that was too old when it was read, and is wanted all the same. */
export const DO_NOW = "bot.do-now";
/** A command as it was probably meant. */
export const RUN_SUGGESTION = "bot.run";
