/**
 * Sets variables in the text of a `.env` file. Lines, comments and their order stay; a variable
 * that is not set yet goes below its commented-out default, or to the end.
 * @throws when a value cannot be written in one line.
 */
export function mergeEnv(existing: string, values: Readonly<Record<string, string>>): string {
  const newline = existing.includes("\r\n") ? "\r\n" : "\n";
  const lines = existing.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  for (const [name, value] of Object.entries(values)) setLine(lines, name, value);
  return lines.join(newline) + newline;
}

function setLine(lines: string[], name: string, value: string): void {
  const assignment = `${name}=${quote(name, value)}`;
  const active = new RegExp(`^\\s*(export\\s+)?${name}\\s*=`);
  if (lines.some((line) => active.test(line))) {
    // The last of several wins when the file is read; all are set, so that none misleads.
    lines.forEach((line, at) => {
      if (active.test(line)) lines[at] = assignment;
    });
    return;
  }
  const placeholder = lines.findIndex((line) => new RegExp(`^#\\s*${name}=`).test(line));
  lines.splice(placeholder < 0 ? lines.length : placeholder + 1, 0, assignment);
}

/** Nothing inside single quotes or backticks is special to dotenv; outside, a # is a comment. */
function quote(name: string, value: string): string {
  if (/^[\w.+/=:,@-]*$/.test(value)) return value;
  const mark = ["'", "`"].find((one) => !value.includes(one));
  if (mark === undefined || /[\r\n]/.test(value)) {
    throw new Error(`the value of ${name} cannot be written in one line of .env`);
  }
  return mark + value + mark;
}
