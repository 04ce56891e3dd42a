import { attachmentActionRoutes } from "./attachment-actions";
import type { OpenRoute, Route } from "./call";
import { contentRoutes } from "./contents";
import { participantRoutes } from "./meeting-participants";
import { meetingRoutes } from "./meetings";
import { membershipRoutes } from "./memberships";
import { messageReadingRoutes } from "./message-reading";
import { messageRoutes } from "./messages";
import { oauthRoutes } from "./oauth-routes";
import { peopleRoutes } from "./people";
import { roomRoutes } from "./rooms";
import { webhookRoutes } from "./webhooks";

const ROUTES: readonly (Route | OpenRoute)[] = [
  ...oauthRoutes,
  ...peopleRoutes,
  ...roomRoutes,
  ...membershipRoutes,
  ...messageReadingRoutes,
  ...messageRoutes,
  ...attachmentActionRoutes,
  ...contentRoutes,
  ...webhookRoutes,
  ...meetingRoutes,
  ...participantRoutes,
];

export interface FoundRoute {
  /** Such as `/messages/:id`; the path itself where nothing fits. */
  pattern: string;
  params: Record<string, string>;
  /** Absent where the path is known, but not with this method, or not at all. */
  route?: Route | OpenRoute;
  isKnownPath: boolean;
}

/** The first route that fits wins, so a fixed name stands before a parameter in its table. */
export function findRoute(method: string, path: string): FoundRoute {
  const parts = segments(path);
  let found: FoundRoute = { pattern: path, params: {}, isKnownPath: false };
  for (const route of ROUTES) {
    const params = matchPath(segments(route.path), parts);
    if (!params) continue;
    const isWanted = route.method === method.toLowerCase();
    if (isWanted) return { pattern: route.path, params, route, isKnownPath: true };
    found = { pattern: route.path, params, isKnownPath: true };
  }
  return found;
}

function segments(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

function matchPath(
  pattern: readonly string[],
  parts: readonly string[],
): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] ?? "";
    if (expected.startsWith(":")) params[expected.slice(1)] = part;
    else if (expected !== part) return undefined;
  }
  return params;
}
