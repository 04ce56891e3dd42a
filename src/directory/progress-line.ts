import type { Clock } from "../clock";

const SHOWN_EVERY_MS = 5_000;
/** Webex allows ten edits of a message. */
const EDITS = 9;

/** A person's direct messages. Every call throws where it fails. */
export interface DirectMessages {
  post(personId: string, markdown: string): Promise<{ spaceId: string; messageId: string }>;
  edit(spaceId: string, messageId: string, markdown: string): Promise<void>;
  remove(messageId: string): Promise<void>;
}

interface Standing {
  personId: string;
  spaceId: string;
  messageId: string;
  edits: number;
}

/**
 * One direct message that tells how something goes on: edited at most every five seconds, and put
 * anew where it cannot be edited any more. It is no more than a courtesy: what goes wrong with it
 * goes to `onError` and stops nothing.
 */
export class ProgressLine {
  private standing: Standing | undefined;
  private shownAt: number;
  private showing: Promise<void> | undefined;

  constructor(
    private readonly messages: DirectMessages,
    private readonly clock: Clock,
    private readonly onError: (error: unknown) => void,
  ) {
    // What is over within seconds needs no line.
    this.shownAt = clock.now();
  }

  /**
   * Shows it to whoever is to be told now, if the last time is long enough ago. `isLast`: nothing
   * follows for a while, so that a first line is not left out.
   */
  show(text: string, to: () => Promise<string | undefined>, isLast = false): void {
    const now = this.clock.now();
    const isDue = now - this.shownAt >= SHOWN_EVERY_MS || (isLast && !this.standing);
    if (!isDue || this.showing) return;
    this.shownAt = now;
    this.showing = this.showNow(text, to)
      .catch(this.onError)
      .finally(() => (this.showing = undefined));
  }

  /** The message that stands there now, once nothing of it is under way any more. */
  async last(): Promise<string | undefined> {
    await this.showing;
    return this.standing?.messageId;
  }

  private async showNow(text: string, to: () => Promise<string | undefined>): Promise<void> {
    const personId = await to();
    const { standing } = this;
    if (standing && standing.personId === personId && standing.edits < EDITS) {
      // One that cannot be edited is put anew the next time.
      this.standing = { ...standing, edits: EDITS };
      await this.messages.edit(standing.spaceId, standing.messageId, text);
      this.standing = { ...standing, edits: standing.edits + 1 };
      return;
    }
    this.standing =
      personId === undefined
        ? undefined
        : { personId, edits: 0, ...(await this.messages.post(personId, text)) };
    // The old one goes once the new one stands.
    if (standing) await this.messages.remove(standing.messageId);
  }
}
