import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** A folder of the running test's own, removed after the test and its `afterEach`. Call it in the test or in `beforeEach`. */
export async function makeTestFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "fullbleed-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What a build of designer and loader leaves in `dist`, as far as the server looks at it. */
export async function writeBuild(dist: string): Promise<void> {
  const files = {
    "designer/index.html": '<!doctype html><html lang="en"><head><title>Designer</title></head><body></body></html>',
    "designer/assets/worker-1a2b.js": "postMessage(1);",
    "designer/assets/worker-1a2b.js.map": "{}",
    "designer/logo.svg": "<svg/>",
    "hosted/index.html": "<!doctype html><title>Card design</title>",
    "hosted/assets/index-1a2b.js": "1;",
    "hosted/assets/index-1a2b.js.map": "{}",
    "embed/card-designer.js": "var FullbleedLoader={};",
    "embed/card-designer-1a2b3c4d5e6f7890.js": "var FullbleedLoader={};",
    "embed/card-designer.json": '{"src":"/embed/card-designer-1a2b3c4d5e6f7890.js","integrity":"sha384-1a2b"}',
    "embed/card-designer.js.map": "{}",
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(dist, name)), { recursive: true });
    await writeFile(path.join(dist, name), text);
  }
}
