import { ANA, startConnect, startReceiver } from "./connect-fixture";

type Fixture = Awaited<ReturnType<typeof startConnect>>;
type Receiver = Awaited<ReturnType<typeof startReceiver>>;
type Body = Record<string, unknown>;

let connect: Fixture;
let bot: Receiver;
let actions: (object | number)[];

beforeEach(async () => {
  connect = await startConnect({ receiptsMode: "auto" });
  actions = [];
  bot = await startReceiver(() => actions.shift() ?? 200);
});
afterEach(async () => {
  await connect.close();
  await bot.close();
});

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const call = () => connect.phones.at(ANA).calls.at(-1)!;

describe("a message that is played", () => {
  interface Receipt {
    deliveryInfoNotification: {
      correlationid: string;
      transid: string;
      deliveryInfo: { code: string; destination: string };
    };
  }
  const receipts = () =>
    bot.bodies().map((body) => (body as unknown as Receipt).deliveryInfoNotification);
  const codes = () => receipts().map(({ deliveryInfo }) => deliveryInfo.code);

  async function play(ms: number): Promise<void> {
    await connect.sendVoice({ callbackUrl: bot.url, correlationId: "c-1" });
    await connect.clock.advance(ms);
  }

  it("rings, is heard and ends", async () => {
    await play(0);
    expect(call().state).toBe("ringing");
    await connect.clock.advance(3 * SECOND);
    expect(call()).toMatchObject({ state: "answered", words: "Incident DB down" });
    await connect.clock.advance(MINUTE);
    expect(call()).toMatchObject({ state: "ended", endedBy: "caller" });
    expect(codes()).toEqual(expect.arrayContaining(["7407", "7408", "7519", "7409", "7405"]));
    expect(codes().slice(0, 3)).toEqual(expect.arrayContaining(["7407", "7408", "7519"]));
    expect(receipts()[0]).toMatchObject({ correlationid: "c-1", transid: call().id });
    expect(receipts()[0]?.deliveryInfo.destination).toBe("12025550143");
  });

  it.each([
    ["busy", ["7407", "7408", "7409", "7402"]],
    ["no-answer", ["7407", "7408", "7409", "7401"]],
    ["declines", ["7407", "7408", "7410", "7409", "7402"]],
    ["hangs-up", ["7407", "7408", "7519", "7405", "7410", "7409"]],
    ["unreachable", ["7407", "7409", "7404"]],
    ["rings", ["7407", "7408", "7409", "7401"]],
    ["voicemail", ["7407", "7408", "7519", "7409", "7405"]],
  ] as const)("reports a phone that %s", async (onCall, expected) => {
    connect.phones.at(ANA).onCall = onCall;
    await play(5 * MINUTE);
    expect(codes().sort()).toEqual([...expected].sort());
    expect(call().isVoicemail).toBe(onCall === "voicemail");
  });

  it("leaves the correlation id out of Disconnected", async () => {
    connect.phones.at(ANA).onCall = "hangs-up";
    await play(MINUTE);
    const disconnected = receipts().find(({ deliveryInfo }) => deliveryInfo.code === "7410");
    expect(disconnected).toMatchObject({ correlationid: "", transid: call().id });
  });

  it("is reported in the flat format too", async () => {
    connect.connect.settings.callbackFormat = "flat";
    connect.phones.at(ANA).onCall = "busy";
    await play(MINUTE);
    const rejected = bot.bodies().find(({ status }) => status === "REJECTED");
    expect(rejected).toMatchObject({ sessionId: call().id, correlationId: "c-1" });
    expect(rejected).toMatchObject({ error: { code: "7402" } });
  });

  it("can be taken by hand", async () => {
    connect.phones.at(ANA).onCall = "rings";
    await play(SECOND);
    connect.phones.answer(ANA);
    connect.phones.press(ANA, "1");
    connect.phones.hangUp(ANA);
    expect(call()).toMatchObject({ state: "ended", endedBy: "callee", digits: "1" });
    await connect.clock.advance(5 * MINUTE);
    expect(codes()).not.toContain("7401");
  });

  it("is heard at once where nobody reads receipts", async () => {
    connect.connect.settings.receiptsMode = "none";
    await play(0);
    expect(call()).toMatchObject({ state: "ended", words: "Incident DB down" });
    expect(bot.received).toEqual([]);
  });

  it("fails at a number that is none", async () => {
    await connect.sendVoice({ callbackUrl: bot.url, dialedNumber: "5550143" });
    await connect.rest();
    expect(codes()).toContain("7404");
  });
});

