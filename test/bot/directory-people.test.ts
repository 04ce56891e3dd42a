import { createDirectoryPeople } from "../../src/bot/directory-people";
import type { DirectoryStatus, FoundPerson } from "../../src/directory/directory";

const ida = { personId: "ida", name: "Ida Dahl", email: "ida@corp.example" };

function lookingInto(
  found: readonly FoundPerson[],
  status: DirectoryStatus,
  hasIntegration = true,
) {
  const calls: string[] = [];
  const failures: unknown[] = [];
  const people = createDirectoryPeople({
    directory: {
      search: (term, limit) => {
        calls.push(`search ${term} ${limit}`);
        return Promise.resolve({ found: [...found], isMore: false });
      },
      status: () => {
        calls.push("status");
        return Promise.resolve(status);
      },
      findPeople: (ids) => {
        calls.push(`find ${ids.join()}`);
        return Promise.resolve(new Map(found.map((one) => [one.personId, one])));
      },
    },
    hasIntegration,
    onFailure: (error) => failures.push(error),
  });
  return { ...people, calls, failures };
}

test("somebody is found with one look", async () => {
  const { calls, searchDirectory } = lookingInto([ida], {});
  expect(await searchDirectory("ida", 20)).toEqual({ found: [ida], isMore: false });
  expect(calls).toEqual(["search ida 20"]);
});

test.each<[string, DirectoryStatus, boolean, object]>([
  ["is there", { syncedAt: 1 }, true, {}],
  ["is there, though nothing renews it", { syncedAt: 1 }, false, {}],
  ["is not connected", {}, false, { lack: "integration" }],
  ["was opened by nobody", {}, true, { lack: "grant" }],
  ["was not read yet", { dueAt: 1, lastError: "x" }, true, { lack: "sync" }],
])("nobody is found in a directory that %s", async (_what, status, hasIntegration, lack) => {
  const { searchDirectory } = lookingInto([], status, hasIntegration);
  expect(await searchDirectory("ida", 20)).toEqual({ found: [], isMore: false, ...lack });
});

test("nobody is found in a directory that cannot be read, which is told to who runs the server", async () => {
  const broken = new Error("database disk image is malformed");
  const failures: unknown[] = [];
  const { searchDirectory } = createDirectoryPeople({
    directory: {
      search: () => Promise.reject(broken),
      status: () => Promise.reject(broken),
      findPeople: () => Promise.reject(broken),
    },
    hasIntegration: true,
    onFailure: (error) => failures.push(error),
  });
  expect(await searchDirectory("ida", 20)).toEqual({ found: [], isMore: false, lack: "broken" });
  expect(failures).toEqual([broken]);
});

test("nobody is looked for where nobody was chosen", async () => {
  const { calls, findInDirectory } = lookingInto([ida], {});
  expect((await findInDirectory([])).size).toBe(0);
  expect(calls).toEqual([]);
  expect((await findInDirectory(["ida"])).get("ida")).toEqual(ida);
});
