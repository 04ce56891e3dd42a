import { createHash } from "node:crypto";
import { oneLine } from "../../one-line";
import type { SandboxPerson } from "../model";
import { escapeHtml } from "./markdown";

export interface Page {
  html: string;
  headers: Readonly<Record<string, string>>;
}

export interface ConsentPage {
  integration: string;
  /** Kept in the form, to be sent back as it came. */
  request: URLSearchParams;
  people: readonly SandboxPerson[];
  /** Whom the browser is taken to be signed in as; nobody is chosen when undefined. */
  personId: string | undefined;
}

/** Who asks for what, whom the browser is signed in as, and the two answers. */
export function consentPage({ integration, request, people, personId }: ConsentPage): Page {
  const scopes = (request.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
  const name = escapeHtml(integration);
  const html = page(
    `${integration} asks for access`,
    `<h1>Allow <bdi>${name}</bdi> to act for you?</h1>
<form method="post" action="">
${[...request].map(([key, value]) => hidden(key, value)).join("\n")}
<label for="person">Signed in as</label>
<select id="person" name="person" required autofocus>
<option value=""${personId === undefined ? " selected" : ""}>Choose who you are</option>
${people.map((person) => choice(person, people, person.id === personId)).join("\n")}
</select>
<h2 id="rights">It asks to</h2>
<ul aria-labelledby="rights">${scopes.map(right).join("")}</ul>
<p class="buttons"><button class="main" name="decision" value="accept">Accept</button>
<button name="decision" value="deny" formnovalidate>Deny</button></p>
</form>`,
  );
  return { html, headers: headersOf(targetOf(request)) };
}

export function refusalPage(sentence: string): Page {
  const html = page(
    "Webex cannot go on",
    `<h1>Webex cannot go on</h1>\n<p role="alert">${escapeHtml(sentence)}</p>`,
  );
  return { html, headers: headersOf("") };
}

const MEANINGS: Readonly<Record<string, string>> = {
  "spark:all": "read and write in Webex as you do: spaces, messages, people",
  "spark:people_read": "see the names and addresses of the people in your organisation",
  "spark-admin:people_read":
    "read your organisation’s whole directory with phone numbers, as an administrator can",
  "meeting:schedules_read": "see your meetings",
  "meeting:schedules_write": "open and end meetings in your name",
  "meeting:participants_read": "see who is in your meetings",
  "meeting:participants_write": "let people into your meetings and mute them",
};

/** In plain words, with the name that documents use. */
function right(scope: string): string {
  const code = `<code>${escapeHtml(scope)}</code>`;
  const meaning = Object.hasOwn(MEANINGS, scope) ? MEANINGS[scope] : undefined;
  return `<li>${meaning === undefined ? code : `${escapeHtml(meaning)} ${code}`}</li>`;
}

/** By name; addresses, which are long, only tell apart those who have the same. */
function choice(
  person: SandboxPerson,
  people: readonly SandboxPerson[],
  isChosen: boolean,
): string {
  const { id, displayName, email, isAdmin } = person;
  const isNameShared = people.some((each) => each.id !== id && each.displayName === displayName);
  const label = [oneLine(displayName), isNameShared && email, isAdmin && "administrator"];
  const text = escapeHtml(label.filter(Boolean).join(", "));
  return `<option value="${escapeHtml(id)}"${isChosen ? " selected" : ""}>${text}</option>`;
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`;
}

/** Where the browser is sent with the answer: a policy for forms holds for that, too. */
function targetOf(request: URLSearchParams): string {
  const target = request.get("redirect_uri") ?? "";
  return URL.canParse(target) ? new URL(target).origin : "";
}

const STYLE = `
:root{color-scheme:light dark;--page:#f4f6f8;--card:#fff;--text:#17212b;--quiet:#51606e;--line:#75838f;
--main:#0b6bcb;--on-main:#fff}
@media(prefers-color-scheme:dark){:root{--page:#12161b;--card:#1c2229;--text:#eef2f5;--quiet:#a9b5c0;
--line:#7f8c98;--main:#6cb2ff;--on-main:#06223f}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-content:center;grid-template-columns:minmax(0,30rem);
padding:1rem;background:var(--page);color:var(--text);font:16px/1.5 system-ui,sans-serif;
overflow-wrap:anywhere}
main{background:var(--card);border-radius:14px;padding:2rem;box-shadow:0 4px 24px #0002}
h1{font-size:1.4rem;line-height:1.3;margin:0 0 1.25rem}
h2{font-size:1rem;margin:1.5rem 0 .25rem}
label{display:block;font-weight:600;margin-bottom:.25rem}
select,button{font:inherit;color:inherit;border:1px solid var(--line);border-radius:8px;
padding:.6rem .8rem;background:var(--card);min-height:44px}
select{width:100%}
ul{margin:0;padding-left:1.2rem}
li{margin:.4rem 0}
code{display:block}
code,small{color:var(--quiet);font-size:.85rem}
.buttons{display:flex;gap:.75rem;margin:1.75rem 0 0}
button{flex:1;cursor:pointer;font-weight:600}
.main{background:var(--main);border-color:var(--main);color:var(--on-main)}
:focus-visible{outline:3px solid var(--main);outline-offset:2px}
small{display:block;text-align:center;margin-top:1rem}
`;

const STYLE_HASH = `'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`;

function headersOf(target: string): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    `style-src ${STYLE_HASH}`,
    "img-src data:",
    `form-action 'self' ${target}`.trim(),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": policy.join("; "),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
  };
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<style>${STYLE}</style></head>
<body><main>
${body}
</main><footer><small>This is the sandbox’s stand-in for Webex.</small></footer></body></html>
`;
}
