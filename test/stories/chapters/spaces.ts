import type { StoryBook } from "../../support/story";

/** The spaces that somebody shares with the bot. */
export function spacesStories(_book: StoryBook): void {
  // Stories follow.
}
