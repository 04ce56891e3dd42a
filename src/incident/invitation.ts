/** A running incident that has called somebody: they have at least one notification of it. */
export interface Invitation {
  incidentId: string;
  number: number;
  name: string;
  isDrill: boolean;
  spaceId: string;
  responderId: string;
}

/** Who asks, as Webex knows them. */
export interface InvitedPerson {
  personId: string;
  /** Finds also who was kept with this address and is known as no Webex person yet. */
  email: string;
}
