import type { UploadedFile } from "../model";

export interface MultipartBody {
  fields: Record<string, string>;
  /** What the field `files` holds. */
  files: UploadedFile[];
}

const END_OF_HEAD = "\r\n\r\n";

/** Reads a form (RFC 7578); `undefined` where it is none. */
export function parseMultipart(raw: Buffer, contentType: string): MultipartBody | undefined {
  const [, quoted, bare] = /\bboundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? bare;
  const parts = boundary === undefined ? undefined : partsOf(raw, `--${boundary}`);
  if (!parts) return undefined;
  const body: MultipartBody = { fields: {}, files: [] };
  return parts.every((part) => readPart(part, body)) ? body : undefined;
}

/** What stands between the delimiters, without the line ends that belong to these. */
function partsOf(raw: Buffer, delimiter: string): Buffer[] | undefined {
  const parts: Buffer[] = [];
  if (!raw.subarray(0, delimiter.length).equals(Buffer.from(delimiter))) return undefined;
  let at = delimiter.length;
  while (raw.toString("latin1", at, at + 2) === "\r\n") {
    const end = raw.indexOf(`\r\n${delimiter}`, at);
    if (end < 0) return undefined;
    parts.push(raw.subarray(at + 2, end));
    at = end + 2 + delimiter.length;
  }
  return raw.toString("latin1", at, at + 2) === "--" ? parts : undefined;
}

function readPart(part: Buffer, body: MultipartBody): boolean {
  const endOfHead = part.indexOf(END_OF_HEAD);
  const head = part.toString("utf8", 0, endOfHead);
  const name = /^content-disposition:\s*form-data;.*?\bname="([^"]*)"/im.exec(head)?.[1];
  if (endOfHead < 0 || name === undefined) return false;
  const content = part.subarray(endOfHead + END_OF_HEAD.length);
  const fileName = /^content-disposition:.*?\bfilename="([^"]*)"/im.exec(head)?.[1];
  if (fileName === undefined) {
    body.fields[name] = content.toString("utf8");
    return true;
  }
  const type = /^content-type:\s*(.+?)\s*$/im.exec(head)?.[1] ?? "application/octet-stream";
  if (name === "files") body.files.push({ name: fileName, type, content });
  return name === "files";
}
