import { createHmac } from "node:crypto";
import { isSignedByConnect } from "../../src/connect/signature";

const body = Buffer.from('{ "status": "DELIVERED" }');
const secret = "the one from the webhook's page";
const sign = (algorithm: "sha256" | "sha512" | "sha1", bytes = body): string =>
  createHmac(algorithm, secret).update(bytes).digest("hex");

test.each([
  ["SHA-256 with its name", `sha256=${sign("sha256")}`],
  ["SHA-256 alone", sign("sha256")],
  ["SHA-512", `sha512=${sign("sha512")}`],
  ["capital digits", `sha256=${sign("sha256").toUpperCase()}`],
])("%s is right", (_what, header) => {
  expect(isSignedByConnect(body, header, secret)).toBe(true);
});

test.each([
  ["no header", undefined],
  ["several headers", [sign("sha256"), sign("sha256")]],
  ["an empty one", ""],
  ["of another body", sign("sha256", Buffer.from("{}"))],
  ["SHA-1", `sha1=${sign("sha1")}`],
  ["half of it", sign("sha256").slice(0, 32)],
  ["no hex", "z".repeat(64)],
])("%s is wrong", (_what, header) => {
  expect(isSignedByConnect(body, header, secret)).toBe(false);
});

test("an empty secret signs nothing", () => {
  const forged = createHmac("sha256", "").update(body).digest("hex");
  expect(isSignedByConnect(body, forged, "")).toBe(false);
});
