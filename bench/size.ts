// What a browser downloads: every file, the JavaScript until the first screen (with its texts in the largest language) and until the design
// step, the loader, and what the photo itself waits for.
import path from "node:path";
import {
  type BuiltFile,
  buildInMemory,
  bytesOf,
  type Files,
  findChunk,
  sumGzip,
  withImports,
} from "../scripts/built-files.mjs";
import { compress } from "../scripts/compress.mjs";

/** Bytes. */
interface Size {
  readonly raw: number;
  readonly gzip: number;
  readonly brotli: number;
}

/** The chunks loaded once Konva's stage can be shown, by the shortest chain of dynamic imports from the entry. */
function findDesignChunks(files: Files, entry: string): ReadonlySet<string> {
  const chains = new Map([[entry, [entry]]]);
  for (const [last, chain] of chains) {
    const own = [...withImports(files, [last])].map((name) => findChunk(files, name));
    const modules = own.flatMap(({ moduleIds }) => moduleIds);
    if (modules.some((id) => id.includes("/node_modules/konva/"))) return withImports(files, chain);
    for (const name of own.flatMap(({ dynamicImports }) => dynamicImports)) {
      if (!chains.has(name)) chains.set(name, [...chain, name]);
    }
  }
  throw new Error("No chunk contains Konva: what is the design step now?");
}

/** The chunks of the languages in this folder, the largest first; a visitor loads the one that is shown. */
async function findLanguages(files: Files, folder: string): Promise<readonly string[]> {
  const isLanguage = (file: BuiltFile): boolean =>
    file.type === "chunk" && path.posix.dirname(file.facadeModuleId ?? "").endsWith(folder);
  const found = [...files.values()].filter(isLanguage).map(async ({ fileName }) => {
    return { fileName, size: await sumGzip(files, [fileName]) };
  });
  const languages = (await Promise.all(found)).sort((one, other) => other.size - one.size);
  if (languages.length === 0) throw new Error("No chunk is a language's: where are the texts now?");
  return languages.map(({ fileName }) => fileName);
}

async function measure(file: BuiltFile): Promise<Size> {
  const bytes = bytesOf(file);
  const { br, gz } = await compress(bytes);
  return { raw: bytes.length, gzip: gz.length, brotli: br.length };
}

/** Kilobytes of 1000 bytes. */
function toKb(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}

function printRow(cells: readonly [string, string, string, string, string]): void {
  const [file, when, ...sizes] = cells;
  console.log(file.padEnd(36), when.padEnd(13), ...sizes.map((size) => size.padStart(7)));
}

/** One row for each file; `whenNeeded` says what waits for it. */
async function printFiles(files: Files, whenNeeded: (file: BuiltFile) => string): Promise<void> {
  for (const [name, file] of files) {
    const { raw, gzip, brotli } = await measure(file);
    printRow([name, whenNeeded(file), toKb(raw), toKb(gzip), toKb(brotli)]);
  }
}

/** Whether the name is a chunk among these, or the CSS of one. */
function belongsTo(files: Files, chunks: ReadonlySet<string>, name: string): boolean {
  return [...chunks].some((each) => each === name || findChunk(files, each).viteMetadata?.importedCss.has(name));
}

/** Kilobytes of gzip, at most. */
const goals = { first_paint: 80, design: 165, loader: 4, lazy: 110 } as const;

/** What a JPEG or PNG alone does not need, by their names: that of photos in other formats, and of texts. */
const otherFormats = /heic|heif|tiff/;
const texts = /harfbuzz|-text-|faces-/;

/** Vite bundles a worker on its own, and its scripts are assets of the page's build. */
function isWorker({ fileName, type }: BuiltFile): boolean {
  return type === "asset" && /\.(js|wasm)$/.test(fileName);
}

/** Kilobytes of the workers' scripts and WebAssembly that a JPEG or PNG needs. */
async function sumLazy(files: Files): Promise<string> {
  const needed = [...files.values()].filter(
    (file) => isWorker(file) && ![otherFormats, texts].some((names) => names.test(file.fileName)),
  );
  const sizes = await Promise.all(needed.map(measure));
  return toKb(sizes.reduce((sum, { gzip }) => sum + gzip, 0));
}

const designer = await buildInMemory("production");
const loader = await buildInMemory("embed");

const entry = [...designer.values()].find((file) => file.type === "chunk" && file.isEntry);
if (entry === undefined) throw new Error("The designer's build has no entry.");
const firstTexts = await findLanguages(designer, "/designer/locales/first-screen");
const allTexts = await findLanguages(designer, "/designer/locales");
const first = withImports(designer, [entry.fileName, ...firstTexts.slice(0, 1)]);
const design = new Set([...findDesignChunks(designer, entry.fileName), ...withImports(designer, allTexts.slice(0, 1))]);

printRow(["file", "for", "raw", "gzip", "brotli"]);
await printFiles(designer, (file) => {
  const { fileName } = file;
  if (firstTexts.includes(fileName)) return "first language";
  if (allTexts.includes(fileName)) return "its language";
  if (fileName.endsWith(".html") || belongsTo(designer, first, fileName)) return "first screen";
  if (belongsTo(designer, design, fileName)) return "design step";
  if (isWorker(file) && texts.test(fileName)) return "later";
  if (isWorker(file)) return otherFormats.test(fileName) ? "rare photos" : "worker";
  return "later";
});
await printFiles(loader, () => "issuer's page");

const reached: Readonly<Record<keyof typeof goals, string>> = {
  first_paint: toKb(await sumGzip(designer, first)),
  design: toKb(await sumGzip(designer, new Set([...first, ...design]))),
  loader: toKb(await sumGzip(loader, ["card-designer.js"])),
  lazy: await sumLazy(designer),
};
console.log();
printRow(["kB of gzip", "goal", "reached", "", ""]);
for (const [name, kb] of Object.entries(reached)) {
  const goal = goals[name as keyof typeof goals];
  printRow([name, `<= ${goal}`, kb, Number(kb) <= goal ? "yes" : "no", ""]);
}
console.log(
  `size ${Object.entries(reached)
    .map((pair) => pair.join("="))
    .join(" ")}`,
);
