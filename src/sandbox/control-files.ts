import type { RequestHandler } from "express";
import { oneLine } from "../one-line";
import { ControlError } from "./control-guard";
import type { Sandbox } from "./start-sandbox";

/**
 * The files of messages, for the page, which has nobody's token. Always as a download of bytes:
 * whatever somebody has sent, no browser shows or runs it in the name of this address.
 */
export function sendFile({ world }: Sandbox): RequestHandler<{ id: string }> {
  return (request, response) => {
    const file = world.files.get(request.params.id);
    if (!file) throw new ControlError(404, "There is no such file.");
    response.writeHead(200, {
      "content-type": "application/octet-stream",
      "content-length": file.content.byteLength,
      "content-disposition": attachmentNamed(file.name),
      "content-security-policy": "default-src 'none'; sandbox",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    });
    response.end(file.content);
  };
}

/** A plain name for old clients, and the real one; neither leads into another folder. */
export function attachmentNamed(name: string): string {
  const safe =
    oneLine(name)
      .replace(/[/\\:]/g, "_")
      .replace(/^\.+/, "") || "file";
  const plain = safe.replace(/[^\x20-\x7e]|["%;]/g, "_");
  const encoded = encodeURIComponent(safe).replace(/['()*]/g, (sign) => {
    return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
  });
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
