// The files of a build, what each loads with itself, and what they weigh on the way.
import { posix } from "node:path";
import { parse } from "acorn";
import { build } from "vite";
import { compress, isCompressible } from "./compress.mjs";
import { root } from "./steps.mjs";

/**
 * @typedef {import("vite").Rolldown.OutputChunk} Chunk
 * @typedef {Chunk | import("vite").Rolldown.OutputAsset} BuiltFile
 * @typedef {ReadonlyMap<string, BuiltFile>} Files
 */

/**
 * Without source maps. Nothing is written: dist/ stays as it is.
 * @param {"production" | "embed"} mode
 * @returns {Promise<Files>}
 */
export async function buildInMemory(mode) {
  const configFile = posix.join(root, "vite.config.ts");
  const result = await build({ root, configFile, mode, logLevel: "error", build: { write: false } });
  const outputs = [result].flat().flatMap((each) => ("output" in each ? each.output : []));
  return new Map(outputs.filter(({ fileName }) => !fileName.endsWith(".map")).map((file) => [file.fileName, file]));
}

/** @param {Files} files @param {string} name @returns {BuiltFile} */
function findFile(files, name) {
  const file = files.get(name);
  if (file === undefined) throw new Error(`The build has no ${name}.`);
  return file;
}

/** @param {Files} files @param {string} name @returns {Chunk} */
export function findChunk(files, name) {
  const file = findFile(files, name);
  if (file.type !== "chunk") throw new Error(`The build has no chunk ${name}.`);
  return file;
}

/** The one script whose file is called so, before its digest. @param {Files} files @param {string} name */
export function findScript(files, name) {
  const found = [...files.keys()].filter((each) => each.startsWith(`assets/${name}-`) && each.endsWith(".js"));
  if (found[0] === undefined || found.length > 1) throw new Error(`The build has ${found.length} scripts ${name}.`);
  return found[0];
}

/** Vite bundles a worker on its own, and its scripts are assets of the page's build. @param {BuiltFile} file @returns {readonly string[]} */
function importsOf(file) {
  if (file.type === "chunk") return file.imports;
  if (!file.fileName.endsWith(".js")) return [];
  const { body } = parse(String(file.source), { ecmaVersion: "latest", sourceType: "module" });
  const sources = body.flatMap((node) => ("source" in node && node.source ? [String(node.source.value)] : []));
  return sources.map((source) => posix.join(posix.dirname(file.fileName), source));
}

/**
 * These scripts and everything that they import statically.
 * @param {Files} files @param {readonly string[]} names @returns {ReadonlySet<string>}
 */
export function withImports(files, names) {
  const reached = new Set(names);
  // A set that grows while it is walked is walked to its new end.
  for (const name of reached) for (const imported of importsOf(findFile(files, name))) reached.add(imported);
  return reached;
}

/** The scripts and styles that the page asks for before it runs. @param {Files} files @returns {ReadonlySet<string>} */
export function findFirstPaint(files) {
  const page = findFile(files, "index.html");
  const html = page.type === "asset" ? String(page.source) : "";
  const named = [...html.matchAll(/(?:src|href)="\/designer\/([^"]+)"/g)].map(([, name = ""]) => name);
  if (named.length === 0) throw new Error("The page names no file of its own.");
  return withImports(files, named);
}

/** @param {BuiltFile} file */
export function bytesOf(file) {
  return Buffer.from(file.type === "chunk" ? file.code : file.source);
}

/**
 * Bytes of these files as the server sends them: with gzip, each by itself, where they can be compressed.
 * @param {Files} files @param {Iterable<string>} names
 */
export async function sumGzip(files, names) {
  const sent = [...names].map(async (name) => {
    const bytes = bytesOf(findFile(files, name));
    return isCompressible(name) ? (await compress(bytes)).gz : bytes;
  });
  return (await Promise.all(sent)).reduce((sum, { length }) => sum + length, 0);
}
