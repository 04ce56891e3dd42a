import { Limiter } from "../../src/sandbox/connect/limiter";
import { startConnect } from "./connect-fixture";

type Fixture = Awaited<ReturnType<typeof startConnect>>;
let connect: Fixture;

beforeEach(async () => {
  connect = await startConnect();
});
afterEach(() => connect.close());

const withKey = (key: string) => ({ "idempotency-key": key });
const MINUTE = 60_000;

describe("an Idempotency-Key", () => {
  it("is refused with 409 for an hour, and nothing is sent again", async () => {
    expect((await connect.sendSms({}, withKey("n-1"))).status).toBe(202);
    await connect.clock.advance(59 * MINUTE);
    expect((await connect.sendSms({}, withKey("n-1"))).status).toBe(409);
    expect(connect.connect.accepted).toHaveLength(1);
    await connect.clock.advance(MINUTE);
    expect((await connect.sendSms({}, withKey("n-1"))).status).toBe(202);
    expect(connect.connect.accepted).toHaveLength(2);
  });

  it("lets only one of two requests through that come at once", async () => {
    connect.connect.settings.latencyMs = 20;
    const both = await Promise.all([1, 2].map(() => connect.sendSms({}, withKey("n-1"))));
    expect(both.map(({ status }) => status).sort()).toEqual([202, 409]);
    expect(connect.connect.accepted).toHaveLength(1);
  });

  it("is not used up by a refusal, unless set so", async () => {
    await connect.sendSms({ contentType: "HTML" }, withKey("n-1"));
    expect((await connect.sendSms({}, withKey("n-1"))).status).toBe(202);
    connect.connect.settings.refusalUsesKey = true;
    await connect.sendSms({ contentType: "HTML" }, withKey("n-2"));
    expect((await connect.sendSms({}, withKey("n-2"))).status).toBe(409);
  });

  it.each(["x".repeat(65), "a b", "a/b", "ä"])("must have the documented form: %s", async (key) => {
    const sent = await connect.sendSms({}, withKey(encodeURI(key).includes("%C3") ? "\xe4" : key));
    expect(sent).toMatchObject({ status: 400, body: { code: "7004" } });
  });

  it("may be left out", async () => {
    expect((await connect.sendSms()).status).toBe(202);
    expect((await connect.sendSms()).status).toBe(202);
  });
});

describe("the limit per second", () => {
  it("answers 429 with code 7020, per channel", async () => {
    connect.connect.settings.ratePerSecond = 1;
    expect((await connect.sendSms()).status).toBe(202);
    expect(await connect.sendSms()).toMatchObject({ status: 429, body: { code: "7020" } });
    expect((await connect.sendVoice()).status).toBe(202);
    expect(connect.connect.accepted).toHaveLength(2);
  });

  it("allows one second's worth at once and then follows real time", () => {
    let now = 0;
    const limiter = new Limiter(() => now);
    const take = (n: number) => Array.from({ length: n }, () => limiter.allows("sms", 3));
    expect(take(4)).toEqual([true, true, true, false]);
    now = 1000;
    expect(take(4)).toEqual([true, true, true, false]);
  });

  it("does not take a request for a breach that comes a moment early", () => {
    let now = 0;
    const limiter = new Limiter(() => now);
    expect(limiter.allows("sms", 1)).toBe(true);
    now = 960;
    expect(limiter.allows("sms", 1)).toBe(true);
  });
});
