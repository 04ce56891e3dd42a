import { createHmac, timingSafeEqual } from "node:crypto";

interface Scheme {
  header: string;
  algorithm: string;
  /** The signature's form, in hexadecimal. */
  pattern: RegExp;
}

/** What is accepted. Webex documents this one only; a second needs no more than its line here. */
const schemes: readonly Scheme[] = [
  { header: "x-spark-signature", algorithm: "sha1", pattern: /^[0-9a-f]{40}$/i },
];

export interface SignedRequest {
  /** As received: a body parsed and written anew differs in spacing and escapes. */
  rawBody: Buffer;
  /** Names in lower case, as Node gives them. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

export type SignatureVerifier = (request: SignedRequest) => boolean;

/** Throws on an empty secret: anybody can sign with that. */
export function createSignatureVerifier(secret: string): SignatureVerifier {
  if (secret === "") throw new Error("the webhook secret is empty");
  return (request) => schemes.some((scheme) => isSignedBy(scheme, secret, request));
}

/** Was the body signed with the secret? The comparison takes the same time wherever they differ. */
export function verifyWebhookSignature({
  secret,
  ...request
}: SignedRequest & { secret: string }): boolean {
  return createSignatureVerifier(secret)(request);
}

function isSignedBy(scheme: Scheme, secret: string, { rawBody, headers }: SignedRequest): boolean {
  const given = headers[scheme.header];
  if (typeof given !== "string" || !scheme.pattern.test(given)) return false;
  const expected = createHmac(scheme.algorithm, secret).update(rawBody).digest();
  return timingSafeEqual(Buffer.from(given, "hex"), expected);
}
