import { randomBytes } from "node:crypto";
import type { PostedFile } from "../notify/notification";

export interface Form {
  fields: Readonly<Record<string, string>>;
  file: PostedFile;
}

/** A form with one file in the field `files`, as RFC 7578 has it and Webex takes local files. */
export function multipart({ fields, file }: Form): { type: string; data: Buffer<ArrayBuffer> } {
  // 144 random bits: nothing that people wrote can hold it.
  const boundary = `muster-${randomBytes(18).toString("hex")}`;
  const parts = Object.entries(fields).map(([name, value]) =>
    part(boundary, `name="${quoted(name)}"`, "text/plain; charset=utf-8", value),
  );
  const about = `name="files"; filename="${quoted(file.name)}"`;
  const end = `--${boundary}--\r\n`;
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    data: Buffer.from([...parts, part(boundary, about, file.type, file.content), end].join("")),
  };
}

function part(boundary: string, about: string, type: string, content: string): string {
  const head = `--${boundary}\r\nContent-Disposition: form-data; ${about}\r\n`;
  return `${head}Content-Type: ${type.replace(/[\r\n]/g, "")}\r\n\r\n${content}\r\n`;
}

/** As browsers write names (WHATWG, multipart/form-data encoding). */
function quoted(name: string): string {
  return name.replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/"/g, "%22");
}
