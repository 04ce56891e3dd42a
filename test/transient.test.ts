import { NumbersUnreadError } from "../src/store/internal-numbers";
import { isTransient } from "../src/store/transient";

function anError(code: string, name = "error"): Error {
  return Object.assign(new Error("no"), { code, name });
}

test.each([
  ["a lost connection", anError("08006")],
  ["too many connections", anError("53300")],
  ["a database that shuts down", anError("57P01")],
  ["a deadlock", anError("40P01")],
  ["a serialisation failure", anError("40001")],
  ["a reset socket", anError("ECONNRESET")],
  ["a refused connection", anError("ECONNREFUSED")],
  ["a broken pipe", anError("EPIPE")],
  [
    "a pool without a free connection",
    Object.assign(new Error("no"), { name: "KnexTimeoutError" }),
  ],
  ["a busy file", anError("SQLITE_BUSY")],
  ["a directory that cannot be read", new NumbersUnreadError("no", { cause: anError("42P01") })],
  ["a connection that ended without a code", new Error("Connection terminated unexpectedly")],
])("%s may pass", (_what, error) => {
  expect(isTransient(error)).toBe(true);
});

test.each([
  ["a broken constraint", anError("23505")],
  ["a column that is not there", anError("42703")],
  ["a text that cannot be kept", anError("22021")],
  ["a constraint of SQLite", anError("SQLITE_CONSTRAINT")],
  ["a wrong argument", anError("ERR_INVALID_ARG_TYPE")],
  ["a code that only begins so", anError("08")],
  ["a code that is no text", Object.assign(new Error("no"), { code: 40_001 })],
  ["a bug", new TypeError("undefined is not a function")],
  ["no error", { code: "08006" }],
  ["nothing", undefined],
])("%s does not", (_what, error) => {
  expect(isTransient(error)).toBe(false);
});
