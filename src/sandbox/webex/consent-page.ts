import type { SandboxPerson } from "../model";
import { escapeHtml } from "./markdown";

/** Who asks for what, whom the browser is signed in as, and the two answers. */
export function consentPage(
  integration: string,
  request: URLSearchParams,
  people: readonly SandboxPerson[],
): string {
  const scopes = (request.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
  return page(
    `${integration} asks for access`,
    `<p><b>${escapeHtml(integration)}</b> wants to act for you with these rights:</p>
<ul>${scopes.map((scope) => `<li><code>${escapeHtml(scope)}</code></li>`).join("")}</ul>
<form method="post" action="">
${[...request].map(([name, value]) => hidden(name, value)).join("\n")}
<p><label>Sign in as <input name="person" list="people" required autofocus></label></p>
<datalist id="people">${people.map(choice).join("")}</datalist>
<p><button name="decision" value="accept">Accept</button>
<button name="decision" value="deny" formnovalidate>Cancel</button></p>
</form>`,
  );
}

export function refusalPage(sentence: string): string {
  return page("Webex cannot go on", `<p>${escapeHtml(sentence)}</p>`);
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}</style>
</head><body><h1>${escapeHtml(title)}</h1>
${body}
<p><small>This is the sandbox's stand-in for Webex.</small></p></body></html>
`;
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`;
}

function choice({ id, email, displayName }: SandboxPerson): string {
  return `<option value="${escapeHtml(email || id)}">${escapeHtml(displayName)}</option>`;
}
