// Builds the designer and the loader into dist/, when what they are made from has changed since the last time.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal, root, run, step } from "./steps.mjs";

/** What the browser programs are made from. */
const sources = [
  "index.html",
  "package-lock.json",
  "public",
  "scripts/compress.mjs",
  "scripts/oldest-browsers.mjs",
  "vite.config.ts",
].concat(["contracts", "card", "design", "image", "designer", "embed"].map((room) => join("src", room)));
const results = [join("designer", "index.html"), join("embed", "card-designer.js")];
const stamp = join(root, "dist", ".built-from");

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

function digestOfSources() {
  const digest = createHash("sha256");
  const folders = sources.map((source) => join(root, source));
  const files = folders.flatMap((path) => (/\.[a-z]+$/.test(path) ? [path] : listFiles(path)));
  for (const file of files.toSorted()) digest.update(`${file}\0`).update(readFileSync(file));
  return digest.digest("hex");
}

/** @param {string} wanted */
function isUpToDate(wanted) {
  if (!results.every((result) => existsSync(join(root, "dist", result)))) return false;
  return existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;
}

/** Builds what is not built. Throws a Refusal after the bundler's own words. */
export async function build() {
  const digest = digestOfSources();
  if (isUpToDate(digest)) return;
  // A build that is broken off leaves other files than the stamp says.
  rmSync(stamp, { force: true });
  await bundle("Building the designer (vite build)", ["build"]);
  await bundle("Building the loader for the issuer's page", ["build", "--mode", "embed"]);
  writeFileSync(stamp, digest);
}

/** @param {string} title @param {readonly string[]} args */
async function bundle(title, args) {
  // A test that builds would otherwise get what is made for tests.
  const { passed } = await step(title, () => run("vite", args, { env: { NODE_ENV: "production" } }));
  if (!passed) throw new Refusal("The build failed; the bundler's own words are above.");
}
