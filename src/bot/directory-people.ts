import type { FoundPerson } from "../directory/directory";
import type { Directory } from "../directory/ports";
import type { DirectoryFinds, DirectoryLack } from "./search-people";

export interface DirectoryPeople {
  searchDirectory: (term: string, limit: number) => Promise<DirectoryFinds>;
  findInDirectory: (personIds: readonly string[]) => Promise<ReadonlyMap<string, FoundPerson>>;
}

export interface DirectoryPeopleOptions {
  directory: Pick<Directory, "search" | "findPeople" | "status">;
  /** The integration is configured, through which an administrator can open the directory. */
  hasIntegration: boolean;
  /** Our copy of the directory could not be read. */
  onFailure: (error: unknown) => void;
}

/**
 * The directory as `add` looks into it. A search never throws: whoever is outside the directory is
 * found all the same, and where nobody is found the answer says why the directory knew nobody.
 */
export function createDirectoryPeople(options: DirectoryPeopleOptions): DirectoryPeople {
  const { directory, hasIntegration, onFailure } = options;
  return {
    searchDirectory: async (term, limit) => {
      try {
        const finds = await directory.search(term, limit);
        if (finds.found.length > 0) return finds;
        const lack = lackOf(await directory.status(), hasIntegration);
        return { ...finds, ...(lack ? { lack } : {}) };
      } catch (error) {
        onFailure(error);
        return { found: [], isMore: false, lack: "broken" };
      }
    },
    findInDirectory: (personIds) =>
      personIds.length === 0 ? Promise.resolve(new Map()) : directory.findPeople(personIds),
  };
}

function lackOf(
  { dueAt, syncedAt }: Awaited<ReturnType<Directory["status"]>>,
  hasIntegration: boolean,
): DirectoryLack | undefined {
  if (syncedAt !== undefined) return undefined;
  if (!hasIntegration) return "integration";
  return dueAt === undefined ? "grant" : "sync";
}
