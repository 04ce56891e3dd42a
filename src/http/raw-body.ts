import express, { type Request } from "express";

const MAX_BODY = "256kb";

/** Reads the body as the bytes that were sent, whatever it says it is; 413 where it is too large. */
export const readRawBody = express.raw({ type: () => true, limit: MAX_BODY });

/** The bytes that `readRawBody` read; none where the request had no body. */
export function rawBodyOf(request: Request): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}
