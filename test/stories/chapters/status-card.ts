import type { StoryBook } from "../../support/story";

/** How the status card is replaced, and the line between. */
export function statusCardStories(_book: StoryBook): void {
  // Stories follow.
}
