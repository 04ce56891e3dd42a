import type { Channel } from "../notify/notification";
import type { Member, Responder } from "./responder";

/** A space as Webex tells it. */
export interface SpaceFacts {
  id: string;
  title: string;
  kind: "group" | "direct";
  isModerated: boolean;
  isAnnouncementOnly: boolean;
  ownerOrgId?: string;
}

export interface Bridge {
  link?: string;
  phone?: string;
  number?: string;
}

export type RosterChange =
  | { kind: "space.saved"; space: SpaceFacts; botIsModerator: boolean; at: number }
  | { kind: "space.gone"; spaceId: string; at: number }
  | { kind: "space.foreign-told"; spaceId: string; at: number }
  | { kind: "member.saved"; spaceId: string; member: Member }
  | { kind: "member.gone"; spaceId: string; personId: string }
  | { kind: "responder.created"; responder: Responder; at: number }
  | { kind: "responder.renamed"; responderId: string; name: string }
  /** Everything about them as it is now; the version is the new one. */
  | { kind: "responder.edited"; responder: Responder }
  /**
   * An external turned out to be this Webex person. `replacesId` is the record that the person had
   * until now: its rosters, teams and notifications are the external's from then on.
   */
  | {
      kind: "responder.joined";
      responderId: string;
      personId: string;
      replacesId?: string;
      at: number;
    }
  /** Kept for the incidents that tell of them, found by nobody any more. */
  | { kind: "responder.deleted"; responderId: string; at: number }
  | {
      kind: "roster.set";
      spaceId: string;
      responderId: string;
      channels: Readonly<Record<Channel, boolean>>;
      at: number;
    }
  | { kind: "roster.removed"; spaceId: string; responderId: string }
  | { kind: "bridge.set"; spaceId: string; bridge: Bridge | undefined };
