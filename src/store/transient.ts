import { NumbersUnreadError } from "./internal-numbers";

/** Connection, resources, an operator who intervenes, and transactions that met each other. */
const passingClasses = new Set(["08", "53", "57", "40"]);
const passingCodes = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "SQLITE_BUSY"]);
const SQLSTATE = /^[0-9A-Z]{5}$/;

/**
 * Whether the database may do the same another time: it was away, busy or overtaken, or the
 * directory beside it could not be read.
 */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof NumbersUnreadError || error.name === "KnexTimeoutError") return true;
  // What the driver of PostgreSQL says when a connection ends has no code.
  if (error.message.startsWith("Connection terminated")) return true;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (passingCodes.has(code)) return true;
  return SQLSTATE.test(code) && passingClasses.has(code.slice(0, 2));
}
