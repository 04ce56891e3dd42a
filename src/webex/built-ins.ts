const replaced: readonly (readonly [object, readonly string[]])[] = [
  [String.prototype, ["trim", "trimStart", "trimEnd", "trimLeft", "trimRight"]],
  [Number, ["parseInt", "parseFloat"]],
  [globalThis, ["parseInt", "parseFloat"]],
];

/**
 * Puts built-in functions back that `load` replaced. With the SDK comes a polyfill that puts its own
 * slower ones in their place, for the whole process: knex trims each name in each query.
 */
export async function keepingBuiltIns<T>(load: () => Promise<T>): Promise<T> {
  const builtIn = replaced.flatMap(([owner, names]) =>
    names.map((name) => ({ owner, name, own: Object.getOwnPropertyDescriptor(owner, name) })),
  );
  try {
    return await load();
  } finally {
    for (const { owner, name, own } of builtIn) if (own) Object.defineProperty(owner, name, own);
  }
}
