// Builds designer, loader, the issuers' package, server and demo into dist/, each when what it is made from has changed since the last time.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { releasedFolder } from "./loader-address.mjs";
import { Refusal, root, run, step } from "./steps.mjs";

/** @param {readonly string[]} names */
const rooms = (names) => names.map((room) => join("src", room));
const everyBuild = ["package.json", "package-lock.json", "vite.config.ts"];
const browserBuilds = [...everyBuild, "public", "scripts/compress.mjs", "scripts/oldest-browsers.mjs"];

/** What is built into folders of dist/, each with what it is made from. */
const builds = [
  {
    title: "Building the designer (vite build)",
    args: ["build"],
    sources: [
      "index.html",
      ...browserBuilds,
      ...rooms(["contracts", "card", "design", "lettering", "paint", "image", "designer"]),
    ],
    result: "designer/index.html",
  },
  {
    title: "Building the loader for the issuer's page",
    args: ["build", "--mode", "embed"],
    sources: [...browserBuilds, "scripts/loader-address.mjs", releasedFolder, ...rooms(["contracts", "embed"])],
    result: "embed/card-designer.js",
  },
  {
    title: "Building the page around the designer, for issuers without one",
    args: ["build", "--mode", "hosted"],
    sources: [...browserBuilds, ...rooms(["contracts", "embed"])],
    result: "hosted/index.html",
  },
  {
    title: "Building the package for issuers",
    args: ["build", "--mode", "npm"],
    sources: [
      ...everyBuild,
      "tsconfig.json",
      "tsconfig.npm.json",
      "scripts/npm-package.mjs",
      "docs/embed.md",
      ...rooms(["contracts", "embed", "kit"]),
    ],
    result: "npm/index.js",
  },
  {
    title: "Building the demo bank's page in React",
    args: ["build", "--mode", "bank"],
    sources: [...everyBuild, "scripts/oldest-browsers.mjs", "src/sandbox/bank/page", ...rooms(["contracts", "embed"])],
    result: "bank/react.js",
  },
  {
    title: "Building the server",
    args: ["build", "--mode", "server"],
    sources: [
      ...everyBuild,
      ...rooms(["contracts", "card", "design", "lettering", "paint", "image", "providers", "server"]),
    ],
    result: "server/main.js",
  },
  {
    title: "Building the demo's banks and platforms",
    args: ["build", "--mode", "demo"],
    sources: [...everyBuild, ...rooms(["contracts", "card", "design", "image", "providers", "server", "sandbox"])],
    result: "demo/bank.js",
  },
];

/** @param {string} path @returns {string[]} */
function listFiles(path) {
  if (!existsSync(path)) return [];
  // Step by step: the earliest Node 20 has neither `recursive` here nor an entry's `parentPath`.
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) return listFiles(inside);
    return entry.isFile() ? [inside] : [];
  });
}

/** @param {readonly string[]} sources */
function digestOf(sources) {
  const digest = createHash("sha256");
  const folders = sources.map((source) => join(root, source));
  const files = folders.flatMap((path) => (/\.[a-z]+$/.test(path) ? [path] : listFiles(path)));
  for (const file of files.toSorted()) digest.update(`${file}\0`).update(readFileSync(file));
  return digest.digest("hex");
}

/** Builds what is not built. Throws a Refusal after the bundler's own words. */
export async function build() {
  for (const { title, args, sources, result } of builds) {
    const file = join(root, "dist", result);
    const stamp = join(root, "dist", `.${dirname(result)}-built-from`);
    const wanted = digestOf(sources);
    if (existsSync(file) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) continue;
    // A build that is broken off leaves other files than the stamp says.
    rmSync(stamp, { force: true });
    // A test that builds would otherwise get what is made for tests.
    const { passed } = await step(title, () => run("vite", args, { env: { NODE_ENV: "production" } }));
    if (!passed) throw new Refusal("The build failed; the bundler's own words are above.");
    writeFileSync(stamp, wanted);
  }
}
