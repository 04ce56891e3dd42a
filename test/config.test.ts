import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "dotenv";
import { parseConfig, readEnv, secretValues, startNotices, variables } from "../src/config";
import type { Env, VariableName } from "../src/config";
import { ConfigError, type ConfigProblem } from "../src/errors";

import { incidentRows } from "./config/incident-rows";
import { serverRows } from "./config/server-rows";
import { callbackSecret, key, least, token, withConnect, type Row } from "./config/settings";

const rows: Record<VariableName, Row> = { ...serverRows, ...incidentRows };
const names = Object.keys(rows) as VariableName[];

function problemsOf(env: Env): readonly ConfigProblem[] {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

function withValue(name: VariableName, value: string): Env {
  return readEnv({ ...(rows[name].base ?? least), [name]: value });
}

describe("each variable", () => {
  const good = names.flatMap((name) =>
    Object.entries(rows[name].good).map((pair) => [name, ...pair] as const),
  );
  const bad = names.flatMap((name) => rows[name].bad.map((value) => [name, value] as const));

  test("is in the table of this test", () => {
    expect(names.toSorted()).toEqual(variables.map(({ name }) => name).toSorted());
  });

  test.each(good)("%s = %s is read", (name, value, expected) => {
    expect(rows[name].read(parseConfig(withValue(name, value)))).toEqual(expected);
  });

  test.each(bad)("%s = %s is refused by its name", (name, value) => {
    expect(problemsOf(withValue(name, value)).map(({ variable }) => variable)).toEqual([name]);
  });

  test.each(names)("%s counts as not set when it is empty or blank", (name) => {
    expect(readEnv({ [name]: " " })).toEqual({});
  });
});

describe("the whole configuration", () => {
  test("needs three variables only, and is frozen", () => {
    const config = parseConfig(least);
    expect(config.connect).toBeUndefined();
    expect(Object.isFrozen(config.notify.sms)).toBe(true);
  });

  test("reports every problem at once", () => {
    const problems = problemsOf({ PORT: "x", BRIDGE_LINK: "http://x", IMI_SERVICE_KEY: "k" });
    expect(problems.map(({ variable }) => variable).toSorted()).toEqual([
      "BRIDGE_LINK",
      "CONNECT_CALLBACK_SECRET",
      "ENCRYPTION_KEY",
      "PORT",
      "SENDER_NAME",
      "WEBEX_BOT_TOKEN",
      "WEBHOOK_SECRET",
    ]);
  });

  test("never repeats a refused value", () => {
    const env = Object.fromEntries(variables.map(({ name }) => [name, "?leaked value?"]));
    const problems = problemsOf(env);
    expect(problems.length).toBeGreaterThan(30);
    expect(JSON.stringify(problems)).not.toContain("leaked");
  });

  test("refuses the clock file where the bot can be reached from outside", () => {
    const env = { ...least, MUSTER_CLOCK_FILE: "./c", PUBLIC_URL: "https://muster.example.com" };
    expect(problemsOf(env).map(({ variable }) => variable)).toEqual(["MUSTER_CLOCK_FILE"]);
  });

  test("refuses an access code without a link or a number", () => {
    const problems = problemsOf({ ...least, BRIDGE_CODE: "123" });
    expect(problems.map(({ variable }) => variable)).toEqual(["BRIDGE_CODE"]);
  });

  test("sends one a second on the trial host, unless it is told otherwise", () => {
    const trial = parseConfig(withConnect);
    expect([trial.notify.sms.perSecond, trial.notify.voice.perSecond]).toEqual([1, 1]);
    expect(startNotices(trial).join(" ")).toContain("1 texts and 1 calls a second");
  });

  test("says at the start what is off and what is wide open", () => {
    expect(startNotices(parseConfig(least)).join(" ")).toMatch(/SMS and voice.*DIAL_COUNTRIES/);
    expect(startNotices(parseConfig(withConnect)).join(" ")).toMatch(/SMS_ORIGIN.*VOICE_ORIGIN/);
  });

  test("names its secrets for the log", () => {
    const secrets = secretValues(parseConfig(withConnect));
    expect(secrets).toEqual(expect.arrayContaining([token, "service-key-1", callbackSecret, key]));
    expect(secrets).not.toContain(undefined);
  });
});

describe(".env.example", () => {
  const text = readFileSync(join(__dirname, "..", ".env.example"), "utf8");
  const lines = text.split("\n");

  test("names every variable once and nothing else", () => {
    const named = [...text.matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(named).toEqual(variables.map(({ name }) => name));
  });

  test.each(variables)("says what $name means and its default", (variable) => {
    const fallback = variable.default;
    const line = fallback === undefined ? `${variable.name}=` : `# ${variable.name}=${fallback}`;
    const at = lines.indexOf(line);
    const start = lines.lastIndexOf("", at) + 1;
    const comment = lines
      .slice(start, at)
      .map((one) => one.replace(/^# /, ""))
      .join(" ");
    const missing = variable.isRequired ? "Required." : "Default: none.";
    const ending = fallback === undefined ? missing : `Default: ${fallback}`;
    expect(comment).toBe(`${variable.description} ${ending}`);
  });

  test("changes nothing when it is copied as it is", () => {
    expect(readEnv(parse(text))).toEqual({});
  });
});
