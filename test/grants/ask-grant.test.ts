import { createHash } from "node:crypto";
import { askGrant } from "../../src/grants/ask-grant";
import type { GrantWish, OAuth } from "../../src/grants/ports";
import { aMoment, NOW } from "../support/builders";

const ada: GrantWish = { kind: "directory", isLent: false, personId: "ada", personName: "Ada Obi" };

function ask(wish: Partial<GrantWish> = {}) {
  const wishes: Parameters<OAuth["authorizeUrl"]>[0][] = [];
  let filling = 0;
  const asked = askGrant(
    { ...ada, ...wish },
    {
      random: (size) => Buffer.alloc(size, (filling += 1)),
      authorizeUrl: (more) => {
        wishes.push(more);
        return "https://webex.example/authorize";
      },
    },
    aMoment(),
  );
  return { asked, wish: wishes[0]! };
}

test("a link is bound to who asked, and good for ten minutes", () => {
  const { asked } = ask();
  expect(asked.url).toBe("https://webex.example/authorize");
  expect(asked.expiresAt).toBe(NOW + 600_000);
  expect(asked.change.asked).toMatchObject({
    ...ada,
    id: "id-1",
    createdAt: NOW,
    expiresAt: NOW + 600_000,
  });
});

test("state and verifier are 32 random bytes each, and only the verifier's hash is in the link", () => {
  const { asked, wish } = ask();
  const { verifier } = asked.change.asked;
  expect(Buffer.from(wish.state, "base64url")).toEqual(Buffer.alloc(32, 1));
  expect(Buffer.from(verifier, "base64url")).toEqual(Buffer.alloc(32, 2));
  expect(asked.change.state).toBe(wish.state);
  expect(wish.challenge).toBe(createHash("sha256").update(verifier).digest("base64url"));
  expect(JSON.stringify(wish)).not.toContain(verifier);
});

test.each([
  ["directory" as const, "spark:people_read spark-admin:people_read"],
  [
    "meetings" as const,
    "spark:all meeting:schedules_write meeting:schedules_read " +
      "meeting:participants_read meeting:participants_write",
  ],
])("for %s just what it needs is asked for", (kind, scopes) => {
  expect(ask({ kind }).wish.scopes.join(" ")).toBe(scopes);
});

test.each([
  ["meetings" as const, true, true],
  ["meetings" as const, false, false],
  ["directory" as const, true, false],
])("of %s lent: %s is written as lent: %s", (kind, isLent, written) => {
  expect(ask({ kind, isLent }).asked.change.asked.isLent).toBe(written);
});
