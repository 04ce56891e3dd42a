import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { ConfigError } from "../src/errors";
import { createWrappedKeys, keyId, openKeys, rewrapKeys, UnsealError } from "../src/secrets";

const oldKey = randomBytes(32);
const newKey = randomBytes(32);
const wrapped = createWrappedKeys([oldKey]);
const secrets = openKeys(wrapped, [oldKey]);

const texts = fc.string({ unit: "binary" });
const words = fc.string({ unit: "binary", minLength: 1, maxLength: 20 });

describe("a sealed text", () => {
  test("comes back as it was, whatever it holds", () => {
    fc.assert(
      fc.property(texts, words, words, (plain, name, rowId) => {
        const sealed = secrets.encrypt(plain, name, rowId);
        expect(secrets.decrypt(sealed, name, rowId)).toBe(plain);
      }),
    );
  });

  test("is refused for another name or another row", () => {
    fc.assert(
      fc.property(words, words, words, words, (name, rowId, otherName, otherRow) => {
        fc.pre(name !== otherName || rowId !== otherRow);
        const sealed = secrets.encrypt("plain", name, rowId);
        expect(() => secrets.decrypt(sealed, otherName, otherRow)).toThrow(UnsealError);
      }),
    );
  });

  test("is refused when any character of it was changed, added or left out", () => {
    const sealed = secrets.encrypt("+351912345678", "externals.mobile", "row-1");
    const open = (text: string) => () => secrets.decrypt(text, "externals.mobile", "row-1");
    const place = fc.nat(sealed.length - 1);
    fc.assert(
      fc.property(place, fc.string({ maxLength: 2 }), (at, other) => {
        const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
        fc.pre(changed !== sealed);
        expect(open(changed)).toThrow(UnsealError);
      }),
    );
  });

  test.each(["", "v1", "v1.", "v2.AAAA", "v1.AAAA", "plain"])("%p is not one", (text) => {
    expect(() => secrets.decrypt(text, "a", "b")).toThrow(UnsealError);
  });

  test("never looks the same twice and does not show what it holds", () => {
    const sealed = Array.from({ length: 50 }, () => secrets.encrypt("same", "a", "b"));
    expect(new Set(sealed).size).toBe(50);
    expect(sealed.join()).not.toContain(Buffer.from("same").toString("base64url"));
  });

  test("of another deployment is refused", () => {
    const other = openKeys(createWrappedKeys([oldKey]), [oldKey]);
    const sealed = other.encrypt("plain", "a", "b");
    expect(() => secrets.decrypt(sealed, "a", "b")).toThrow(UnsealError);
  });
});

describe("a look-up", () => {
  test("is equal for equal values of one name only", () => {
    fc.assert(
      fc.property(words, words, words, words, (name, value, otherName, otherValue) => {
        const isSame = name === otherName && value === otherValue;
        const equal = secrets.lookup(name, value) === secrets.lookup(otherName, otherValue);
        expect(equal).toBe(isSame);
      }),
    );
  });

  test("stays the same after a rotation and differs between deployments", () => {
    const rotated = openKeys(rewrapKeys(wrapped, [newKey, oldKey]), [newKey]);
    const other = openKeys(createWrappedKeys([oldKey]), [oldKey]);
    expect(rotated.lookup("n", "v")).toBe(secrets.lookup("n", "v"));
    expect(other.lookup("n", "v")).not.toBe(secrets.lookup("n", "v"));
  });
});

describe("wrapped keys", () => {
  test("name their encryption key and hold no key in the clear", () => {
    expect(wrapped.keyId).toBe(keyId(oldKey));
    expect(keyId(oldKey)).toMatch(/^[0-9a-f]{8}$/);
    expect(JSON.stringify(wrapped)).not.toContain(oldKey.toString("base64url"));
  });

  test("open with any key of the list, after a rotation with the new one alone", () => {
    const sealed = secrets.encrypt("plain", "a", "b");
    const rewrapped = rewrapKeys(wrapped, [newKey, oldKey]);
    expect(openKeys(wrapped, [newKey, oldKey]).decrypt(sealed, "a", "b")).toBe("plain");
    expect(rewrapped.keyId).toBe(keyId(newKey));
    expect(openKeys(rewrapped, [newKey]).decrypt(sealed, "a", "b")).toBe("plain");
  });

  test("name the missing key's id when no given key opens them", () => {
    expect(() => openKeys(wrapped, [newKey])).toThrow(ConfigError);
    expect(() => openKeys(wrapped, [newKey])).toThrow(keyId(oldKey));
    expect(() => rewrapKeys(wrapped, [newKey])).toThrow(keyId(oldKey));
  });

  test("are not made without an encryption key", () => {
    expect(() => createWrappedKeys([])).toThrow(ConfigError);
  });

  test("are refused when they were changed or swapped", () => {
    const swapped = { ...wrapped, dataKey: wrapped.lookupKey, lookupKey: wrapped.dataKey };
    expect(() => openKeys(swapped, [oldKey])).toThrow(UnsealError);
    expect(() => openKeys({ ...wrapped, dataKey: "v1.x" }, [oldKey])).toThrow(UnsealError);
  });
});
