import type { AddressInfo } from "node:net";
import express from "express";

/** The least that an Express server can do, in a process of its own. */
const server = express()
  .all("/", (_request, response) => response.end())
  .listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
