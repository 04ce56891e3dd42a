import { minutes, seconds, type Story, type StoryBook } from "../../support/story";

const ASKED = /You are needed now for the incident payments down\..*Press 1 if you are coming/;

/** Calls whose answer is a key; the bot is started with VOICE_MODE=interactive. */
export function keypadStories({ story }: StoryBook): void {
  /** An incident of Ana's, and the phone of Bo, which rings. */
  async function calling(told: Story, language?: string) {
    const cast = await told.space({ moderators: ["Ana"] });
    const bo = told.phone();
    const bosWish = language === undefined ? {} : { language };
    await told.addExternal(cast.space, cast.ana, { name: "Bo", voice: bo, ...bosWish });
    await cast.ana.says(cast.space, "@Muster start incident payments down");
    told.takeAll();
    return { ...cast, bo };
  }

  type Stage = Awaited<ReturnType<typeof calling>>;

  /** Lets time pass until the status card shows what became of Bo, and of the call. */
  async function showsThen(told: Story, { ana, space }: Stage, ...patterns: RegExp[]) {
    await told.advance(minutes(2));
    told.takeAll();
    await ana.says(space, "@Muster status");
    space.expectStatus(...patterns);
    await ana.says(space, "@Muster stop incident");
    await ana.presses("Stop, keep everyone");
    await told.advance(minutes(2));
    told.takeAll();
  }

  /** The events that the provider asked about in the newest call. */
  const eventsOf = (told: Story, { bo }: Stage): Record<string, unknown>[] =>
    told.sandbox.connect.callbacks.log
      .map(({ body }) => JSON.parse(body) as Record<string, unknown>)
      .filter(({ sessionId }) => sessionId === bo.call.id);

  async function deliver(told: Story, event: Record<string, unknown>): Promise<unknown> {
    const url = told.sandbox.connect.callbacks.log.at(-1)?.url ?? "";
    const response = await fetch(url, { method: "POST", body: JSON.stringify(event) });
    expect(response.status).toBe(200);
    const text = await response.text();
    await told.settle();
    return JSON.parse(text) as unknown;
  }

  story("a key is an answer, however often the provider asks what to do", async (told) => {
    told.faults.add({ service: "callbacks", route: "voice", kind: "duplicate" });
    const stage = await calling(told);
    const { bo } = stage;
    await bo.answers();
    expect(bo.call.words).toMatch(ASKED);
    await bo.pressesKeys("1");
    expect(bo.call.words).toMatch(/Thank you\. You are down as coming\. To join, open the space/);
    expect(bo.call.words.match(/You are down/g)).toHaveLength(1);
    await told.advance(minutes(1));
    expect(bo.call).toMatchObject({ state: "ended", endedBy: "caller" });
    await showsThen(told, stage, /Bo\n.*Coming/i, /Call: heard \d+ s/);
  });

  story("star says it again, a wrong key is told, each in Bo's language", async (told) => {
    const stage = await calling(told, "de");
    const { bo } = stage;
    await bo.answers();
    const once = bo.call.words;
    expect(once).toMatch(/Sie werden jetzt.*Drücken Sie die 1/);
    await bo.pressesKeys("*");
    expect(bo.call.words).toBe(`${once} ${once}`);
    await bo.pressesKeys("7");
    expect(bo.call.words).toMatch(
      /Diese Taste habe ich nicht verstanden\. Drücken Sie die 1[^.]*\.$/,
    );
    const [answered] = eventsOf(told, stage);
    expect(await deliver(told, answered!)).toMatchObject({
      audio: [{ language: "de-DE", voice: "KatjaNeural" }],
    });
    await bo.pressesKeys("2");
    expect(bo.call.words).toMatch(/Danke\. Es ist notiert, dass Sie nicht kommen\.$/);
    await showsThen(told, stage, /Bo\n.*Declined/i);
  });

  story("silence is asked once more, then it ends; the call counts as heard", async (told) => {
    const stage = await calling(told);
    const { bo } = stage;
    told.sandbox.connect.settings.noInputStatus = "FAILURE";
    await bo.answers();
    await told.advance(minutes(2));
    expect(bo.call.words.match(/Press 1/g)).toHaveLength(2);
    expect(bo.call.words).toMatch(/I have no answer from you\. Goodbye\.$/);
    expect(bo.call).toMatchObject({ state: "ended", endedBy: "caller" });
    await showsThen(told, stage, /Bo\n.*Waiting/i, /2 reached/);
  });

  story("a voicemail is left the message and is no answer", async (told) => {
    const stage = await calling(told);
    const { bo } = stage;
    await bo.answersByVoicemail();
    await told.advance(minutes(1));
    expect(bo.call.words).toMatch(/Press 1[^.]*\. This is Muster\. You are needed now/);
    expect(bo.call.words.match(/Press 1/g)).toHaveLength(1);
    expect(bo.call).toMatchObject({ state: "ended", endedBy: "caller" });
    await showsThen(told, stage, /Bo\n.*Not reached/i, /Call: failed, a voicemail answered/);
  });

  story("hanging up is no answer; the next calls take one, and a change of mind", async (told) => {
    const stage = await calling(told);
    const { ana, bo, space } = stage;
    await bo.answers();
    await told.advance(seconds(4));
    await bo.hangsUp();
    await ana.says(space, "@Muster remind Bo");
    told.takeAll();
    await ana.says(space, "@Muster status");
    space.expectStatus(/Bo\n.*Waiting/i);
    await bo.answers();
    expect(bo.call.words).toMatch(/You are still needed.*Press 1/);
    await bo.pressesKeys("1");
    await told.advance(minutes(1));
    await ana.says(space, "@Muster remind Bo");
    await bo.answers();
    await bo.pressesKeys("2");
    await showsThen(told, stage, /Bo\n.*Declined/i);
  });

  story("a phone that is busy is not reached, and the card says why", async (told) => {
    const cast = await told.space({ moderators: ["Ana"] });
    const bo = told.phone();
    told.sandbox.phones.at(bo.number).onCall = "busy";
    await told.addExternal(cast.space, cast.ana, { name: "Bo", voice: bo });
    await cast.ana.says(cast.space, "@Muster start incident payments down");
    await showsThen(told, { ...cast, bo }, /Bo\n.*Not reached/i, /Call: failed, busy/);
  });

  story("the same event again gets the same answer and writes nothing", async (told) => {
    const stage = await calling(told);
    const { bo } = stage;
    await bo.answers();
    await bo.pressesKeys("1");
    const pressed = eventsOf(told, stage).at(-1)!;
    expect(pressed).toMatchObject({ event: "COLLECTED_DIGITS", digitsReceived: "1" });
    const before = await told.world.memory();
    const again = await deliver(told, pressed);
    expect(again).toMatchObject({ action: "PLAY", audio: [{ type: "TTS" }] });
    expect(JSON.stringify(again)).toContain("You are down as coming");
    expect(await deliver(told, pressed)).toEqual(again);
    // An older one does not end the words that are being said.
    const answered = eventsOf(told, stage).find(({ event }) => event === "ANSWERED")!;
    expect(await deliver(told, answered)).toEqual(again);
    expect(await told.world.memory()).toEqual(before);
    const strange = { ...pressed, sessionId: "s-999", correlationId: "n-999" };
    expect(await deliver(told, strange)).toEqual({ action: "HANGUP", reason: "done" });
    await showsThen(told, stage, /Bo\n.*Coming/i);
    // After the end a key is nobody's answer any more.
    const late = await deliver(told, { ...pressed, digitsReceived: "2" });
    expect(late).toEqual({ action: "HANGUP", reason: "done" });
  });

  story("a key that is pressed after the stop is no answer", async (told) => {
    const stage = await calling(told);
    const { ana, bo, space } = stage;
    await bo.answers();
    await ana.says(space, "@Muster stop incident");
    await ana.presses("Stop, keep everyone");
    await bo.pressesKeys("1");
    expect(bo.call.words).toMatch(/This is Muster\. The incident payments down is over\.$/);
    await told.advance(minutes(2));
    expect(bo.call).toMatchObject({ state: "ended", endedBy: "caller" });
    told.takeAll();
  });
}
