import type { ConfigProblem } from "../errors";
import type { Env, VariableName } from "./variables";
import { describeVariable } from "./variables";

interface NumberRule {
  min: number;
  max?: number;
  /** Fractions are for durations that tests shorten; everything else counts. */
  whole: boolean;
}

/** Web addresses that carry credentials must be encrypted, except towards this computer. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/**
 * Reads single variables strictly. A value that breaks its rule is noted as a problem, never
 * thrown, and something of the right type is returned, so that one pass finds every problem.
 */
export class EnvReader {
  readonly problems: ConfigProblem[] = [];

  constructor(private readonly env: Env) {}

  /** Notes that a variable breaks a rule. The rule must not quote the value. */
  refuse(name: VariableName, rule: string): void {
    const { example } = describeVariable(name);
    this.problems.push({ variable: name, rule, ...(example !== undefined && { example }) });
  }

  isSet(name: VariableName): boolean {
    return this.env[name] !== undefined;
  }

  /** The value or its default; undefined when there is neither. */
  optional(name: VariableName): string | undefined {
    return this.env[name] ?? describeVariable(name).default;
  }

  required(name: VariableName, why = "must be set"): string {
    const value = this.optional(name);
    if (value === undefined) this.refuse(name, why);
    return value ?? "";
  }

  /** A value that must match the pattern where it is set. */
  matching(name: VariableName, pattern: RegExp, rule: string): string | undefined {
    const value = this.optional(name);
    if (value !== undefined && !pattern.test(value)) this.refuse(name, rule);
    return value;
  }

  number(name: VariableName, rule: NumberRule, fallback?: number): number {
    const text = this.env[name];
    if (text === undefined && fallback !== undefined) return fallback;
    const value = parseNumber(this.required(name));
    if (!fits(value, rule)) this.refuse(name, describeNumber(rule));
    return value;
  }

  count(name: VariableName, min: number, max?: number): number {
    return this.number(name, { min, whole: true, ...(max !== undefined && { max }) });
  }

  choice<T extends string>(name: VariableName, choices: readonly [T, ...T[]]): T {
    const value = this.required(name);
    const chosen = choices.find((choice) => choice === value);
    if (chosen === undefined) this.refuse(name, `must be one of ${choices.join(", ")}`);
    return chosen ?? choices[0];
  }

  list(name: VariableName): string[] {
    const value = this.optional(name);
    return value === undefined ? [] : value.split(",").map((item) => item.trim());
  }

  /** An http(s) address without query, fragment, credentials or final slash; https off loopback. */
  baseUrl(name: VariableName): string {
    const value = this.required(name);
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (!url || !/^https?:$/.test(url.protocol) || /[?#]/.test(value) || url.username !== "") {
      this.refuse(name, "must be a web address without user, query or fragment");
    } else if (url.protocol === "http:" && !isLoopback(value)) {
      this.refuse(name, "must begin with https:// unless it is this computer");
    }
    return value.replace(/\/+$/, "");
  }
}

function parseNumber(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

function fits(value: number, rule: NumberRule): boolean {
  if (rule.whole && !Number.isSafeInteger(value)) return false;
  return value >= rule.min && value <= (rule.max ?? Number.MAX_SAFE_INTEGER);
}

function describeNumber({ min, max, whole }: NumberRule): string {
  const kind = whole ? "a whole number" : "a number";
  return max === undefined
    ? `must be ${kind}, ${min} or more`
    : `must be ${kind} from ${min} to ${max}`;
}
