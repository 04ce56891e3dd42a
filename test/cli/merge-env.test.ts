import { parse } from "dotenv";
import fc from "fast-check";
import { mergeEnv } from "../../src/cli/merge-env";

test.each<[string, string, Record<string, string>, string]>([
  ["an empty file", "", { A: "1" }, "A=1\n"],
  ["a file without a last line end", "B=2", { A: "1" }, "B=2\nA=1\n"],
  ["a value that is there", "A=old\nB=2\n", { A: "new" }, "A=new\nB=2\n"],
  ["an empty value", "# why\nA=\n\nB=2\n", { A: "1" }, "# why\nA=1\n\nB=2\n"],
  ["a commented-out default", "# text\n# A=5\n\nB=2\n", { A: "1" }, "# text\n# A=5\nA=1\n\nB=2\n"],
  ["a longer name", "AB=1\n", { A: "2" }, "AB=1\nA=2\n"],
  ["spaces and export", "export A = old\n", { A: "new" }, "A=new\n"],
  ["a variable set twice", "A=1\nA=2\n", { A: "3" }, "A=3\nA=3\n"],
  ["Windows line ends", "A=\r\nB=2\r\n", { A: "1" }, "A=1\r\nB=2\r\n"],
  ["a value with spaces", "", { A: "two words # no comment" }, "A='two words # no comment'\n"],
  ["nothing to set", "A=1\n# end\n", {}, "A=1\n# end\n"],
])("%s", (_what, existing, values, expected) => {
  expect(mergeEnv(existing, values)).toBe(expected);
});

test("what was set is read back, and every other line is still there", () => {
  const value = fc.string().filter((text) => !/[\r\n]/.test(text) && text.trim() === text);
  const others = fc.array(fc.constantFrom("# comment", "", "OTHER=1", "# B=2", "B=", "B=x"));
  fc.assert(
    fc.property(others, value, (lines, wanted) => {
      fc.pre(!(wanted.includes("'") && wanted.includes("`")));
      const merged = mergeEnv(lines.join("\n"), { B: wanted });
      expect(parse(merged).B).toBe(wanted);
      const isOther = (line: string) => line !== "" && !line.startsWith("B=");
      expect(merged.split("\n").filter(isOther)).toEqual(lines.filter(isOther));
    }),
  );
});

test("a value of several lines is refused by its variable's name", () => {
  expect(() => mergeEnv("", { A: "one\ntwo" })).toThrow("A");
});
