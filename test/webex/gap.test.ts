import type { IncomingMessage } from "../../src/bot/incoming";
import { RemoteError } from "../../src/errors";
import { findMissed, type GapSearch } from "../../src/webex/gap";

const start = Date.UTC(2026, 0, 5, 3, 0, 0);

function aMessage(id: string, changes: Partial<IncomingMessage> = {}): IncomingMessage {
  return {
    kind: "message",
    id,
    spaceId: "space-1",
    spaceKind: "group",
    personId: "ana",
    personEmail: "ana@corp.example",
    text: "Muster status",
    at: start,
    ...changes,
  };
}

const down = new RemoteError("down", {
  service: "webex",
  status: 500,
  retryable: true,
  unclear: false,
});

function search(
  written: Record<string, IncomingMessage[] | Error>,
  rest: Partial<GapSearch> = {},
): GapSearch {
  const read = (id: string, since: number): Promise<IncomingMessage[]> => {
    const found = written[id] ?? [];
    if (found instanceof Error) return Promise.reject(found);
    return Promise.resolve(found.filter(({ at }) => at >= since));
  };
  const client = { listMentions: read, listDirect: read };
  return { client, botId: "bot", spaces: [], directPersons: [], ...rest };
}

const group = (id: string): GapSearch["spaces"][number] => ({ id, kind: "group", since: start });

describe("what was missed", () => {
  test("comes as Webex would have posted it", async () => {
    const spaces = [group("space-1")];
    const { missed, failures } = await findMissed(
      search({ "space-1": [aMessage("m1")] }, { spaces }),
    );
    expect(failures).toEqual([]);
    expect(missed).toEqual([
      {
        resource: "messages",
        event: "created",
        data: {
          id: "m1",
          roomId: "space-1",
          roomType: "group",
          personId: "ana",
          personEmail: "ana@corp.example",
          created: "2026-01-05T03:00:00.000Z",
        },
      },
    ]);
  });

  test("is ordered over all conversations and leaves the bot's own out", async () => {
    const written = {
      "space-1": [aMessage("late", { at: start + 3 })],
      "space-2": [aMessage("early", { at: start + 1 })],
      ana: [
        aMessage("middle", { at: start + 2, spaceKind: "direct" }),
        aMessage("own", { at: start + 2, personId: "bot", spaceKind: "direct" }),
      ],
    };
    const spaces = [group("space-1"), group("space-2")];
    const directPersons = [{ id: "ana", since: start }];
    const { missed } = await findMissed(search(written, { spaces, directPersons }));
    expect(missed.map(({ data }) => data.id)).toEqual(["early", "middle", "late"]);
  });

  test("is read in group spaces only: a direct one is read by its person", async () => {
    const spaces: GapSearch["spaces"] = [{ id: "space-1", kind: "direct", since: start }];
    expect((await findMissed(search({ "space-1": [aMessage("m1")] }, { spaces }))).missed).toEqual(
      [],
    );
  });

  test("in one space is not hidden by the failure of others", async () => {
    const written = {
      "space-1": down,
      "space-2": [aMessage("m2")],
      ana: down,
      bo: [aMessage("m3")],
    };
    const spaces = [group("space-1"), group("space-2")];
    const directPersons = ["ana", "bo"].map((id) => ({ id, since: start }));
    const { missed, failures } = await findMissed(search(written, { spaces, directPersons }));
    expect(missed.map(({ data }) => data.id)).toEqual(["m2", "m3"]);
    expect(failures).toEqual([
      { id: "space-1", error: down },
      { id: "ana", error: down },
    ]);
  });

  test("is read from many conversations, a few at once", async () => {
    let open = 0;
    let most = 0;
    const listDirect = async (id: string): Promise<IncomingMessage[]> => {
      most = Math.max(most, ++open);
      await Promise.resolve();
      open -= 1;
      return [aMessage(id)];
    };
    const directPersons = Array.from({ length: 23 }, (_, n) => ({ id: `p${n}`, since: start }));
    const plan = search({}, { directPersons });
    const { missed } = await findMissed({ ...plan, client: { ...plan.client, listDirect } });
    expect(missed).toHaveLength(23);
    expect(most).toBe(5);
  });

  test("does not hide a mistake of ours", async () => {
    const spaces = [group("space-1")];
    const plan = search({ "space-1": new TypeError("oops") }, { spaces });
    await expect(findMissed(plan)).rejects.toThrow("oops");
  });
});