describe("a call that asks for keys", () => {
  const say = (text: string, collect: object = {}) => ({
    action: "PLAY",
    audio: [{ type: "TTS", text }],
    ...collect,
  });
  const ask = say("Press 1", { maxDigits: 1, digitTimeout: 8 });
  const hangUp = { action: "HANGUP", reason: "done" };
  const events = () => bot.bodies().map((body) => body.event);
  const last = (): Body => bot.bodies().at(-1)!;

  async function start(fields: object = {}): Promise<void> {
    await connect.startCall({ callbackUrl: bot.url, correlationId: "c-1", ...fields });
    await connect.rest();
  }
  async function answer(): Promise<void> {
    connect.phones.answer(ANA);
    await connect.rest();
  }
  async function press(digits: string): Promise<void> {
    connect.phones.press(ANA, digits);
    await connect.rest();
  }

  it("asks the bot at each event what to do", async () => {
    actions = [ask, say("Thank you"), hangUp];
    await start();
    expect(bot.received).toEqual([]);
    await answer();
    expect(last()).toMatchObject({
      event: "ANSWERED",
      sessionId: call().id,
      correlationId: "c-1",
      callerId: "+14085550100",
      dialedNumber: ANA,
      eventTime: "2026-01-05T03:00:00.000Z",
    });
    await press("1");
    expect(last()).toMatchObject({
      event: "COLLECTED_DIGITS",
      digitsReceived: "1",
      numOfDigits: 1,
    });
    await connect.clock.advance(2 * SECOND);
    expect(events()).toEqual(["ANSWERED", "COLLECTED_DIGITS", "PLAYED", "DROPPED"]);
    expect(last()).toMatchObject({ droppedBy: "CALLER", status: "SUCCESS" });
    expect(call()).toMatchObject({ state: "ended", words: "Press 1 Thank you", digits: "1" });
  });

  it("reads the nested form of collecting, several digits and the last key", async () => {
    actions = [say("Code", { collectInput: { maxDigits: 4, terminationDigit: "#" } }), hangUp];
    await start();
    await answer();
    await press("42#");
    expect(last().event).toBe("DROPPED");
    expect(bot.bodies()[1]).toMatchObject({ digitsReceived: "42", terminationDigit: "#" });
  });

  it.each(["SUCCESS", "FAILURE"] as const)(
    "reports that no key was pressed as %s",
    async (status) => {
      connect.connect.settings.noInputStatus = status;
      actions = [ask, ask, hangUp];
      await start();
      await answer();
      await connect.clock.advance(8 * SECOND);
      expect(events()).toEqual(["ANSWERED"]);
      await connect.clock.advance(SECOND);
      expect(last()).toMatchObject({ event: "COLLECTED_DIGITS", status, digitsReceived: "" });
    },
  );

  it("tells of a voicemail some seconds after it answered", async () => {
    actions = [ask, say("Short"), hangUp];
    await start({ detectVoiceMail: true });
    connect.phones.voicemail(ANA);
    await connect.clock.advance(5 * SECOND);
    expect(events()).toEqual(["ANSWERED", "VMDETECTED"]);
    expect(call()).toMatchObject({ isVoicemail: true, words: "Press 1 Short" });
  });

  it("ends when the person hangs up before pressing", async () => {
    actions = [ask];
    await start();
    await answer();
    connect.phones.hangUp(ANA);
    await connect.clock.advance(MINUTE);
    expect(events()).toEqual(["ANSWERED", "DROPPED"]);
    expect(last()).toMatchObject({ droppedBy: "CALLEE", status: "SUCCESS" });
  });

  it.each([
    ["busy", "7402"],
    ["declines", "7402"],
    ["no-answer", "7401"],
    ["rings", "7401"],
    ["unreachable", "7404"],
  ] as const)("fails at a phone that %s", async (onCall, code) => {
    connect.phones.at(ANA).onCall = onCall;
    await start();
    await connect.clock.advance(MINUTE);
    expect(events()).toEqual(["DROPPED"]);
    expect(last()).toMatchObject({ status: "FAILURE", error: { code } });
  });

  it.each([[500], [{ action: "DANCE" }], [200]])(
    "ends when the bot answers %j",
    async (answered) => {
      actions = [answered];
      await start();
      await answer();
      expect(events()).toEqual(["ANSWERED", "DROPPED"]);
      expect(last()).toMatchObject({ status: "FAILURE" });
      expect(call()).toMatchObject({ state: "ended", endedBy: "network" });
    },
  );

  it("repeats an event where told to, and acts on its answer once", async () => {
    connect.faults.add({ service: "callbacks", route: "voice", kind: "duplicate", times: 1 });
    actions = [ask, ask];
    await start();
    await answer();
    expect(events()).toEqual(["ANSWERED", "ANSWERED"]);
    expect(call().words).toBe("Press 1");
  });
});
