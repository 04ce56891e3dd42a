import {
  ANA,
  BEN,
  CARLA,
  DEV,
  farid,
  greta,
  hugo,
  iris,
  standings,
  type Step,
  toldAfter,
} from "./demo-cast";
import { compareStandings } from "./demo-check";
import type { Play, Stage } from "./demo-stage";

/** The default of VOICE_AFTER_SMS_SECONDS, and one more. */
const CALL_AFTER_TEXT_MS = 16_000;
/** What the network takes to say that a text has arrived, and more. */
const RECEIPT_AFTER_MS = 10_000;
/** Longer than a phone rings, or anybody talks to a machine. */
const CALLS_OVER_MS = 60_000;
/** The default of RENOTIFY_MINUTES: from one text to the next. */
const REMINDER_AFTER_MS = 5 * 60_000;

/** People answer on whichever way they were told. */
export async function answer({ sandbox, stage, printer }: Play): Promise<void> {
  printer.heading("4  People answer: by a button, by text, by a key, and one with STOP");
  const { phones } = sandbox;
  const wanted = /^You are needed/;
  stage.press(await stage.directMessage(BEN, wanted), /^On my way$/, { person: BEN });
  stage.press(await stage.directMessage(CARLA, wanted), /^Can't join$/, { person: CARLA });
  await stage.texted(farid.mobile, /Reply Y1 if you are coming/);
  phones.sendText(farid.mobile, "Y1");
  phones.sendText(iris.mobile, "STOP");
  phones.answer(greta.voice);
  await stage.hears(greta.voice, /Press 1 if you are coming/);
  phones.press(greta.voice, "1");
  await stage.hears(greta.voice, /You are down as coming/);
  await stage.everyoneTold(toldAfter("answers"));
  await callAfterText(stage, "callAfterText");
  await stage.untilStatus((card) => (/\b4 coming\b/.test(card) ? [] : ["expected 4 coming"]));
}

/** Who has said nothing is reminded twice, then their starter hears of it. */
export async function remindByItself({ stage, printer }: Play): Promise<void> {
  printer.heading("5  Who has said nothing is reminded by itself, twice");
  await remindersAreDue(stage);
  await stage.everyoneTold(toldAfter("firstReminder"));
  await callAfterText(stage, "callAfterFirstReminder");
  const reminder = await stage.directMessage(DEV, /^Reminder/);
  stage.press(reminder, /^On my way$/, { person: DEV });
  await stage.everyoneTold(toldAfter("devAnswers"));
  await remindersAreDue(stage);
  await stage.everyoneTold(toldAfter("secondReminder"));
  await callAfterText(stage, "callAfterSecondReminder");
}

/** The call that follows a text is made, and is over. */
async function callAfterText(stage: Stage, step: Step): Promise<void> {
  await stage.pass(CALL_AFTER_TEXT_MS);
  await stage.everyoneTold(toldAfter(step));
  await stage.pass(CALLS_OVER_MS);
}

async function remindersAreDue(stage: Stage): Promise<void> {
  await stage.pass(REMINDER_AFTER_MS - CALL_AFTER_TEXT_MS - CALLS_OVER_MS);
}

/** A moderator writes to who is silent, and a phone into the space. */
export async function textAndTalk({ sandbox, stage, printer }: Play): Promise<void> {
  printer.heading("6  One is still silent: a text to him, and one from a phone into the space");
  const silent = /no answer from Hugo Weber, Iris Moreau; I remind nobody any more/;
  const note = await stage.spaceMessage(silent);
  stage.press(note, /^Text$/);
  const form = await stage.spaceMessage(/^Text somebody/);
  // Who replied STOP cannot be chosen, so that the one who is left is chosen already.
  stage.press(form, /^Send text$/, { inputs: { message: "please call Ana" } });
  await stage.texted(hugo.mobile, /please call Ana/);
  sandbox.phones.sendText(farid.mobile, "On the train, there in ten minutes");
  await stage.spaceMessage(/^Farid Haddad, by SMS: On the train/);
  await stage.everyoneTold(toldAfter("textToOne"));
  await stage.pass(RECEIPT_AFTER_MS);
  await stage.untilStatus((card) => compareStandings(standings, card));
  await stage.directMessage(ANA, silent);
}
