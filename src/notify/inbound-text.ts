/** A text that somebody sent to our number. */
export interface InboundText {
  /** The provider's id of it, the same however often it is delivered; absent where it gives none. */
  id?: string;
  /** E.164 */
  from: string;
  text: string;
  at: number;
}
