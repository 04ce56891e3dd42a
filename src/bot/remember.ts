/**
 * Asks once for each key and hands the same answer to everyone; a failed answer is forgotten, so
 * that the next one asks again.
 */
export function rememberPerKey<T>(ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const asked = new Map<string, Promise<T>>();
  return (key) => {
    const known = asked.get(key);
    if (known) return known;
    const answer = ask(key).catch((error: unknown) => {
      asked.delete(key);
      throw error;
    });
    asked.set(key, answer);
    return answer;
  };
}
