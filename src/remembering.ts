/**
 * Does `work` once for equal arguments (equal as JSON) and hands out the same result again, as long
 * as it is among the `kept` newest ones. For work whose result depends on its arguments alone.
 */
export function remembering<Args extends readonly unknown[], Result>(
  kept: number,
  work: (...args: Args) => Result,
): (...args: Args) => Result {
  const known = new Map<string, { result: Result }>();
  return (...args) => {
    const key = JSON.stringify(args);
    const before = known.get(key);
    if (before) return before.result;
    const result = work(...args);
    known.set(key, { result });
    const [oldest] = known.keys();
    if (known.size > kept && oldest !== undefined) known.delete(oldest);
    return result;
  };
}
