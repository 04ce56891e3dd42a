import { fold } from "../src/fold";

test.each([
  ["José", "jose"],
  ["JOSE\u0301", "jose"],
  ["Ｊｏｓｅ", "jose"],
  ["  Bo \t  Alm\n", "bo alm"],
  ["Ægir Ørn", "ægir ørn"],
  ["İpek", "ipek"],
  ["", ""],
])("%j is compared as %j", (name, folded) => {
  expect(fold(name)).toBe(folded);
});

test("what is folded folds to itself", () => {
  expect(fold(fold("  ÉLODIE  Dé "))).toBe("elodie de");
});
