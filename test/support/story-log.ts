export interface LogLine {
  level: string;
  msg: string;
  text: string;
}

/** The bot's log. A warning or an error that a story does not expect fails it. */
export class StoryLog {
  readonly lines: LogLine[] = [];
  private alarms: LogLine[] = [];

  write(text: string): void {
    const { level, msg } = JSON.parse(text) as { level: string; msg: string };
    const line = { level, msg, text: text.trim() };
    this.lines.push(line);
    if (level === "warn" || level === "error") this.alarms.push(line);
  }

  begin(): void {
    this.alarms = [];
  }

  /** At least one line of that level must fit; all that do are taken. */
  expect(level: "warn" | "error", pattern: RegExp): LogLine[] {
    const found = this.take(level, pattern);
    if (found.length === 0) throw new Error(`No ${level} was logged that says ${String(pattern)}.`);
    return found;
  }

  /** As `expect`, where it depends on what came first whether there is one. */
  take(level: "warn" | "error", pattern: RegExp): LogLine[] {
    const fits = (line: LogLine): boolean => line.level === level && pattern.test(line.text);
    const found = this.alarms.filter(fits);
    this.alarms = this.alarms.filter((line) => !fits(line));
    return found;
  }

  unexpected(): readonly LogLine[] {
    return this.alarms;
  }
}
