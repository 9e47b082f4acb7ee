// What makes a package of dist/npm, which an issuer installs: its manifest, its licence and its types.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { Refusal, root, run } from "./steps.mjs";

export const packageName = "@fullbleed/card-designer";

/** What can be imported, by the name of its file. */
export const packageEntries = {
  index: "src/embed/forms/load.ts",
  react: "src/embed/forms/react.tsx",
  element: "src/embed/forms/element.ts",
  server: "src/kit/main.ts",
};

const intro = `# ${packageName}

The card designer on an issuer's page, and what the issuer's server needs for it. \`https://cards.example\` stands for the designer's server, whose operator
gives you an issuer key. This is a part of its docs/embed.md, which has all options, events and problems as well.
`;

/** The part of the guide that is about the package, whose links lead to what is not in it. */
async function createReadme() {
  const guide = await readFile(join(root, "docs/embed.md"), "utf8");
  const [, part] = /^### From npm\n([^]*?)^## Options$/m.exec(guide) ?? [];
  if (part === undefined) throw new Refusal("docs/embed.md has no part about the package, from npm to the options.");
  return `${intro}${part.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, "$1")}`;
}

/** @param {string} entry @param {string} source */
function exportOf(entry, source) {
  const types = source.replace(/^src\//, "./types/").replace(/\.tsx?$/, ".d.ts");
  return [entry === "index" ? "." : `./${entry}`, { types, default: `./${entry}.js` }];
}

async function createManifest() {
  const { version, license } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const entries = Object.entries(packageEntries).map(([entry, source]) => exportOf(entry, source));
  return {
    name: packageName,
    version,
    description: "The Fullbleed card designer on an issuer's page, and what the issuer's server needs for it",
    license,
    type: "module",
    sideEffects: ["./element.js"],
    exports: { ...Object.fromEntries(entries), "./package.json": "./package.json" },
    engines: { node: ">=18.17" },
    peerDependencies: { react: "^18 || ^19" },
    peerDependenciesMeta: { react: { optional: true } },
  };
}

/**
 * The files of the rooms that these types are made of, each with its imports as a package without `imports` of its own has them.
 * @param {string} folder where the compiler has written all types
 * @param {readonly string[]} entries
 */
async function collectTypes(folder, entries) {
  /** @type {Map<string, string>} */
  const found = new Map();
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file)) continue;
    const here = posix.dirname(file);
    const text = await readFile(join(folder, file), "utf8");
    const rewritten = text.replaceAll(/(["'])(#|\.{1,2}\/)([^"']+)\.ts\1/g, (_, quote, start, path) => {
      const target = start === "#" ? path : posix.join(here, start, path);
      waiting.push(`${target}.d.ts`);
      const relative = posix.relative(here, target);
      return `${quote}${relative.startsWith(".") ? "" : "./"}${relative}.js${quote}`;
    });
    found.set(file, rewritten);
  }
  return found;
}

/** Writes what is not JavaScript of the package into `folder`. Throws a Refusal with the compiler's own words. @param {string} folder */
export async function completePackage(folder) {
  const types = await mkdtemp(join(tmpdir(), "fullbleed-types-"));
  try {
    const args = ["-p", "tsconfig.npm.json", "--rootDir", "src", "--outDir", types];
    const { code, output } = await run("tsc", args);
    if (code !== 0) throw new Refusal(output);
    const entries = Object.values(packageEntries).map((source) =>
      source.replace(/^src\//, "").replace(/\.tsx?$/, ".d.ts"),
    );
    for (const [file, text] of await collectTypes(types, entries)) {
      await mkdir(join(folder, "types", dirname(file)), { recursive: true });
      await writeFile(join(folder, "types", file), text);
    }
  } finally {
    await rm(types, { recursive: true, force: true });
  }
  await writeFile(join(folder, "package.json"), `${JSON.stringify(await createManifest(), null, 2)}\n`);
  await writeFile(join(folder, "README.md"), await createReadme());
  await cp(join(root, "LICENSE"), join(folder, "LICENSE"));
}
