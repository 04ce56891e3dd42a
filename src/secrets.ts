import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from "node:crypto";
import { ConfigError } from "./errors";

const KEY_BYTES = 32;
const IV_BYTES = 12;
const IVS_AT_ONCE = 256;
const TAG_BYTES = 16;
const VERSION = "v1";

/** The two keys of a deployment as the database keeps them: useless without an encryption key. */
export interface WrappedKeys {
  /** Which encryption key wrapped them, see `keyId`. */
  keyId: string;
  dataKey: string;
  lookupKey: string;
}

/** A sealed text that was changed, belongs to another row, or was sealed with another key. */
export class UnsealError extends Error {
  override name = "UnsealError";
}

/** Eight hex digits that name a key without telling anything about it. */
export function keyId(key: Buffer): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 8);
}

/** Makes the random keys of a new deployment, wrapped by the first encryption key. */
export function createWrappedKeys(encryptionKeys: readonly Buffer[]): WrappedKeys {
  return wrap(randomBytes(KEY_BYTES), randomBytes(KEY_BYTES), firstOf(encryptionKeys));
}

/**
 * Opens the stored keys with whichever encryption key wrapped them.
 * @throws ConfigError that names the missing key's id when none of the given keys did.
 */
export function openKeys(wrapped: WrappedKeys, encryptionKeys: readonly Buffer[]): Secrets {
  const { dataKey, lookupKey } = unwrap(wrapped, encryptionKeys);
  return new Secrets(dataKey, lookupKey);
}

/** The same keys wrapped by the first encryption key; what was sealed before stays readable. */
export function rewrapKeys(wrapped: WrappedKeys, encryptionKeys: readonly Buffer[]): WrappedKeys {
  const { dataKey, lookupKey } = unwrap(wrapped, encryptionKeys);
  return wrap(dataKey, lookupKey, firstOf(encryptionKeys));
}

/** Seals and opens what the database may not hold in the clear, and makes its look-up columns. */
export class Secrets {
  constructor(
    private readonly dataKey: Buffer,
    private readonly lookupKey: Buffer,
  ) {}

  /**
   * Seals a text for one logical column (`directory_people.phones`) of one row. The same text
   * never looks the same twice.
   */
  encrypt(plain: string, name: string, rowId: string): string {
    return seal(Buffer.from(plain, "utf8"), this.dataKey, [name, rowId]);
  }

  /** @throws UnsealError unless sealed under exactly this name and row id, and not changed since. */
  decrypt(sealed: string, name: string, rowId: string): string {
    return unseal(sealed, this.dataKey, [name, rowId]).toString("utf8");
  }

  /** Equal values of one name have equal look-ups; no value can be guessed without the key. */
  lookup(name: string, value: string): string {
    return createHmac("sha256", this.lookupKey)
      .update(bind([name, value]))
      .digest("base64url");
  }
}

function wrap(dataKey: Buffer, lookupKey: Buffer, encryptionKey: Buffer): WrappedKeys {
  return {
    keyId: keyId(encryptionKey),
    dataKey: seal(dataKey, encryptionKey, ["data_keys", "data"]),
    lookupKey: seal(lookupKey, encryptionKey, ["data_keys", "lookup"]),
  };
}

function unwrap(
  wrapped: WrappedKeys,
  encryptionKeys: readonly Buffer[],
): { dataKey: Buffer; lookupKey: Buffer } {
  const encryptionKey = encryptionKeys.find((key) => keyId(key) === wrapped.keyId);
  if (!encryptionKey) throw missingKey(wrapped.keyId);
  return {
    dataKey: unseal(wrapped.dataKey, encryptionKey, ["data_keys", "data"]),
    lookupKey: unseal(wrapped.lookupKey, encryptionKey, ["data_keys", "lookup"]),
  };
}

function missingKey(id: string): ConfigError {
  const rule =
    `the database was encrypted with key ${id}, which is not among the given ones; ` +
    "put that key back, after a comma behind the new one if you are changing it";
  return new ConfigError([{ variable: "ENCRYPTION_KEY", rule, example: "<new key>,<old key>" }]);
}

function firstOf(encryptionKeys: readonly Buffer[]): Buffer {
  const [first] = encryptionKeys;
  if (!first) throw new ConfigError([{ variable: "ENCRYPTION_KEY", rule: "must be set" }]);
  return first;
}

let ivPool = Buffer.alloc(0);

/** Never handed out twice. Asking the system for each one would take longer than sealing. */
function nextIv(): Buffer {
  if (ivPool.length === 0) ivPool = randomBytes(IVS_AT_ONCE * IV_BYTES);
  const iv = ivPool.subarray(0, IV_BYTES);
  ivPool = ivPool.subarray(IV_BYTES);
  return iv;
}

/** The version, then IV, ciphertext and tag together in base64url. */
function seal(plain: Buffer, key: Buffer, context: readonly string[]): string {
  const iv = nextIv();
  const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(bind([VERSION, ...context]));
  const body = Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return `${VERSION}.${body.toString("base64url")}`;
}

function unseal(sealed: string, key: Buffer, context: readonly string[]): Buffer {
  const body = bodyOf(sealed);
  const iv = body.subarray(0, IV_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(bind([VERSION, ...context]));
  decipher.setAuthTag(body.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(body.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new UnsealError(`cannot open a sealed ${context.join(" of ")}`, { cause });
  }
}

function bodyOf(sealed: string): Buffer {
  const [version, text = "", ...rest] = sealed.split(".");
  const body = Buffer.from(text, "base64url");
  // Node skips characters it does not know: a text that does not come back the same was changed.
  const isWhole = body.length >= IV_BYTES + TAG_BYTES && body.toString("base64url") === text;
  if (version !== VERSION || rest.length > 0 || !isWhole) {
    throw new UnsealError("not a sealed text");
  }
  return body;
}

/** Unambiguous, so that no two lists of words share their bytes. */
function bind(words: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(words), "utf8");
}
