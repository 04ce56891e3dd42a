import { fold, foldedWords, foldLetters } from "../src/fold";

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

test.each([
  ["Łukasz Żółć", "lukasz zolc"],
  ["Søren Ødegård", "soren odegard"],
  ["Strauß", "strauss"],
  ["STRAUẞ", "strauss"],
  ["Ægir Þór Guðmundsson", "aegir thor gudmundsson"],
  ["Đặng", "dang"],
  ["Işık", "isik"],
  ["José", "jose"],
])("%j is looked for as %j", (name, folded) => {
  expect(foldLetters(name)).toBe(folded);
  expect(foldLetters(folded)).toBe(folded);
});

test.each([
  ["Anne-Marie Strauß", ["anne", "marie", "strauss"]],
  ["ANA  o'Brien", ["ana", "o", "brien"]],
  ["R2 D2", ["r2", "d2"]],
  ["田中 太郎", ["田中", "太郎"]],
  ["…", []],
])("%j has the words %j", (text, words) => {
  expect(foldedWords(text)).toEqual(words);
});
