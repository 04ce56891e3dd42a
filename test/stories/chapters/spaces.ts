import type { StoryBook } from "../../support/story";
import { seconds } from "../../support/story";

/** The spaces that somebody shares with the bot. */
export function spacesStories({ story }: StoryBook): void {
  story("are told to whoever moderates them, with what goes on there", async (told) => {
    const { ana, ben, space } = await told.space({ moderators: ["Ana"], members: ["Ben"] });
    await ana.writes("spaces");
    ana.expectDirect(/Spaces that you moderate\n1 space\nPayments \d+\nQuiet, no incident so far/);
    await ana.says(space, "@Muster start incident **payments** down");
    told.takeAll();
    await ana.writes("Spaces");
    ana.expectDirect(/Incident \d+ is running since \d\d:\d\d UTC: \*\*payments\*\* down/);
    await ana.presses("Stop…");
    await ana.presses("Stop, keep everyone");
    told.takeAll();
    await ana.writes("spaces");
    ana.expectDirect(/Quiet; incident \d+, \*\*payments\*\* down, was over at \d\d:\d\d UTC/);
    await ben.writes("spaces");
    ben.expectDirect(/You moderate none of the spaces that I am in/);
  });

  story("come on pages of ten, those first in which something happened last", async (told) => {
    const { ana, space } = await told.space({ moderators: ["Ana"], title: "First" });
    const { world } = told.sandbox;
    for (let count = 1; count <= 11; count += 1) {
      const { id } = world.addSpace({ title: `More ${count}`, isLocked: true });
      for (const person of [ana.id, world.bot().id])
        world.setMember({ space: id, person, moderator: true });
    }
    await told.settle();
    await told.advance(seconds(1));
    await ana.says(space, "@Muster status");
    told.takeAll();
    await ana.writes("spaces");
    ana.expectDirect(/\n1 to 10 of 12 spaces\nFirst\n[^]*\[Next\]/);
    const next = ana.sees("Next");
    await ana.presses(next);
    ana.expectDirect(/\n11 to 12 of 12 spaces\n[^]*\[Previous\]/);
    await ana.presses("Previous");
    ana.expectDirect(/\n1 to 10 of 12 spaces\n/);
    await ana.presses({ ...next, data: { ...next.data, page: 900 } });
    ana.expectDirect(/\n1 to 10 of 12 spaces\n/);
    await ana.presses({ ...next, data: { ...next.data, page: "1; drop table" } });
    ana.expectDirect(/This form was used already, or is too old/);
  });
}
