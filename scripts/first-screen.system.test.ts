import { posix } from "node:path";
import { beforeAll, expect, test, vi } from "vitest";
import {
  buildInMemory,
  bytesOf,
  type Files,
  findChunk,
  findFirstPaint,
  findScript,
  sumGzip,
  withImports,
} from "./built-files.mjs";
import { root } from "./steps.mjs";

let files: Files;
let firstPaint: ReadonlySet<string>;
beforeAll(async () => {
  // A test that builds would otherwise get what is made for tests.
  vi.stubEnv("NODE_ENV", "production");
  files = await buildInMemory("production").finally(() => vi.unstubAllEnvs());
  firstPaint = findFirstPaint(files);
});

/** The sources of these scripts: a file of ours by its path in src/, a package by its name. */
function sourcesOf(names: Iterable<string>): readonly string[] {
  const chunks = [...names].filter((name) => files.get(name)?.type === "chunk");
  const ids = chunks.flatMap((name) => findChunk(files, name).moduleIds);
  const sources = ids.map((id) => {
    const [, name] = /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id) ?? [];
    return name ?? posix.relative(posix.join(root, "src"), id.replace(/\?.*$/, ""));
  });
  return [...new Set(sources)].sort();
}

/** What the first screen is made of beside the designer's own room: what is added here is waited for by everybody. */
const shared = [
  "card/art.ts",
  "card/face.ts",
  "card/other-way-round.ts",
  "card/products.ts",
  "contracts/describe-cause.ts",
  "contracts/frame-messages.ts",
  "contracts/locale.ts",
  "contracts/one-line.ts",
  "contracts/problem.ts",
  "contracts/submission-state.ts",
  "contracts/with-resolvers.ts",
  "image/canvas.ts",
  "image/image-worker.ts",
  "image/protocol.ts",
  "image/requirements.ts",
  "image/worker.ts",
  "react",
  "react-dom",
  "scheduler",
  "zustand",
];

/** Of the designer's room the folders that have something in it. */
const folders = ["api", "app", "card", "drafts", "flow", "host", "locales", "steps", "steps/pick", "ui"];

test("the first screen waits for 106.5 kB at most, in three scripts and one file of styles", async () => {
  expect(await sumGzip(files, firstPaint)).toBeLessThanOrEqual(106_500);
  const named = [...firstPaint].map((name) => name.replace(/-.{8}(\.\w+)$/, "$1"));
  expect(named.sort()).toEqual(["index.css", "index.js", "react.js", "rolldown-runtime.js"].map((n) => `assets/${n}`));
});

test("what only later screens use is not in it", () => {
  const sources = sourcesOf(firstPaint).filter((source) => !source.startsWith("..") && !source.includes("\0"));
  const [own, others] = [true, false].map((is) => sources.filter((source) => source.startsWith("designer/") === is));
  expect(others).toEqual(shared);
  const inFolders = own?.map((source) => posix.dirname(posix.relative("designer", source))) ?? [];
  expect([...new Set(inFolders)].filter((folder) => folder !== "." && folder !== "styles")).toEqual(folders);
});

test("Konva is loaded with the design step; letters, stickers and what is said of them by none of the steps, but when they are used", () => {
  const step = findScript(files, "DesignStep");
  const withKonva = [...files.keys()].filter((name) => sourcesOf([name]).includes("konva"));
  expect(withKonva).toEqual([step]);
  const before = withImports(files, [...firstPaint, findScript(files, "studio")]);
  expect([...before]).not.toContain(step);
  const all = sourcesOf(withImports(files, [step, ...before]));
  expect(all, "sources of all steps").toContain("designer/tools/text/Panel.tsx");
  expect(
    all.filter((source) => /^design\/stickers\/|^lettering\/|locales\/stickers\/|linkify|harfbuzz/.test(source)),
  ).toEqual([]);
});

test("the worker has no letters before it sets the first text", () => {
  const lettering = /harfbuzz-[\w-]+\.wasm|[\w-]+\.woff/;
  const withLetters = [...files].filter(
    ([name, file]) => name.endsWith(".js") && lettering.test(String(bytesOf(file))),
  );
  const scripts = withLetters.map(([name]) => name).sort();
  expect(scripts).toEqual(["set-text", "slice-addresses", "write-text"].map((name) => findScript(files, name)));
  const worker = withImports(files, [findScript(files, "worker")]);
  expect(worker.size).toBeGreaterThan(1);
  expect(scripts.filter((name) => worker.has(name))).toEqual([]);
});
