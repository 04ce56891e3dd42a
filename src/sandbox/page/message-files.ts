import { el, icon } from "./dom";

const CONTENT = /\/v1\/contents\/([\w-]+)$/;
const DOWNLOAD = "M12 4v11m0 0l-4.5-4.5M12 15l4.5-4.5M5 19.5h14";

/** A button to download each file; what lies elsewhere is named and not fetched. */
export function messageFiles(files: readonly string[]): HTMLElement[] {
  return files.map((url) => {
    const id = CONTENT.exec(url)?.[1];
    if (id === undefined) return el("p", { class: "as-typed" }, url);
    const label = el("span", {}, "Download the file");
    const href = `/_sandbox/files/${id}`;
    void nameOf(href).then((name) => {
      if (name !== undefined) label.textContent = `Download ${name}`;
    });
    return el("a", { class: "file", href, download: true }, icon(DOWNLOAD), label);
  });
}

/** What the file is called, as its download would be; undefined where that cannot be known. */
async function nameOf(href: string): Promise<string | undefined> {
  try {
    const { ok, headers } = await fetch(href, { method: "HEAD" });
    const disposition = headers.get("content-disposition") ?? "";
    const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
    return ok && encoded !== undefined ? decodeURIComponent(encoded) : undefined;
  } catch {
    return undefined;
  }
}
