import { remembering } from "../src/remembering";

test("equal arguments are worked on once", () => {
  const work = jest.fn((name: string, facts: { n: number }) => `${name} ${facts.n}`);
  const remembered = remembering(10, work);
  expect(remembered("a", { n: 1 })).toBe("a 1");
  expect(remembered("a", { n: 1 })).toBe("a 1");
  expect(remembered("a", { n: 2 })).toBe("a 2");
  expect(work).toHaveBeenCalledTimes(2);
});

test("a result that is undefined is remembered as well", () => {
  const work = jest.fn((): undefined => undefined);
  const remembered = remembering(10, work);
  remembered();
  remembered();
  expect(work).toHaveBeenCalledTimes(1);
});

test("only the newest are kept", () => {
  const work = jest.fn((n: number) => n);
  const remembered = remembering(2, work);
  for (const n of [1, 2, 3, 3, 2, 1]) expect(remembered(n)).toBe(n);
  expect(work.mock.calls.flat()).toEqual([1, 2, 3, 1]);
});

test("work that throws is done again", () => {
  const work = jest.fn((): string => {
    throw new Error("no");
  });
  const remembered = remembering(2, work);
  expect(remembered).toThrow("no");
  expect(remembered).toThrow("no");
  expect(work).toHaveBeenCalledTimes(2);
});
