import type { GeneratedDirectory } from "./directory";
import type { SandboxPerson } from "./model";

/** A list that need not lie in memory. An array is one. */
export interface Listing<Item> {
  readonly length: number;
  slice(start: number, end: number): Item[];
  findIndex(fits: (item: Item) => boolean): number;
}

/**
 * Everybody at Webex, by id. Of a directory's many people only those are kept, and walked over,
 * whom somebody has looked up; see `listing` for all of them.
 */
export class PeopleTable extends Map<string, SandboxPerson> {
  private directory: GeneratedDirectory | undefined;
  private readonly byEmail = new Map<string, SandboxPerson>();

  /** From now on there are these people besides those who have been put here. */
  fill(directory: GeneratedDirectory): void {
    this.directory = directory;
  }

  override get(id: string): SandboxPerson | undefined {
    return super.get(id) ?? this.generated(this.directory?.indexOf(id));
  }

  override has(id: string): boolean {
    return super.has(id) || this.directory?.indexOf(id) !== undefined;
  }

  override set(id: string, person: SandboxPerson): this {
    if (person.email !== "") this.byEmail.set(person.email.toLowerCase(), person);
    return super.set(id, person);
  }

  getByEmail(email: string): SandboxPerson | undefined {
    const known = this.byEmail.get(email.toLowerCase());
    return known ?? this.generated(this.directory?.indexOfEmail(email));
  }

  /** The organisation's people and guests: who has been put here, then the whole directory. */
  listing(orgId: string): Listing<SandboxPerson> {
    const { directory } = this;
    const put = [...this.values()].filter(
      (person) =>
        person.orgId === orgId &&
        person.type !== "bot" &&
        directory?.indexOf(person.id) === undefined,
    );
    return directory?.orgId === orgId ? new Filled(put, directory, (id) => super.get(id)) : put;
  }

  /** The organisation's people, guests and bots of that name. Looks at every one of them. */
  named(orgId: string, fits: (displayName: string) => boolean): SandboxPerson[] {
    const { directory } = this;
    const isSeen = ({ orgId: org, displayName }: SandboxPerson) =>
      org === orgId && fits(displayName);
    const found = [...this.values()].filter(isSeen);
    if (directory?.orgId !== orgId) return found;
    for (let index = 0; index < directory.size; index += 1) {
      const id = fits(directory.nameAt(index)) ? directory.idAt(index) : undefined;
      if (id !== undefined && !super.has(id)) found.push(directory.personAt(index));
    }
    return found;
  }

  /** Kept from now on, so that what happens to this person stays. */
  private generated(index: number | undefined): SandboxPerson | undefined {
    const person = index === undefined ? undefined : this.directory?.personAt(index);
    if (person) this.set(person.id, person);
    return person;
  }
}

class Filled implements Listing<SandboxPerson> {
  readonly length: number;

  constructor(
    private readonly put: readonly SandboxPerson[],
    private readonly directory: GeneratedDirectory,
    private readonly kept: (id: string) => SandboxPerson | undefined,
  ) {
    this.length = put.length + directory.size;
  }

  slice(start: number, end: number): SandboxPerson[] {
    const people = this.put.slice(start, end);
    const first = Math.max(start, this.put.length);
    for (let at = first; at < Math.min(end, this.length); at += 1) people.push(this.at(at));
    return people;
  }

  findIndex(fits: (person: SandboxPerson) => boolean): number {
    for (let at = 0; at < this.length; at += 1) {
      const person = this.put[at] ?? this.at(at);
      if (fits(person)) return at;
    }
    return -1;
  }

  private at(position: number): SandboxPerson {
    const index = position - this.put.length;
    return this.kept(this.directory.idAt(index)) ?? this.directory.personAt(index);
  }
}
