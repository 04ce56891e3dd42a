import type { AttachedFile } from "../bot/incoming";
import { hasStatus } from "./failure";
import type { WebexRest } from "./rest";

/** Far more than the longest list that can be imported. */
const MOST_BYTES = 2 * 1024 * 1024;

/**
 * What Webex says of a file by the status alone. While it looks for malware it answers 423 with
 * Retry-After, which is thrown as a failure that may pass. That it answers 410 for what it found
 * and 428 for what it cannot look into (an encrypted archive) is in its list of statuses; which
 * body comes with them is unconfirmed and not read.
 */
const REASONS = { 403: "gone", 404: "gone", 410: "infected", 428: "unscannable" } as const;
const STATUSES = Object.keys(REASONS).map(Number);

/**
 * Downloads a file of a message, 2 MB at most. The token goes to no address but the contents of
 * the API that the client was made for. Fails with a `RemoteError` where Webex did not answer, or
 * asks to come back later.
 */
export async function readAttached(rest: WebexRest, address: string): Promise<AttachedFile> {
  const id = rest.idBelow("/contents/", address);
  if (id === undefined) return { kind: "refused", reason: "elsewhere" };
  try {
    const { content, disposition, type } = await rest.download(`/contents/${id}`, MOST_BYTES);
    if (!content) return { kind: "refused", reason: "too-large" };
    return { kind: "file", name: fileName(disposition), type, content };
  } catch (error) {
    if (!hasStatus(error, STATUSES)) throw error;
    const reason = REASONS[error.failure.status as keyof typeof REASONS];
    return { kind: "refused", reason };
  }
}

/** The name in a `Content-Disposition` header (RFC 6266), without folders; empty where it has none. */
function fileName(disposition: string): string {
  const encoded = /\bfilename\*=utf-8'[^']*'([^;\s]+)/i.exec(disposition)?.[1];
  const plain = /\bfilename="((?:[^"\\]|\\.)*)"|\bfilename=([^;\s"]+)/i.exec(disposition);
  const name = decoded(encoded) ?? plain?.[1]?.replace(/\\(.)/g, "$1") ?? plain?.[2] ?? "";
  return name.slice(name.lastIndexOf("/") + 1);
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    // A broken escape: the plain name beside it is as good.
    return undefined;
  }
}
