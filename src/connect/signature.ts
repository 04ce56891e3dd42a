import { createHmac, timingSafeEqual } from "node:crypto";

/** What the pages of Webex Connect let its administrator choose; by the length of the hex digits. */
const ALGORITHMS: ReadonlyMap<number, string> = new Map([
  [64, "sha256"],
  [128, "sha512"],
]);

/**
 * Whether `x-hub-signature` is the HMAC of exactly these bytes. The name before "=" is optional,
 * and the length says which hash it is. An empty secret signs nothing.
 */
export function isSignedByConnect(rawBody: Buffer, header: unknown, secret: string): boolean {
  if (typeof header !== "string" || secret === "") return false;
  const given = /^(?:sha(?:256|512)=)?([0-9a-f]+)$/i.exec(header.trim())?.[1] ?? "";
  const algorithm = ALGORITHMS.get(given.length);
  if (algorithm === undefined) return false;
  const wanted = createHmac(algorithm, secret).update(rawBody).digest();
  return timingSafeEqual(wanted, Buffer.from(given, "hex"));
}
