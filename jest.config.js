/** @type {import("jest").Config} */
const shared = {
  rootDir: ".",
  testEnvironment: "node",
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
  restoreMocks: true,
};

/** @type {import("jest").Config} */
const config = {
  maxWorkers: 2,
  workerIdleMemoryLimit: "1GB",
  projects: [
    {
      ...shared,
      displayName: "rules",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: [
        "/node_modules/",
        "<rootDir>/test/(store|stories|chaos|install|browser)/",
      ],
      setupFilesAfterEnv: ["<rootDir>/test/support/rules-setup.ts"],
      moduleNameMapper: { "^webex($|-node-bot-framework)": "<rootDir>/test/support/no-sdk.ts" },
    },
    {
      ...shared,
      displayName: "store",
      testMatch: ["<rootDir>/test/store/**/*.test.ts"],
      globalSetup: "<rootDir>/test/support/postgres-setup.ts",
      globalTeardown: "<rootDir>/test/support/postgres-teardown.ts",
    },
    {
      ...shared,
      displayName: "stories",
      testMatch: ["<rootDir>/test/stories/**/*.test.ts", "<rootDir>/test/chaos/**/*.test.ts"],
    },
  ],
};

module.exports = config;
