import lock from "../package-lock.json";

interface LockedPackage {
  /** Present where another package stands in the place of the one that was asked for. */
  name?: string;
  version?: string;
  license?: string;
  dev?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const FOLDER = "node_modules/";
const EMPTY = "empty-npm-package";

const packages = Object.entries(lock.packages as Record<string, LockedPackage>);
const installed = packages.filter(([path]) => path !== "");
const inProduction = installed.filter(([, { dev }]) => dev !== true);

/** What a package is called by those who ask for it. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf(FOLDER) + FOLDER.length);
}

function standIns(name: string | RegExp): (string | undefined)[] {
  const isWanted = (one: string): boolean =>
    name instanceof RegExp ? name.test(one) : name === one;
  return installed.filter(([path]) => isWanted(nameOf(path))).map(([, one]) => one.name);
}

it("installs nothing of React Native and Expo but empty packages", () => {
  const wanted = standIns(/^(@?react-native|@?expo)(?![a-z])|\/react-native|^@unimodules\//);
  expect(wanted.length).toBeGreaterThan(0);
  expect(new Set(wanted)).toEqual(new Set([EMPTY]));
});

it.each([
  ["request", "postman-request"],
  ["mongodb", EMPTY],
  ["rxjs", EMPTY],
  ["asmcrypto.js", EMPTY],
  ["msrcrypto", EMPTY],
])("puts in the place of %s the package %s", (name, standIn) => {
  const found = standIns(name);
  expect(found.length).toBeGreaterThan(0);
  expect(new Set(found)).toEqual(new Set([standIn]));
});

// Otherwise `npm ci` refuses, on this computer or on another kind.
it("locks every package that another one asks for", () => {
  const paths = new Set(packages.map(([path]) => path));
  const missing = packages.flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !isFoundFrom(path, name, paths))
      .map((name) => `${name} for ${path}`),
  );
  expect(missing).toEqual([]);
});

/** Node looks in the folder of the package that asks, then in each one above it. */
function isFoundFrom(path: string, name: string, paths: ReadonlySet<string>): boolean {
  const inside = path === "" ? FOLDER : `${path}/${FOLDER}`;
  if (paths.has(`${inside}${name}`)) return true;
  if (path === "") return false;
  const above = path.slice(0, path.lastIndexOf(FOLDER));
  return isFoundFrom(above.replace(/\/$/, ""), name, paths);
}

/** Each lets a bank run, change and ship the package without opening its own source. */
const freeLicenses = new Set([
  ...["MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD"],
  ...["BlueOak-1.0.0", "Unlicense", "WTFPL", "Zlib"],
]);

/** Of "A OR B" one is enough, of "A AND B" both are needed. */
function isFree(license: string): boolean {
  const plain = license.replace(/[()]/g, "");
  return plain
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((one) => freeLicenses.has(one)));
}

it("has only free licences among what production installs", () => {
  const others = inProduction
    .filter(([, { license }]) => license !== undefined && !isFree(license))
    .map(([path, { license }]) => `${nameOf(path)}: ${license ?? ""}`);
  expect(others).toEqual([]);
});
