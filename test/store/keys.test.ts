import { ConfigError } from "../../src/errors";
import { keyId } from "../../src/secrets";
import type { Store } from "../../src/store/store";
import { eachDatabase, ENCRYPTION_KEY } from "../support/databases";

const NEW_KEY = Buffer.alloc(32, 2);
const STRANGE_KEY = Buffer.alloc(32, 3);

async function storedKeys(store: Store): Promise<string> {
  const rows = await store.db.write<{ id: number; wrapped: string }>("data_keys");
  expect(rows).toHaveLength(1);
  return rows[0]!.wrapped;
}

eachDatabase("the keys", ({ dialect, open }) => {
  it("are made once and open what an earlier start sealed", async () => {
    const first = await open();
    const sealed = first.secrets.encrypt("+14085550101", "responders.mobile", "r-eve");
    const made = await storedKeys(first);
    await first.close();
    const second = await open();
    expect(second.secrets.decrypt(sealed, "responders.mobile", "r-eve")).toBe("+14085550101");
    expect(await storedKeys(second)).toBe(made);
  });

  it("lie there in no readable form", async () => {
    const store = await open();
    const wrapped = JSON.parse(await storedKeys(store)) as Record<string, string>;
    expect(Object.keys(wrapped).sort()).toEqual(["dataKey", "keyId", "lookupKey"]);
    expect(wrapped.keyId).toBe(keyId(ENCRYPTION_KEY));
    expect(wrapped.dataKey).toMatch(/^v1\./);
    expect(wrapped.lookupKey).toMatch(/^v1\./);
  });

  it("are wrapped anew by a new first key, and then need the old one no more", async () => {
    const before = await open();
    const sealed = before.secrets.encrypt("secret", "inbox", "1");
    const lookup = before.secrets.lookup("number", "+14085550101");
    await before.close();
    const rotating = await open({ encryptionKeys: [NEW_KEY, ENCRYPTION_KEY] });
    expect(JSON.parse(await storedKeys(rotating))).toMatchObject({ keyId: keyId(NEW_KEY) });
    await rotating.close();
    const after = await open({ encryptionKeys: [NEW_KEY] });
    expect(after.secrets.decrypt(sealed, "inbox", "1")).toBe("secret");
    expect(after.secrets.lookup("number", "+14085550101")).toBe(lookup);
  });

  it("stay as they are when the first key has not changed", async () => {
    const before = await open();
    const made = await storedKeys(before);
    await before.close();
    const after = await open({ encryptionKeys: [ENCRYPTION_KEY, STRANGE_KEY] });
    expect(await storedKeys(after)).toBe(made);
  });

  it("refuse a wrong key by the id of the right one, and change nothing", async () => {
    const before = await open();
    const made = await storedKeys(before);
    await before.close();
    const refused = open({ encryptionKeys: [STRANGE_KEY] });
    await expect(refused).rejects.toBeInstanceOf(ConfigError);
    await expect(refused).rejects.toThrow(`encrypted with key ${keyId(ENCRYPTION_KEY)}`);
    // The refused start holds nothing that keeps the next one out.
    expect(await storedKeys(await open())).toBe(made);
  });

  if (dialect === "postgres")
    it("are the same for processes that start for the first time at once", async () => {
      const stores = await Promise.all([open(), open(), open()]);
      const sealed = stores[0].secrets.encrypt("secret", "inbox", "1");
      for (const store of stores)
        expect(store.secrets.decrypt(sealed, "inbox", "1")).toBe("secret");
    });
});
