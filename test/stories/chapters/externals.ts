import type { StoryBook } from "../../support/story";

/** People who only have a phone: listed, changed, deleted. */
export function externalsStories(_book: StoryBook): void {
  // Stories follow.
}
