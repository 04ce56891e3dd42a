import type { Answer } from "../incident/answer";
import type { Change } from "../incident/change";
import type { Tx } from "./rows";

interface AnswerRow {
  id: string;
  incident_id: string;
  responder_id: string;
  answer: Answer["answer"];
  via: Answer["via"];
  by_person_id: string | null;
  by_name: string | null;
  at: number;
  texted_at: number | null;
}

export async function insertAnswer(
  tx: Tx,
  { id, incidentId, responderId, said }: Extract<Change, { kind: "answer.recorded" }>,
): Promise<void> {
  await tx<AnswerRow>("answers").insert({
    id,
    incident_id: incidentId,
    responder_id: responderId,
    answer: said.answer,
    via: said.via,
    by_person_id: said.by?.personId ?? null,
    by_name: said.by?.name ?? null,
    at: said.at,
    texted_at: said.textedAt ?? null,
  });
}

/** Their newest answer was texted once more. */
export async function noteRepeated(
  tx: Tx,
  { incidentId, responderId, textedAt }: Extract<Change, { kind: "answer.repeated" }>,
): Promise<void> {
  const newest = tx<AnswerRow>("answers")
    .where({ incident_id: incidentId, responder_id: responderId })
    .orderBy([
      { column: "at", order: "desc" },
      { column: "id", order: "desc" },
    ])
    .limit(1)
    .select("id");
  await tx<AnswerRow>("answers").whereIn("id", newest).update({ texted_at: textedAt });
}

/** What each responder of an incident said last. */
export async function loadAnswers(tx: Tx, incidentId: string): Promise<Map<string, Answer>> {
  // Ids count up, so they tell the order within one millisecond.
  const rows = await tx<AnswerRow>("answers")
    .where({ incident_id: incidentId })
    .orderBy(["at", "id"]);
  const answers = new Map<string, Answer>();
  for (const row of rows)
    answers.set(row.responder_id, toAnswer(row, answers.get(row.responder_id)?.textedAt));
  return answers;
}

function toAnswer(row: AnswerRow, textedBefore: number | undefined): Answer {
  const { answer, at, by_name, by_person_id, texted_at, via } = row;
  const by = by_person_id === null ? undefined : { personId: by_person_id, name: by_name ?? "" };
  const textedAt = Math.max(texted_at ?? -Infinity, textedBefore ?? -Infinity);
  return {
    ...{ answer, via, at },
    ...(by ? { by } : {}),
    ...(Number.isFinite(textedAt) ? { textedAt } : {}),
  };
}
