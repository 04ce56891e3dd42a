import type { StoryBook } from "../../support/story";

/** Who is on the roster, chosen by name or on a card, one or several. */
export function peopleStories(_book: StoryBook): void {
  // Stories follow.
}
