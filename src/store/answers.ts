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
  });
}

/** What each responder of an incident said last. */
export async function loadAnswers(tx: Tx, incidentId: string): Promise<Map<string, Answer>> {
  // Ids count up, so they tell the order within one millisecond.
  const rows = await tx<AnswerRow>("answers")
    .where({ incident_id: incidentId })
    .orderBy(["at", "id"]);
  return new Map(rows.map((row) => [row.responder_id, toAnswer(row)]));
}

function toAnswer({ answer, at, by_name, by_person_id, via }: AnswerRow): Answer {
  const by = by_person_id === null ? undefined : { personId: by_person_id, name: by_name ?? "" };
  return { answer, via, at, ...(by ? { by } : {}) };
}
