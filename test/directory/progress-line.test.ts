import { ProgressLine, type DirectMessages } from "../../src/directory/progress-line";
import { ManualClock } from "../support/manual-clock";

/** What stands in the direct conversation, and everything that was done there. */
class FakeMessages implements DirectMessages {
  readonly done: string[] = [];
  readonly standing = new Map<string, string>();
  isBroken = false;

  post(personId: string, markdown: string) {
    this.fail();
    const messageId = `m${this.done.filter((what) => what.startsWith("post")).length + 1}`;
    this.done.push(`post ${personId} ${markdown}`);
    this.standing.set(messageId, markdown);
    return Promise.resolve({ spaceId: "direct", messageId });
  }

  edit(_spaceId: string, messageId: string, markdown: string): Promise<void> {
    this.fail();
    this.done.push(`edit ${messageId} ${markdown}`);
    this.standing.set(messageId, markdown);
    return Promise.resolve();
  }

  remove(messageId: string): Promise<void> {
    this.fail();
    this.done.push(`remove ${messageId}`);
    this.standing.delete(messageId);
    return Promise.resolve();
  }

  private fail(): void {
    if (this.isBroken) throw new Error("Webex is away");
  }
}

function aLine() {
  const clock = new ManualClock();
  const messages = new FakeMessages();
  const errors: unknown[] = [];
  const line = new ProgressLine(messages, clock, (error) => void errors.push(error));
  let to: string | undefined = "ana";
  return {
    ...{ clock, messages, errors, line },
    tell: (personId: string | undefined) => void (to = personId),
    show: async (text: string, isLast = false) => {
      line.show(text, () => Promise.resolve(to), isLast);
      return line.last();
    },
  };
}

test("what is over within five seconds is not told", async () => {
  const { clock, messages, show } = aLine();
  await show("1");
  await clock.advance(4_999);
  await show("2");
  expect(messages.done).toEqual([]);
});

test("a pause is told at once, and then no more than every five seconds", async () => {
  const { clock, messages, show } = aLine();
  await show("waiting", true);
  await show("waiting still", true);
  await clock.advance(5_000);
  await show("going on");
  expect(messages.done).toEqual(["post ana waiting", "edit m1 going on"]);
});

test("it is one message, edited nine times at most and then put anew", async () => {
  const { clock, messages, show } = aLine();
  for (let n = 1; n <= 32; n += 1) {
    await clock.advance(2_500);
    await show(String(n));
    expect(messages.standing.size).toBeLessThanOrEqual(1);
  }
  expect(messages.done).toEqual([
    "post ana 2",
    ...[4, 6, 8, 10, 12, 14, 16, 18, 20].map((n) => `edit m1 ${n}`),
    "post ana 22",
    "remove m1",
    ...[24, 26, 28, 30, 32].map((n) => `edit m2 ${n}`),
  ]);
});

test("it goes over to whoever is to be told now, and away where nobody is", async () => {
  const { clock, messages, show, tell } = aLine();
  await clock.advance(5_000);
  await show("1");
  tell("bo");
  await clock.advance(5_000);
  expect(await show("2")).toBe("m2");
  tell(undefined);
  await clock.advance(5_000);
  expect(await show("3")).toBeUndefined();
  await clock.advance(5_000);
  await show("4");
  expect(messages.done).toEqual(["post ana 1", "post bo 2", "remove m1", "remove m2"]);
});

test("what goes wrong with it stops nothing, and is put anew", async () => {
  const { clock, errors, messages, show } = aLine();
  await clock.advance(5_000);
  await show("1");
  messages.isBroken = true;
  await clock.advance(5_000);
  await show("2");
  expect(errors).toHaveLength(1);
  messages.isBroken = false;
  await clock.advance(5_000);
  await show("3");
  expect(messages.done).toEqual(["post ana 1", "post ana 3", "remove m1"]);
});
