// Looks through what is built, the packages in it included, and the demo's pages for what the oldest browsers do not have.
import { existsSync, globSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { join, relative } from "node:path";
import { build } from "./build.mjs";
import { findNewerInScript } from "./newer-scripts.mjs";
import { findNewerInStyles } from "./newer-styles.mjs";
import { oldestBrowsers } from "./oldest-browsers.mjs";
import { root, runMain, say } from "./steps.mjs";

/** @typedef {import("./newer-scripts.mjs").Finding} Finding */

const scripts = [
  { files: "dist/designer/assets/*.js", syntax: /** @type {const} */ (2022) },
  { files: "src/sandbox/*/page/*.js", syntax: /** @type {const} */ (2022) },
  { files: "dist/npm/!(server).js", syntax: /** @type {const} */ (2022) },
  // These two say so where a browser is too old for the others.
  { files: "dist/embed/card-designer.js", syntax: /** @type {const} */ (2020) },
  { files: "public/*.js", syntax: /** @type {const} */ (5) },
];
const styles = ["dist/designer/assets/*.css", "src/sandbox/*/page/*.css", "src/server/routes/*.css"];

/** What may be there all the same. @type {readonly { where: RegExp, what: RegExp, why: string }[]} */
const exceptions = [
  {
    where: /react-dom/,
    what: /^(navigation|startViewTransition|skipTransition|the event navigate.*)$/,
    why: "looked for first",
  },
  {
    where: /^src\/image\/(frame-pixels|photo-source)/,
    what: /^(ImageDecoder|VideoFrame|copyTo|allocationSize)$/,
    why: "looked for first; elsewhere photos are decoded as bitmaps",
  },
  {
    where: /^src\/image\/read-surface/,
    what: /^(VideoFrame|copyTo)$/,
    why: "tried first; elsewhere pixels are read of canvases",
  },
  { where: /libheif-js/, what: /^(handle|setStatus|grow)$/, why: "names of its own, and its memory's" },
  { where: /harfbuzzjs/, what: /^(setStatus|grow)$/, why: "names of its own, and its memory's" },
  { where: /konva/, what: /^the event touch/, why: "elsewhere there are pointer events" },
  {
    where: /file-selector/,
    what: /^(webkitGetAsEntry|for await .*)$/,
    why: "looked for first; of file system handles",
  },
  { where: /\.css:/, what: /^the property (text-wrap|text-size-adjust)$/, why: "lines break as they always did" },
  { where: /\.css:/, what: /^the property forced-color-adjust$/, why: "Safari has no forced colours" },
  { where: /^src\/embed\/layout/, what: /^popover$/, why: "elsewhere the frame is only fixed to the window" },
  {
    where: /^src\/designer\/steps\/design\/canvas\/input-pen/,
    what: /^getCoalescedEvents$/,
    why: "looked for first; elsewhere a stroke has a point for each frame",
  },
  {
    where: /^src\/designer\/card\/phone-tilt/,
    what: /^(DeviceOrientationEvent|the event deviceorientation)$/,
    why: "looked for first; elsewhere the card follows the hand alone",
  },
  { where: /\.css:/, what: /^the property overscroll-behavior$/, why: "the page behind does not scroll either" },
  { where: /\.css:/, what: /^cursor: /, why: "iOS has no cursor" },
  { where: /\.css:/, what: /^font-family: ui-monospace$/, why: "another font follows" },
];

/** @param {string} file @returns {((line: number, column: number) => string) | undefined} where a place of the file comes from */
function readOrigins(file) {
  const map = `${file}.map`;
  if (!existsSync(map)) return undefined;
  const sourceMap = new SourceMap(JSON.parse(readFileSync(map, "utf8")));
  return (line, column) => {
    const entry = sourceMap.findEntry(line, column);
    if (!("originalSource" in entry)) return relative(root, file);
    // Relative to the file's own folder or, in the worker's map, to another.
    return `${entry.originalSource.replace(/^.*?(?=(?:src|node_modules)\/)/, "")}:${entry.originalLine + 1}`;
  };
}

/** @param {string} file @param {(text: string) => Finding[]} find @returns {{ what: string, where: string }[]} */
function look(file, find) {
  const text = readFileSync(file, "utf8");
  const originOf = readOrigins(file);
  return find(text).map(({ what, offset }) => {
    const lines = text.slice(0, offset).split("\n");
    const [line, column] = [lines.length - 1, lines.at(-1)?.length ?? 0];
    // A built style sheet is one line, so it is shown what is there.
    const here = `${relative(root, file)}:${line + 1}: ${text
      .slice(offset)
      .split(/[\n;{}]/, 1)[0]
      ?.slice(0, 80)}`;
    return { what, where: originOf?.(line, column) ?? here };
  });
}

/** @param {string} pattern */
function listFiles(pattern) {
  const files = globSync(pattern, { cwd: root }).map((file) => join(root, file));
  if (files.length === 0) throw new Error(`there is no ${pattern}`);
  return files;
}

await runMain(async () => {
  await build();
  const found = [
    ...scripts.flatMap(({ files, syntax }) =>
      listFiles(files).flatMap((file) => look(file, (text) => findNewerInScript(text, syntax))),
    ),
    ...styles.flatMap((files) => listFiles(files).flatMap((file) => look(file, findNewerInStyles))),
  ];
  /** @param {(typeof exceptions)[number]} exception @param {(typeof found)[number]} finding */
  const covers = (exception, { what, where }) => exception.where.test(where) && exception.what.test(what);
  const newer = found.filter((finding) => !exceptions.some((exception) => covers(exception, finding)));
  const needless = exceptions.filter((exception) => !found.some((finding) => covers(exception, finding)));
  const names = Object.entries(oldestBrowsers).map(([name, version]) => `${name} ${version}`);
  for (const line of new Set(newer.map(({ what, where }) => `${where}: ${what}`))) {
    say(`${line} is not in all of ${names.join(", ")}`);
  }
  for (const { what } of needless)
    say(`scripts/check-browsers.mjs: nothing needs the exception for ${what.source} any more`);
  return newer.length + needless.length === 0 ? 0 : 1;
});
