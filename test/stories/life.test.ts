import { openStoryBook, seconds } from "../support/story";

const { story } = openStoryBook();

story("Muster, added to a space, says how ready it is", async (told) => {
  const { space } = await told.space({
    moderators: ["Ana"],
    members: ["Ben"],
    isGreetingTold: true,
  });
  space.expectCard("ready", /Ready/);
});

story("an incident from its start to its end", async (told) => {
  const { ana, ben, space } = await told.space({ moderators: ["Ana"], members: ["Ben", "Cleo"] });
  const phone = told.phone();
  await told.addExternal(space, ana, { name: "Bo", mobile: phone, voice: phone });
  await ana.says(space, "@Muster start incident payments down");
  await told.advance(seconds(15));
  ben.expectDirect(/nope/);
});
