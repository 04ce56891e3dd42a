import type { Moment } from "../decision";
import type { GrantKind } from "../grants/grant";
import type { Change } from "../incident/change";
import type { Integration } from "./grant-tools";
import type { CardSubject } from "./replies";
import type { GrantLink } from "./views/authorize";

const NEW_LINK_LIFE_MS = 30 * 24 * 60 * 60_000;

/** What a card with New link is about; whoever comes back from holidays may still press it. */
export function aboutNewLink(kind: GrantKind): Pick<CardSubject, "payload" | "lifeMs"> {
  return { payload: { kind }, lifeMs: NEW_LINK_LIFE_MS };
}

export interface AskedLinks {
  changes: Change[];
  links: GrantLink[];
  expiresAt: number;
}

/** Fresh links to a grant: for meetings one for each answer to whether it is lent to others. */
export function askForLinks(
  { ask }: Pick<Integration, "ask">,
  { kind, name, personId }: { kind: GrantKind; name: string; personId: string },
  at: Moment,
): AskedLinks {
  const asked = titles[kind].map(([title, isLent]) => {
    return { title, ...ask({ kind, isLent, personId, personName: name }, at) };
  });
  return {
    changes: asked.map(({ change }) => change),
    links: asked.map(({ title, url }) => ({ title, url })),
    expiresAt: Math.min(...asked.map(({ expiresAt }) => expiresAt)),
  };
}

const titles: Readonly<Record<GrantKind, readonly (readonly [string, boolean])[]>> = {
  directory: [["Authorise", false]],
  meetings: [
    ["For my incidents", false],
    ["Also when other moderators start", true],
  ],
};
