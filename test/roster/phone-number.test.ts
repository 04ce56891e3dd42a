import { UserError } from "../../src/errors";
import {
  describe as describeNumber,
  formatInternational,
  lastTwo,
  parsePhoneNumber,
} from "../../src/roster/phone-number";

const inUs = { defaultCountry: "US", dialCountries: "*" } as const;

function refusal(text: string, rules: Parameters<typeof parsePhoneNumber>[1] = inUs): UserError {
  try {
    parsePhoneNumber(text, rules);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("was not refused");
}

describe("parsePhoneNumber", () => {
  it.each([
    ["+14085550100", "US", "+14085550100"],
    ["(408) 555-0100", "US", "+14085550100"],
    ["408.555.0100", "US", "+14085550100"],
    ["1 408 555 0100", "US", "+14085550100"],
    ["+1 (408) 555–0100", "US", "+14085550100"],
    [" +1 408 555 0100 ", "US", "+14085550100"],
    ["\u202a+1 408 555 0100\u202c", "US", "+14085550100"],
    ["tel:+1-408-555-0100", "US", "+14085550100"],
    ["TEL: 408-555-0100", "US", "+14085550100"],
    ["00351 912 345 678", "US", "+351912345678"],
    ["00 351 912 345 678", "PT", "+351912345678"],
    ["011 351 912 345 678", "US", "+351912345678"],
    ["+(351) 912345678", "US", "+351912345678"],
    ["912 345 678", "PT", "+351912345678"],
    ["030 1234567", "DE", "+49301234567"],
    ["+44 (0)20 7946 0018", "GB", "+442079460018"],
    ["٤٠٨٥٥٥٠١٠٠", "US", "+14085550100"],
    ["+80012345678", "US", "+80012345678"],
    ["+14085550100", "XX", "+14085550100"],
  ])("reads %j in %s as %s", (text, defaultCountry, e164) => {
    expect(parsePhoneNumber(text, { defaultCountry, dialCountries: "*" })).toEqual({ e164 });
  });

  it.each([
    "",
    "   ",
    "Bo",
    "911",
    "123",
    "+",
    "00",
    "+1",
    "+1 555",
    "+999 123 456 789",
    "call 408 555 0100",
    "408 555 0100 or 408 555 0101",
    "1-800-FLOWERS",
    "<script>",
    "4".repeat(300),
  ])("says that %j cannot be dialled", (text) => {
    expect(refusal(text)).toMatchObject({
      code: "phone-invalid",
      message:
        "This number cannot be dialled. Write it with its country code, such as +1 408 555 0100.",
    });
  });

  it("says that a national number needs its country code where no country is set", () => {
    expect(refusal("408 555 0100", { defaultCountry: "XX", dialCountries: "*" }).code).toBe(
      "phone-invalid",
    );
  });

  it.each(["408 555 0100 x5", "+1 408 555 0100 ext. 12", "tel:+14085550100;ext=5"])(
    "does not drop the extension of %j",
    (text) => {
      expect(refusal(text).code).toMatch(/^phone-(extension|invalid)$/);
    },
  );

  it.each([
    ["+1 900 234 5678", "premium-rate in the US"],
    ["+49 900 1234567", "premium-rate in Germany"],
    ["+49 180 5123456", "shared-cost in Germany"],
    ["+44 843 123 4567", "service number in Britain"],
    ["+979 123456789", "international premium-rate"],
    ["+808 12345678", "international shared-cost"],
  ])("refuses %s (%s)", (text) => {
    expect(refusal(text)).toMatchObject({
      code: "phone-costly",
      message: "Muster does not dial premium-rate or shared-cost numbers. Give a normal number.",
    });
  });

  describe("where only some countries are dialled", () => {
    const rules = { defaultCountry: "US", dialCountries: ["US", "PT"] };

    it.each(["408 555 0100", "+351 912 345 678"])("takes %s", (text) => {
      expect(() => parsePhoneNumber(text, rules)).not.toThrow();
    });

    it.each(["+1 876 555 0100", "+49 30 1234567", "+800 12345678", "+870 773111632"])(
      "refuses %s",
      (text) => {
        expect(refusal(text, rules)).toMatchObject({
          code: "phone-country",
          message: "Muster is set up not to dial numbers of this country (DIAL_COUNTRIES).",
        });
      },
    );

    it("takes * in a list for all", () => {
      const everywhere = { defaultCountry: "US", dialCountries: ["*"] };
      expect(() => parsePhoneNumber("+49 30 1234567", everywhere)).not.toThrow();
    });
  });

  it("repeats no digit of a refused number", () => {
    expect(refusal("+1 900 234 5678").message).not.toMatch(/\d/);
    expect(refusal("+49 30 7654321", { ...inUs, dialCountries: ["US"] }).message).not.toMatch(/\d/);
  });
});

describe("what is shown of a number", () => {
  it("is its last two digits in a space", () => {
    expect(lastTwo("+14085550134")).toBe("…34");
    expect(describeNumber("+351912345678")).toBe("PT …78");
    expect(describeNumber("+80012345678")).toBe("…78");
  });

  it("is all of it, in groups, in a direct message", () => {
    expect(formatInternational("+351912345678")).toBe("+351 912 345 678");
    expect(formatInternational("+14085550134")).toBe("+1 408 555 0134");
    expect(formatInternational("not a number")).toBe("not a number");
  });
});
