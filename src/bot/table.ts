import { z } from "zod";
import { UserError } from "../errors";
import type { CardKind } from "../notify/change";
import { oneLine } from "../one-line";
import { offerExternalForm, saveExternal } from "./external-commands";
import { bridge, helpDirectly, helpInSpace, readiness, status } from "./info-commands";
import { remindAll, remindByName, remindChosen, sendNow } from "./remind-commands";
import {
  add,
  addExisting,
  offerAdd,
  removeByName,
  removeChosen,
  switchByName,
  switchChosen,
} from "./roster-commands";
import { offerStartForm, rename, start, submitStartForm } from "./start-commands";
import { askToStop, cancelStop, stop } from "./stop-commands";
import type { Turn } from "./turn";
import { choosePerson, formExpired } from "./views/sentences";

/**
 * Who may do it. anyone: people of the organisation who are in the space. moderator: its moderators,
 * and operators. keeper: who looks after all externals, in a direct message; an operator where there
 * are operators, else who moderates a space of the organisation.
 */
export type Who = "anyone" | "moderator" | "keeper";

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
const id = z.string().max(64);
/** Webex joins several choices with commas; here one can be chosen. */
const chosen = z
  .object({ responder: id.optional() })
  .transform(({ responder }) => ({ responder: responder === "" ? undefined : responder }));

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
  action("incident.remind", "moderator", ["status"], chosen, (turn, { responder }) =>
    remindChosen(turn, responder),
  ),
  action("incident.remind-all", "moderator", ["notice"], nothing, remindAll),
  action(
    "incident.send-now",
    "moderator",
    ["notice"],
    z.object({ channel: z.enum(["sms", "voice"]) }),
    (turn, { channel }) => sendNow(turn, responderOf(turn), channel),
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
  action("roster.remove", "moderator", ["status"], chosen, (turn, { responder }) =>
    removeChosen(turn, responder),
  ),
  action(
    "roster.switch",
    "moderator",
    ["status"],
    z.object({
      responder: id.optional(),
      channel: z.enum(["sms", "voice"]),
      on: z.boolean(),
    }),
    (turn, input) =>
      switchChosen(turn, {
        ...input,
        responder: input.responder === "" ? undefined : input.responder,
      }),
  ),
  action("roster.external-form", "moderator", ["help", "notice"], nothing, (turn) =>
    offerExternalForm(turn),
  ),
  action(
    "roster.save-external",
    "moderator",
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
];

function startAlone(turn: Turn): Promise<void> {
  const { name } = turn.card?.payload ?? {};
  if (typeof name !== "string") throw new UserError("card-unknown", formExpired());
  return start(turn, name, true);
}

function responderOf(turn: Turn): string {
  const { responderId } = turn.card?.payload ?? {};
  if (typeof responderId !== "string") throw new UserError("who-missing", choosePerson());
  return responderId;
}

/** A command that was too old when it was read, and is wanted all the same. */
export const DO_NOW = "bot.do-now";
/** A command as it was probably meant. */
export const RUN_SUGGESTION = "bot.run";
