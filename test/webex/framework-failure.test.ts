import { RemoteError } from "../../src/errors";
import { isFrameworkError, startFailure } from "../../src/webex/framework-failure";

function thrownAt(...frames: string[]): Error {
  const error = new Error("boom");
  error.stack = ["Error: boom", ...frames.map((frame) => `    at ${frame}`)].join("\n");
  return error;
}

const ours = "Router.route (/opt/muster/dist/src/bot/router.js:10:5)";
const framework =
  "Framework.spawn (/opt/muster/node_modules/webex-node-bot-framework/lib/framework.js:1:1)";
const lodash = "baseEach (/opt/muster/node_modules/lodash/lodash.js:1:1)";
const node = "process.processTicksAndRejections (node:internal/process/task_queues:95:5)";

describe("an error is the framework's", () => {
  test.each([
    ["made by the framework", [framework, node]],
    [
      "made by the SDK",
      ["x (/opt/muster/node_modules/@webex/http-core/dist/request.js:1:1)", node],
    ],
    ["made by the SDK's front", ["/opt/muster/node_modules/webex/dist/webex.js:1:1"]],
    ["made by a library that it called", [lodash, framework, ours]],
    ["made by Node that it called", ["new Promise (<anonymous>)", node, framework]],
    ["on Windows", ["x (C:\\muster\\node_modules\\@webex\\common\\dist\\index.js:1:1)"]],
  ])("when it was %s", (_name, frames) => {
    expect(isFrameworkError(thrownAt(...frames))).toBe(true);
  });

  test.each([
    ["made by us", [ours, node]],
    ["made by us and passed through it", [ours, framework]],
    ["made by a library that we called", [lodash, ours, framework]],
    ["made nowhere that can be told", [node]],
    [
      "made by a package with a similar name",
      ["x (/opt/muster/node_modules/webex-other/a.js:1:1)"],
    ],
  ])("not when it was %s", (_name, frames) => {
    expect(isFrameworkError(thrownAt(...frames))).toBe(false);
  });

  test.each([undefined, null, "a text", { stack: framework }])("not when it is %p", (reason) => {
    expect(isFrameworkError(reason)).toBe(false);
  });
});

describe("the SDK's failure to start", () => {
  test("keeps its status", () => {
    const failure = startFailure(Object.assign(new Error("Bearer abc"), { statusCode: 503 }));
    expect(failure.failure).toMatchObject({ status: 503, retryable: true });
    expect(failure.message).not.toContain("Bearer");
  });

  test.each([undefined, new Error("reset"), Object.assign(new Error("no"), { statusCode: 0 })])(
    "without an answer is worth another try: %p",
    (error) => {
      expect(startFailure(error).failure).toMatchObject({ retryable: true });
    },
  );

  test("stays a RemoteError that it was", () => {
    const error = new RemoteError("x", { service: "webex", retryable: false, unclear: false });
    expect(startFailure(error)).toBe(error);
  });
});
