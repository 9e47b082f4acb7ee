import { appendFile, readFile } from "node:fs/promises";
import { join, posix, relative } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, normalizePath, type Plugin, type Rolldown, type UserConfig } from "vite";
import { compressFolder } from "./scripts/compress.mjs";
import { exactAddress, releasedFolder } from "./scripts/loader-address.mjs";
import { completePackage, packageEntries } from "./scripts/npm-package.mjs";
import { buildTarget } from "./scripts/oldest-browsers.mjs";

const folder = `${import.meta.dirname}/src/designer`;

/** Last, when the files of public/ are there too. */
const compressed: Plugin = {
  name: "compressed",
  async writeBundle({ dir }) {
    if (dir !== undefined) await compressFolder(dir);
  },
};

const licences = "licences.txt";
const heif = `${import.meta.dirname}/node_modules/libheif-js`;

/** What the worker sets texts with, and their licences. */
const lettering = [
  { name: "harfbuzzjs", licence: "LICENSE" },
  { name: "bidi-js", licence: "LICENSE.txt" },
] as const;

/** Vite lists the packages that the page is made of, but neither those of its worker nor what stickers and letters were made of. */
const otherLicences: Plugin = {
  name: "other-licences",
  async writeBundle({ dir }) {
    if (dir === undefined) return;
    const { version } = JSON.parse(await readFile(join(heif, "package.json"), "utf8"));
    const text = await readFile(join(heif, "libheif-wasm/LICENSE"), "utf8");
    const source = "https://github.com/catdad-experiments/libheif-js, built from https://github.com/strukturag/libheif";
    const how = `The files libheif-*.wasm and libheif-*.js, unchanged. Their source: ${source} and https://github.com/strukturag/libde265.`;
    await appendFile(join(dir, licences), `\n## libheif-js - ${version} (LGPL-3.0)\n\n${how}\n\n${text}`);
    const ofStickers = await readFile(`${import.meta.dirname}/src/design/stickers/licences.txt`, "utf8");
    await appendFile(join(dir, licences), `\n${ofStickers}`);
    for (const { name, licence } of lettering) {
      const at = `${import.meta.dirname}/node_modules/${name}`;
      const { version: of } = JSON.parse(await readFile(join(at, "package.json"), "utf8"));
      const words = await readFile(join(at, licence), "utf8");
      await appendFile(join(dir, licences), `\n## ${name} - ${of} (MIT)\n\n${words}`);
    }
    const ofFonts = await readFile(`${import.meta.dirname}/src/lettering/fonts/OFL.txt`, "utf8");
    await appendFile(join(dir, licences), `\n## The letters (OFL-1.1)\n\n${ofFonts}`);
  },
};

/** In files of their own, which are only loaded for such a photo: libheif, as its licence asks, and the colours that HEIC, TIFF and JPEGs of ours share. */
const rareFormats = [
  { name: "libheif", test: /\/node_modules\/libheif-js\// },
  { name: "rare-colours", test: /\/src\/image\/rare\/(icc.*|plain-colours|turn|decoded)\.ts$/ },
];

/** Not as `var`, which Vite makes of them: the minifier writes the value of a constant where it is used. */
const constants = { output: { topLevelVar: false } } as const;

const firstFiles: Rolldown.CodeSplittingGroup[] = [
  // All of React is one file, which is the same from release to release: whoever comes again has it.
  { name: "react", test: /\/node_modules\/(react|react-dom|scheduler)\// },
  // What the first screen imports is the other. What later scripts share with it would else be parted by who shares it, and each part compressed alone.
  { name: "first-screen", tags: ["$initial"] },
];

/** A class is called after its file and itself: unique, and made of what both files have in them already. */
function className(name: string, file: string): string {
  const [path = ""] = relative(folder, file).split(".module.css");
  return `${path}/${name}`.replaceAll("/", "-");
}

/** The designer: a page of its own, served by our server under a strict CSP, so nothing may be inlined. */
const designer: UserConfig = {
  plugins: [react(), otherLicences, compressed],
  worker: { format: "es", rolldownOptions: { output: { codeSplitting: { groups: rareFormats } } } },
  css: { modules: { generateScopedName: className } },
  build: {
    outDir: "dist/designer",
    emptyOutDir: true,
    target: buildTarget,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { ...constants.output, codeSplitting: { groups: firstFiles } } },
    sourcemap: "hidden",
    license: { fileName: licences },
  },
};

/** A classic script is read in the encoding of the page around it: what is not ASCII is escaped. */
const asciiOnly: Plugin = {
  name: "ascii-only",
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== "chunk") continue;
      chunk.code = chunk.code.replace(
        /[^\0-\x7f]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
      );
    }
  },
};

/** Members that the loader's parts have for each other alone: no name of the browser's, of a message or of what the page sees may be one. */
const ownMembers =
  /^(settle|refuse|tell|tellAgain|wait|fail|interrupt|decide|hear|reset|check|onResize|setPage|queue|leave|say|open|send|promise|readiness|hangUp|requestSubmit|submitting|closing|onAnswer)$/;

