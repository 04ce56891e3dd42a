/** What is open for a moment, and closes when somebody turns to something else. */
export interface Opened {
  readonly contains: (node: Node) => boolean;
  readonly close: () => void;
  /** Where the focus goes from what Escape has closed. */
  readonly opener: () => HTMLElement | undefined;
}

/** Closes by Escape pressed in it, and by a press anywhere else on the page. */
export function closeWhenLeft({ contains, close, opener }: Opened): void {
  document.addEventListener("keydown", ({ key, target }) => {
    if (key !== "Escape" || !(target instanceof Node) || !contains(target)) return;
    close();
    opener()?.focus();
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (!(target instanceof Node) || !contains(target)) close();
  });
}
