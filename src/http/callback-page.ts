import { createHash } from "node:crypto";

/** HTML that is safe to send: made by `html` only. */
export interface Html {
  readonly html: string;
}

/** What a page says, and the status that goes with it. */
export interface CallbackAnswer {
  status: number;
  look: "good" | "bad";
  title: string;
  says: readonly Html[];
  /** What to do now. */
  next: Html;
}

const STYLE = `
:root{color-scheme:light dark;--back:#eef1f4;--card:#fff;--line:#d5dbe1;--text:#18212b;--soft:#4a5561;--good:#12693a;--goodback:#dff3e6;--bad:#9a3d00;--badback:#fdeadd}
@media(prefers-color-scheme:dark){:root{--back:#12161b;--card:#1c2229;--line:#343d47;--text:#eef2f6;--soft:#b3bdc8;--good:#7fdca4;--goodback:#163524;--bad:#ffb183;--badback:#40271a}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;min-height:100dvh;display:grid;place-items:center;padding:24px 16px;background:var(--back);color:var(--text);font:17px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{width:100%;max-width:34rem;padding:36px;background:var(--card);border:1px solid var(--line);border-radius:16px;overflow-wrap:anywhere}
.mark{display:block;width:52px;height:52px;margin:0 0 20px;border-radius:50%;fill:none;stroke:currentColor;stroke-width:2.4;stroke-linecap:round;stroke-linejoin:round}
.good{color:var(--good);background:var(--goodback)}
.bad{color:var(--bad);background:var(--badback)}
h1{margin:0 0 12px;font-size:1.6rem;line-height:1.25;text-wrap:balance}
p{margin:0 0 12px;text-wrap:pretty}
.next{margin:20px 0 0;padding:20px 0 0;border-top:1px solid var(--line);color:var(--soft)}
code{font:600 .94em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;color:var(--text);white-space:nowrap}
@media(max-width:480px){body{place-items:start stretch}main{padding:28px 22px}h1{font-size:1.4rem}}
`;

const MARKS = {
  good: '<path d="M7 12.5l3.4 3.4L17 9"/>',
  bad: '<path d="M12 7v6"/><path d="M12 16.6v.1"/>',
};

const styleHash = `'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`;

/** No script, nothing from elsewhere, and in nobody's frame; the style is known by its hash. */
export const CONTENT_POLICY = {
  "default-src": ["'none'"],
  "style-src": [styleHash],
  "img-src": ["data:"],
  "base-uri": ["'none'"],
  "form-action": ["'none'"],
  "frame-ancestors": ["'none'"],
};

/** The words of the template as they are, and the values as plain text, whoever wrote them. */
export function html(words: TemplateStringsArray, ...values: readonly (string | Html)[]): Html {
  const safe = values.map((value) => (typeof value === "string" ? escapeHtml(value) : value.html));
  return { html: String.raw({ raw: words }, ...safe) };
}

/** A whole page, readable on a phone, in light and dark. */
export function renderPage({ look, next, says, title }: CallbackAnswer, botName: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(`${title} · ${botName}`)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
<svg class="mark ${look}" viewBox="0 0 24 24" aria-hidden="true">${MARKS[look]}</svg>
<h1>${escapeHtml(title)}</h1>
${says.map((text) => `<p>${text.html}</p>`).join("\n")}
<p class="next">${next.html}</p>
</main>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
