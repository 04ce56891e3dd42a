import type { StoryBook } from "../../support/story";

/** The team of the last incident, and who becomes a member of Webex. */
export function teamStories(_book: StoryBook): void {
  // Stories follow.
}
