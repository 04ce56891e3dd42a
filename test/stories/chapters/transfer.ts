import type { StoryBook } from "../../support/story";

/** Lists that come in and go out as files. */
export function transferStories(_book: StoryBook): void {
  // Stories follow.
}
