import type { SandboxPerson } from "../model";

export type Decision = "accept" | "deny";

/** Where a browser ends up that was sent to Webex for somebody's agreement. */
export interface Consented {
  /** Of the last page shown. */
  status: number;
  html: string;
  /** Where Webex sent the browser; absent where Webex itself refused. Holds the code or the error. */
  location?: string;
}

/**
 * Opens the link as this person's browser would, decides, and follows Webex's answer to the
 * integration. Throws where the link does not lead to Webex or nobody answers.
 */
export async function consent(
  webexUrl: string,
  { link, person, decision }: { link: string; person: SandboxPerson; decision: Decision },
): Promise<Consented> {
  const url = new URL(link);
  if (`${url.origin}${url.pathname}` !== `${webexUrl}/authorize`)
    throw new Error(`${url.origin}${url.pathname} is not where Webex asks for agreement.`);
  const asked = await fetch(url, { redirect: "manual" });
  const answer = asked.status === 200 ? await submit(asked, url, person, decision) : asked;
  const location = answer.headers.get("location");
  if (location === null) return { status: answer.status, html: await answer.text() };
  await answer.text();
  const page = await fetch(location);
  return { status: page.status, html: await page.text(), location };
}

async function submit(
  page: Response,
  url: URL,
  person: SandboxPerson,
  decision: Decision,
): Promise<Response> {
  await page.text();
  const form = new URLSearchParams(url.search);
  form.set("person", person.id);
  form.set("decision", decision);
  return fetch(`${url.origin}${url.pathname}`, { method: "POST", body: form, redirect: "manual" });
}
