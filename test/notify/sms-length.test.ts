import { needsUnicode, smsLength } from "../../src/notify/sms-length";

describe("needsUnicode", () => {
  it.each([
    ["plain English", "Payments are down. Join: https://x.example/a_b?c=d#e", false],
    ["accents that GSM-7 has", "Zürich à Málaga ñ Ø", true],
    ["only accents that GSM-7 has", "Zürich à é ñ Ø Ç", false],
    ["the euro sign", "5 €", false],
    ["brackets, braces, backslash, bar, caret, tilde", "[a]{b}\\|^~", false],
    ["a line feed", "a\nb", false],
    ["a typographic quote", "don’t", true],
    ["an ellipsis", "and so on…", true],
    ["an emoji", "down 🔥", true],
    ["Japanese", "障害", true],
    ["nothing", "", false],
    ["a backtick, which GSM-7 lacks", "`", true],
    ["a tab, which GSM-7 lacks", "a\tb", true],
  ])("%s", (_, text, expected) => {
    expect(needsUnicode(text)).toBe(expected);
  });
});

describe("smsLength", () => {
  it.each([
    ["a".repeat(160), 160, 1],
    ["a".repeat(161), 161, 2],
    ["a".repeat(306), 306, 2],
    ["a".repeat(307), 307, 3],
    ["a".repeat(459), 459, 3],
    ["a".repeat(612), 612, 4],
    ["a".repeat(765), 765, 5],
    ["a".repeat(766), 766, 6],
    ["", 0, 1],
  ])("splits GSM-7 into parts of 153 after 160 (%#)", (text, units, parts) => {
    expect(smsLength(text)).toEqual({ isUnicode: false, units, parts });
  });

  it.each([
    ["ж".repeat(70), 70, 1],
    ["ж".repeat(71), 71, 2],
    ["ж".repeat(134), 134, 2],
    ["ж".repeat(201), 201, 3],
    ["ж".repeat(268), 268, 4],
    ["ж".repeat(335), 335, 5],
    ["ж".repeat(336), 336, 6],
  ])("splits unicode into parts of 67 after 70 (%#)", (text, units, parts) => {
    expect(smsLength(text)).toEqual({ isUnicode: true, units, parts });
  });

  it("counts an extended character twice", () => {
    expect(smsLength("€".repeat(80))).toEqual({ isUnicode: false, units: 160, parts: 1 });
    expect(smsLength(`a${"€".repeat(80)}`)).toEqual({ isUnicode: false, units: 161, parts: 2 });
  });

  it("does not tear an extended character or an emoji apart", () => {
    expect(smsLength(`${"a".repeat(152)}€${"a".repeat(152)}`).parts).toBe(3);
    expect(smsLength(`${"ж".repeat(66)}🔥${"ж".repeat(66)}`).parts).toBe(3);
  });
});
