import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import { UserError } from "../errors";
import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import { importExternals } from "../incident/import-externals";
import type { PostedFile } from "../notify/notification";
import { listOf } from "../roster/export-externals";
import { numbersOf } from "../roster/external-fields";
import {
  checkRows,
  compare,
  MOST_PEOPLE,
  readTable,
  type Person,
  type Problem,
  type Row,
} from "../roster/import-externals";
import type { Responder } from "../roster/responder";
import { reply, replyNotice, replyText } from "./replies";
import { useOnce } from "./start-commands";
import { pressedCard, type Turn } from "./turn";
import { vCardOf } from "./vcard";
import { formExpired } from "./views/sentences";
import { people } from "./views/text";
import {
  contactSent,
  everybodyKnown,
  fileRefused,
  howToImport,
  imported,
  importProblems,
  importQuestion,
  listSent,
  nobodyToExport,
  noSenderNumbers,
  numbersTaken,
  nothingImported,
  oneListAtATime,
} from "./views/transfer";

const CONFIRM_MS = 30 * 60_000;
const ROWS_AT_ONCE = 100;
const PAGE = 500;
const MOST_READINGS = 3;

/** `import` with a file: checks the list, and asks before anybody is saved. */
export async function importList(turn: Turn): Promise<void> {
  const { files = [], tools, trigger } = turn;
  const [address] = files;
  if (address === undefined) throw new UserError("list-missing", howToImport());
  if (files.length > 1) throw new UserError("list-several", oneListAtATime(files.length));
  const file = await tools.readFile(address);
  if (file.kind === "refused") throw new UserError(`list-${file.reason}`, fileRefused(file.reason));
  const table = readTable(file.content);
  const checked = await checkAll(table.rows, turn);
  const numbers = checked.people.flatMap(({ external }) => numbersOf(external));
  await tools.decisions.forExternals(trigger, { numbers }, ({ owners }, at) => {
    const { fresh, unchanged, different, problems } = compare(checked.people, owners);
    const all = [...checked.problems, ...problems].sort((one, other) => one.line - other.line);
    const found = {
      list: file.name,
      total: table.rows.length,
      fresh: fresh.length,
      unchanged: unchanged.length,
      different: different.map(({ external }) => external.name),
      problems: all,
      ignored: table.ignored,
      encoding: table.encoding,
      accented: accentedName(fresh),
    };
    if (all.length > 0) return told(turn, importProblems(found), at);
    if (fresh.length === 0) return told(turn, everybodyKnown(found), at);
    return { changes: askToImport(turn, fresh, importQuestion(found), at), result: undefined };
  });
}

/** A hundred lines at once: what else the process does must not wait for the whole list. */
async function checkAll(
  rows: readonly Row[],
  { tools: { dial, languages } }: Turn,
): Promise<{ people: Person[]; problems: Problem[] }> {
  const checked: { people: Person[]; problems: Problem[] } = { people: [], problems: [] };
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    const some = checkRows(rows.slice(start, start + ROWS_AT_ONCE), { dial, languages });
    checked.people.push(...some.people);
    checked.problems.push(...some.problems);
    await setImmediate();
  }
  return checked;
}

/** By which a reader sees whether the file was read in the right way. */
function accentedName(fresh: readonly Person[]): string | undefined {
  return fresh.find(({ external }) => /[^\x20-\x7e]/.test(external.name))?.external.name;
}

function told(turn: Turn, sentence: string, at: Moment): { changes: Change[]; result: undefined } {
  return { changes: [replyText(turn, sentence, at)], result: undefined };
}

/** The card's row keeps, encrypted, who would be saved; only who sent the list may press. */
function askToImport(turn: Turn, fresh: readonly Person[], sentence: string, at: Moment): Change[] {
  return replyNotice(
    turn,
    {
      sentence,
      buttons: [
        { title: `Import ${people(fresh.length)}`, action: "roster.import" },
        { title: "Cancel", action: "roster.import-cancel" },
      ],
    },
    at,
    {
      personId: turn.actor.personId,
      payload: { people: fresh.map(({ external }) => external) },
      lifeMs: CONFIRM_MS,
    },
  );
}

const kept = z.object({
  people: z.array(
    z.object({
      name: z.string(),
      email: z.string().exactOptional(),
      mobile: z.string().exactOptional(),
      voice: z.string().exactOptional(),
      language: z.string().exactOptional(),
    }),
  ),
});

/** Import: everybody of the checked list is saved, or nobody. */
export async function confirmImport(turn: Turn): Promise<void> {
  const list = kept.safeParse(turn.card?.payload);
  if (!list.success) throw new UserError("card-unknown", formExpired());
  const externals = list.data.people;
  const about = { ...pressedCard(turn), numbers: externals.flatMap(numbersOf) };
  await turn.tools.decisions.forExternals(turn.trigger, about, (state, at) => {
    const used = useOnce(turn, state, at);
    const { changes, result } = importExternals(state, externals, at);
    const sentence = result.kind === "saved" ? imported(result.count) : numbersTaken(result.names);
    return { changes: [...used, ...changes, replyText(turn, sentence, at)], result: undefined };
  });
}

export async function cancelImport(turn: Turn): Promise<void> {
  await turn.tools.decisions.forExternals(turn.trigger, pressedCard(turn), (state, at) => ({
    changes: [...useOnce(turn, state, at), replyText(turn, nothingImported(), at)],
    result: undefined,
  }));
}

/** `export`: everybody outside Webex, as a list that `import` takes back. */
export async function exportList(turn: Turn): Promise<void> {
  const everybody = await allExternals(turn);
  await turn.tools.decisions.anywhere(turn.trigger, (_state, at) => {
    if (everybody.length === 0) return told(turn, nobodyToExport(), at);
    const file: PostedFile = {
      name: `externals-${new Date(at.now).toISOString().slice(0, 10)}.csv`,
      type: "text/csv; charset=utf-8",
      content: listOf(everybody),
    };
    const markdown = listSent(everybody.length, MOST_PEOPLE);
    return { changes: [reply(turn, { markdown, file }, at)], result: undefined };
  });
}

/** Page by page; once more where somebody came or went between two pages, and moved the rest. */
async function allExternals({ tools }: Turn): Promise<Responder[]> {
  for (let reading = 1; ; reading += 1) {
    const found = new Map<string, Responder>();
    let total = 0;
    let offset = 0;
    let isSteady = true;
    do {
      const page = await tools.searchExternals("", { limit: PAGE, offset });
      isSteady &&= offset === 0 || page.total === total;
      total = page.total;
      offset += PAGE;
      for (const one of page.found) found.set(one.id, one);
    } while (offset < total);
    if ((isSteady && found.size === total) || reading === MOST_READINGS) return [...found.values()];
  }
}

/** `contact`: where texts and calls come from, for the phone's address book. */
export async function sendContact(turn: Turn): Promise<void> {
  const { numbers, senderName } = turn.tools;
  await turn.tools.decisions.anywhere(turn.trigger, (_state, at) => {
    const sender = senderName === undefined ? undefined : { name: senderName, ...numbers };
    const content = sender && vCardOf(sender);
    if (content === undefined) return told(turn, noSenderNumbers(numbers), at);
    const file: PostedFile = {
      name: "contact.vcf",
      type: "text/vcard; charset=utf-8",
      content,
    };
    const markdown = contactSent(senderName ?? "", numbers);
    return { changes: [reply(turn, { markdown, file }, at)], result: undefined };
  });
}
