import { RemoteError, type RemoteFailure } from "../../src/errors";
import type { DirectoryPerson } from "../../src/directory/directory";
import type { DirectoryWriter, PeoplePage } from "../../src/directory/ports";

export function person(id: string): DirectoryPerson {
  return { personId: id, name: `Person ${id}`, email: `${id}@corp.example`, phones: [] };
}

export function failure(more: Partial<RemoteFailure> = {}): RemoteError {
  return new RemoteError("Webex failed", {
    ...{ service: "webex" as const, retryable: true, unclear: false },
    ...more,
  });
}

type Answer = PeoplePage | Error;

/** Webex's list: so many pages of two people each, at the addresses "2", "3" and so on. */
export class FakeList {
  readonly asked: string[] = [];
  /** What is answered instead, once for each, by address. */
  readonly instead = new Map<string, Answer[]>();
  /** Waited for before each answer. */
  before: (address: string) => Promise<void> = () => Promise.resolve();

  constructor(private readonly pages: number) {}

  fails(address: string, ...errors: Answer[]): this {
    this.instead.set(address, errors);
    return this;
  }

  async readPage(next: string | undefined): Promise<PeoplePage> {
    const address = next ?? "1";
    this.asked.push(address);
    await this.before(address);
    const answer = this.instead.get(address)?.shift() ?? this.page(Number(address));
    if (answer instanceof Error) throw answer;
    return answer;
  }

  page(number: number): PeoplePage {
    const more = number < this.pages ? { next: String(number + 1) } : {};
    return { people: [person(`${number}a`), undefined, person(`${number}b`)], ...more };
  }
}

/** Keeps what was written in memory. */
export class FakeWriter implements DirectoryWriter {
  readonly ids = new Set<string>();
  state: "open" | "replaced" | "discarded" = "open";

  add(people: Iterable<DirectoryPerson>): Promise<number> {
    const before = this.ids.size;
    for (const { personId } of people) this.ids.add(personId);
    return Promise.resolve(this.ids.size - before);
  }

  replace() {
    this.state = "replaced";
    return Promise.resolve({ people: this.ids.size, withoutEmail: 0, undialledNumbers: 0 });
  }

  discard(): Promise<void> {
    this.state = "discarded";
    return Promise.resolve();
  }
}
