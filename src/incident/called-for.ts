/** A running incident for which the owners of a phone were called; several where they share it. */
export interface CalledFor {
  incident: { id: string; number: number; name: string };
  space: { id: string; title: string };
  people: { responderId: string; name: string; language?: string }[];
}
