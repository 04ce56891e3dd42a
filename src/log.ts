import pino from "pino";
import { scrubFields, scrubText } from "./scrub";

export const logLevels = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

export interface Logger {
  debug(fields: object, msg: string): void;
  info(fields: object, msg: string): void;
  warn(fields: object, msg: string): void;
  error(fields: object, msg: string): void;
  /** A logger that adds `fields` to every line. */
  child(fields: object): Logger;
}

export interface LogOptions {
  level: LogLevel;
  /** Where lines go; stdout by default, written before the call returns. */
  destination?: { write(line: string): void };
  /** Values that are hidden wherever they occur, such as a key that looks like any other id. */
  secrets?: readonly string[];
}

/**
 * JSON lines, one per call. No credential, phone number, e-mail address or message text gets into
 * them, whichever field or error holds it. Pass errors as `{ err }`.
 */
export function createLogger(options: LogOptions): Logger {
  const settings: pino.LoggerOptions = {
    level: options.level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: (value: unknown) => value },
  };
  const destination = options.destination ?? pino.destination({ dest: 1, sync: true });
  return new ScrubbingLogger(pino(settings, destination), longOnly(options.secrets ?? []));
}

class ScrubbingLogger implements Logger {
  constructor(
    private readonly lines: pino.Logger,
    private readonly secrets: readonly string[],
  ) {}

  debug(fields: object, msg: string): void {
    this.write("debug", fields, msg);
  }

  info(fields: object, msg: string): void {
    this.write("info", fields, msg);
  }

  warn(fields: object, msg: string): void {
    this.write("warn", fields, msg);
  }

  error(fields: object, msg: string): void {
    this.write("error", fields, msg);
  }

  child(fields: object): Logger {
    return new ScrubbingLogger(this.lines.child(scrubFields(fields, this.secrets)), this.secrets);
  }

  private write(level: Exclude<LogLevel, "silent">, fields: object, msg: string): void {
    if (!this.lines.isLevelEnabled(level)) return;
    this.lines[level](scrubFields(fields, this.secrets), scrubText(msg, this.secrets));
  }
}

/** Hiding a value of a few characters would tear up ordinary words. */
function longOnly(secrets: readonly string[]): string[] {
  return secrets.filter((secret) => secret.length >= 8);
}
