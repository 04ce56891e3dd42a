/** The tests of `npm run test:browser`; `npm test` leaves them out, as they need a Chromium. */
const { projects } = require("../../jest.config.js");

const [{ transform }] = projects;

/** @type {import("jest").Config} */
module.exports = {
  rootDir: "../..",
  testEnvironment: "node",
  testMatch: ["<rootDir>/test/browser/**/*.test.ts"],
  testTimeout: 120_000,
  maxWorkers: 1,
  transform,
  restoreMocks: true,
};
