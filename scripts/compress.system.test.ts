import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { build } from "vite";
import { expect, onTestFinished, test } from "vitest";
import { compressFolder } from "./compress.mjs";
import { root } from "./steps.mjs";

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fullbleed-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test("compressed files are written beside what is text inside, and nothing else", async () => {
  const folder = await makeFolder();
  const names = ["a.js", "b.css", "c.svg", "d.json", "e.webmanifest", "f.txt", "g.wasm"];
  for (const name of [...names, "h.png", "i.ico", "j.html", "a.js.map"])
    await writeFile(join(folder, name), `${name} `.repeat(50));
  await compressFolder(folder);
  const made = (await readdir(folder)).filter((file) => /\.(br|gz)$/.test(file));
  expect(made).toEqual(names.flatMap((name) => [`${name}.br`, `${name}.gz`]));
});

test("the loader is built with what is sent of it, at most 5 kB", async () => {
  const outDir = await makeFolder();
  const configFile = join(root, "vite.config.ts");
  await build({ root, configFile, mode: "embed", logLevel: "error", build: { outDir } });
  const [plain, br, gz] = await Promise.all(
    ["", ".br", ".gz"].map((ending) => readFile(join(outDir, `card-designer.js${ending}`))),
  );
  for (const packed of [br, gz]) expect(packed?.byteLength).toBeLessThanOrEqual(5_000);
  expect(brotliDecompressSync(br ?? "")).toEqual(plain);
  expect(gunzipSync(gz ?? "")).toEqual(plain);
});
