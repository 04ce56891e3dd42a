import { UserError } from "../errors";
import type { Incident } from "../incident/incident";
import type { SpaceState } from "../incident/space-state";
import { runningIncident } from "../incident/stop-incident";
import type { Turn } from "./turn";
import { formExpired } from "./views/sentences";

/**
 * The running incident, as the one that the pressed card is about. Throws a `UserError` where none
 * runs, and where the card is of one before it, of which it says nothing any more.
 */
export function incidentOfCard({ card }: Turn, state: SpaceState): Incident {
  const incident = runningIncident(state);
  if (card?.incidentId !== incident.id) throw new UserError("card-unknown", formExpired());
  return incident;
}
