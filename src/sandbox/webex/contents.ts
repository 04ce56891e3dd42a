import { makeId } from "../ids";
import type { UploadedFile } from "../model";
import type { WorldState } from "../world-state";
import { canSeeMessage } from "./announce";
import { notFound } from "./api-error";
import { checkId, type Answer, type Call, type Route } from "./call";

/** The files of messages. While Webex looks for malware it answers 423, 410 or 428: use faults. */
export const contentRoutes: Route[] = [
  { method: "get", path: "/contents/:id", answer: getContent },
];

/** Keeps a file for the members of a space, and gives its address. */
export function storeFile(state: WorldState, spaceId: string, file: UploadedFile): string {
  const id = makeId("CONTENT");
  state.files.set(id, { ...file, id, spaceId });
  return addressOf(state, id);
}

function addressOf(state: WorldState, id: string): string {
  return `${state.context.origin()}/v1/contents/${id}`;
}

function getContent({ state, caller, params }: Call): Answer {
  const file = state.files.get(checkId(params.id));
  if (!file) throw notFound("content");
  const address = addressOf(state, file.id);
  const isShown = state
    .messagesIn(file.spaceId)
    .some(
      (message) =>
        message.files.includes(address) && canSeeMessage(state, message, caller.id, "read"),
    );
  if (!isShown) throw notFound("content");
  return {
    status: 200,
    body: file.content,
    headers: {
      "Content-Type": file.type,
      "Content-Length": String(file.content.byteLength),
      "Content-Disposition": disposition(file.name),
    },
  };
}

/** A plain name for old clients, and the real one. */
function disposition(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\]/g, "_");
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`;
}
