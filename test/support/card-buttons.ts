interface Button {
  title: string;
  type: string;
}

interface Element {
  actions?: Button[];
}

/** The titles of a card's buttons, without those on cards that it only opens. */
export function buttons(post: { card?: object }): string[] {
  const card = post.card as Element & { body: Element[] };
  const sets = [...card.body, card].map(({ actions }) => actions ?? []);
  return sets.flat().map(({ title }) => title);
}