/** The bundler's own settings for such a script, and short names for those. */
const shortNames = { compress: { target: "es2020" }, mangle: { toplevel: true }, mangleProps: { include: ownMembers } };

/** The loader for the issuer's page: one classic script, `dist/embed/card-designer.js`. */
const embed: UserConfig = {
  publicDir: releasedFolder,
  plugins: [asciiOnly, exactAddress, compressed],
  build: {
    outDir: "dist/embed",
    emptyOutDir: true,
    // Older than the oldest browser, so that below that it can still tell the page so.
    target: "es2020",
    minify: true,
    sourcemap: "hidden",
    rolldownOptions: { output: { ...constants.output, minify: shortNames } },
    lib: { entry: "src/embed/main.ts", formats: ["iife"], name: "FullbleedLoader", fileName: () => "card-designer.js" },
  },
};

/** The page of ours around the designer, where the issuer has none: under its own strict CSP, so nothing may be inlined. */
const hosted: UserConfig = {
  root: `${import.meta.dirname}/src/embed/hosted`,
  base: "/hosted/",
  publicDir: false,
  plugins: [compressed],
  build: {
    outDir: `${import.meta.dirname}/dist/hosted`,
    emptyOutDir: true,
    target: buildTarget,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: "hidden",
    rolldownOptions: { output: constants.output },
  },
};

/** Manifest, licence and types. */
const packaged: Plugin = {
  name: "packaged",
  async writeBundle({ dir }) {
    if (dir !== undefined) await completePackage(dir);
  },
};

/** What an issuer installs: readable, for the issuer's own bundler. */
const npm: UserConfig = {
  publicDir: false,
  plugins: [packaged],
  // Whatever NODE_ENV is here: the issuer's bundler says which React it is.
  oxc: { jsx: { runtime: "automatic", development: false } },
  build: {
    outDir: "dist/npm",
    emptyOutDir: true,
    target: "es2022",
    minify: false,
    lib: { entry: packageEntries, formats: ["es"] },
    rolldownOptions: {
      external: [/^react(\/|$)/, /^node:/],
      output: {
        ...constants.output,
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        // For frameworks that render on a server: this one has state.
        banner: ({ name }) => (name === "react" ? '"use client";' : ""),
      },
    },
  },
};

/** The demo bank's page in React, made as an issuer makes one: of the package as it was built, here with React's own checks, so that StrictMode mounts twice. */
const bank: UserConfig = {
  publicDir: false,
  resolve: { alias: { "@fullbleed/card-designer": `${import.meta.dirname}/dist/npm` } },
  oxc: { jsx: { runtime: "automatic", development: false } },
  define: { "process.env.NODE_ENV": JSON.stringify("development") },
  build: {
    outDir: "dist/bank",
    emptyOutDir: true,
    target: buildTarget,
    lib: { entry: { react: "src/sandbox/bank/page/react.jsx" }, formats: ["es"] },
    rolldownOptions: { output: { entryFileNames: "[name].js" } },
  },
};

/** A program reads files that lie beside its sources, which stay where they are. */
const besideTheSource: Plugin = {
  name: "beside-the-source",
  enforce: "pre",
  transform(code, id) {
    const root = normalizePath(import.meta.dirname);
    if (!id.startsWith(`${root}/src/`)) return;
    const file = `../..${id.slice(root.length)}`;
    return code
      .replaceAll("import.meta.dirname", `(import.meta.dirname + ${JSON.stringify(`/${posix.dirname(file)}`)})`)
      .replaceAll("import.meta.url", `new URL(${JSON.stringify(file)}, import.meta.url).href`);
  },
};

/** The first two come with a binary that they look for beside themselves; the others are the operator's to install (src/server/traces/sdk.ts). */
const stayPackages = ["sharp", "libheif-js"].concat(
  ["sdk-trace", "resources", "context-async-hooks", "exporter-trace-otlp-http"].map((name) => `@opentelemetry/${name}`),
);

/** Programs for Node, each with its packages in a few files instead of a thousand: it starts in half the time. */
const programs = (outDir: string, input: Record<string, string>): UserConfig => ({
  publicDir: false,
  plugins: [besideTheSource],
  ssr: { noExternal: true, external: stayPackages, target: "node" },
  build: {
    ssr: true,
    outDir,
    emptyOutDir: true,
    target: "node22",
    rolldownOptions: { input, output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" } },
  },
});

const server = programs("dist/server", { main: "src/server/main.ts" });

/** Apart: an emulator is never part of what an issuer runs. */
const demo = programs("dist/demo", {
  "thales-emulator": "src/providers/thales/emulator/main.ts",
  "synctera-emulator": "src/providers/synctera/emulator/main.ts",
  bank: "src/sandbox/bank/main.ts",
});

export default defineConfig(({ mode, command }) => {
  if (mode === "embed") return embed;
  if (mode === "hosted") return hosted;
  if (mode === "npm") return npm;
  if (mode === "bank") return bank;
  if (mode === "server") return server;
  if (mode === "demo") return demo;
  // The server has the page's files at /designer/ and those of public/ at its root; Vite's own server has one base for both.
  return { ...designer, base: command === "build" ? "/designer/" : "/" };
});
