import { responderPosts } from "../../src/bot/responder-post";
import { aSend } from "../support/outbox-builders";

test("each responder's card carries its own id", () => {
  const posts = responderPosts();
  const [one, two] = ["card-1", "card-2"].map((id) => JSON.stringify(posts(aSend(), id)));
  expect(one).toContain('"card-1"');
  expect(two).toContain('"card-2"');
  expect(two).not.toContain("card-1");
  expect(one!.replaceAll("card-1", "card-2")).toBe(two);
});

test("what changes between two notifications changes on the card", () => {
  const posts = responderPosts();
  const before = aSend();
  posts(before, "card-1");
  const renamed = aSend({ incident: { ...before.incident, name: "All payments down" } });
  expect(posts(renamed, "card-2").markdown).toContain("All payments down");
  const reminder = aSend({ row: { kind: "reminder" } });
  expect(posts(reminder, "card-3").markdown).toContain("Reminder");
});

test("nothing of one card can be changed through another", () => {
  const posts = responderPosts();
  const first = posts(aSend(), "card-1");
  (first.card as { body: unknown[] }).body.length = 0;
  expect(posts(aSend(), "card-2").card?.body).not.toEqual([]);
});
