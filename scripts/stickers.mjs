// Makes the stickers' outlines and words from the names in collection.ts; with --check, only looks whether they are what that makes.
import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { stickerNames } from "../src/design/stickers/collection.ts";
import { readSvg } from "../src/server/stickers/read-svg.ts";
import { Refusal, root, runMain, say } from "./steps.mjs";

const pictures = "node_modules/@iconify-json/fluent-emoji-flat";
const words = "node_modules/cldr-annotations-full/annotations";
const languages = ["en", "de", "fr", "es", "ar"];
const header = `// Made by scripts/stickers.mjs.\n`;

/** @param {string} path */
function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), "utf8"));
}

/** The object as a file of ours: each name and its text on a line. @param {string} name @param {Record<string, string>} texts */
function toModule(name, texts) {
  const lines = Object.entries(texts).map(([key, text]) => `  ${JSON.stringify(key)}: ${JSON.stringify(text)},\n`);
  return `${header}export const ${name}: Readonly<Record<string, string>> = {\n${lines.join("")}};\n`;
}

/** As `unpackArt` reads it. @param {string} name @param {Record<string, { body: string }>} icons */
function packSticker(name, icons) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${icons[name]?.body}</svg>`;
  try {
    const { ops } = readSvg(new TextEncoder().encode(svg), 32);
    return ops.map(({ path, fill, rule }) => `${fill}${rule === "evenodd" ? "!" : ""}${path}`).join("");
  } catch (cause) {
    throw new Refusal(`The picture "${name}" cannot be a sticker: it ${/** @type {Error} */ (cause).message}.`);
  }
}

/** What a sticker is called, then what it is found by besides. @param {string} emoji @param {any} annotations */
function packWords(emoji, annotations) {
  const { default: keywords, tts } = annotations[emoji] ?? {};
  const [name] = tts ?? [];
  if (name === undefined) throw new Refusal(`There is no name for ${emoji}.`);
  return [name, ...keywords.filter((/** @type {string} */ word) => word !== name)].join("|");
}

/** Every file by its path. @returns {Record<string, string>} */
function makeFiles() {
  const { icons } = readJson(`${pictures}/icons.json`);
  /** @type {Record<string, string>} */
  const codes = readJson(`${pictures}/chars.json`);
  const emojis = new Map(Object.entries(codes).map(([code, name]) => [name, toEmoji(code)]));
  /** @type {Record<string, string>} */
  const files = {};
  for (const [category, names] of Object.entries(stickerNames)) {
    const arts = Object.fromEntries(names.map((name) => [name, packSticker(name, icons)]));
    files[`src/design/stickers/arts/${category}.ts`] = toModule("arts", arts);
  }
  for (const language of languages) {
    const { annotations } = readJson(`${words}/${language}/annotations.json`).annotations;
    const all = Object.values(stickerNames).flat();
    const texts = Object.fromEntries(all.map((name) => [name, packWords(emojis.get(name) ?? name, annotations)]));
    files[`src/designer/locales/stickers/${language}.ts`] = toModule("words", texts);
  }
  return files;
}

/** Without the selector of a coloured picture, which CLDR leaves out. @param {string} code such as "2764-fe0f" */
function toEmoji(code) {
  const points = code.split("-").filter((point) => point !== "fe0f");
  return String.fromCodePoint(...points.map((point) => Number.parseInt(point, 16)));
}

await runMain(async () => {
  const isCheck = process.argv.includes("--check");
  let stale = 0;
  for (const [path, text] of Object.entries(makeFiles())) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    if (!isCheck) writeFileSync(file, text);
    else if (readFileSync(file, "utf8") !== text) {
      say(`${path} is not what its source makes: run node ${relative(root, process.argv[1] ?? "")}`);
      stale += 1;
    }
  }
  return stale === 0 ? 0 : 1;
});
