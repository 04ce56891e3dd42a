import type { DirectoryStatus } from "../directory/directory";
import type { Grant } from "../grants/grant";
import type { GrantTools } from "./grant-tools";

/** What readiness looks at besides the state of the space. */
export interface ReadyFacts {
  /** An integration is set up at Webex, so that grants can be given. */
  hasIntegration: boolean;
  directoryGrant?: Grant;
  directory: DirectoryStatus;
  /** Living grants for meetings of those who moderate the space. */
  meetings: readonly Grant[];
}

/** Looks up what moderators of a space, and an administrator, let the bot do. */
export async function readyFacts(
  grants: GrantTools,
  moderatorIds: readonly string[],
): Promise<ReadyFacts> {
  const [directoryGrant, directory, meetings] = await Promise.all([
    grants.directoryGrant(),
    grants.directoryStatus(),
    grants.meetingsGrants(moderatorIds),
  ]);
  return {
    hasIntegration: grants.integration !== undefined,
    directory,
    meetings,
    ...(directoryGrant ? { directoryGrant } : {}),
  };
}
