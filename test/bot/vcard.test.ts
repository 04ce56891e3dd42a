import { vCardOf } from "../../src/bot/vcard";

function numbers(card: string | undefined): string[] {
  return [...(card ?? "").matchAll(/^TEL[^:]*:(.*)\r$/gm)].map(([, number]) => number ?? "");
}

test.each([
  ["a long code without plus", { sms: "14085550100" }, ["+14085550100"]],
  ["a number with plus", { voice: "+14085550100" }, ["+14085550100"]],
  ["a short code", { sms: "72345" }, ["72345"]],
  ["two numbers", { sms: "14085550100", voice: "+14085550101" }, ["+14085550100", "+14085550101"]],
  ["the same number twice", { sms: "14085550100", voice: "+14085550100" }, ["+14085550100"]],
  ["a name and a number", { sms: "ACME", voice: "+14085550100" }, ["+14085550100"]],
])("a contact of %s", (_what, origins, expected) => {
  expect(numbers(vCardOf({ name: "Muster", ...origins }))).toEqual(expected);
});

test.each([[{}], [{ sms: "ACME" }]])("there is none of %j", (origins) => {
  expect(vCardOf({ name: "Muster", ...origins })).toBeUndefined();
});

test("a name cannot add fields, and long lines are folded between characters", () => {
  const name = `Ac;me, Inc.\\ \r\nTEL:+1900 ${"🚒".repeat(30)}`;
  const card = vCardOf({ name, voice: "+14085550100" }) ?? "";
  expect(numbers(card)).toEqual(["+14085550100"]);
  for (const line of card.split("\r\n")) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  expect(card.replaceAll("\r\n ", "")).toContain(
    `\r\nFN:Ac\\;me\\, Inc.\\\\ TEL:+1900 ${"🚒".repeat(30)}\r\n`,
  );
  expect(card).not.toContain("\uFFFD");
});
