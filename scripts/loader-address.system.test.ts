import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright";
import { build } from "vite";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { listenLocally } from "#providers/testing/listen.ts";
import { openTestApp } from "#server/testing/app.ts";
import { chromiumArguments, findChromium } from "./browsers.mjs";
import { addressOf } from "./loader-address.mjs";
import { root } from "./steps.mjs";

const earlier = "window.Fullbleed={earlier:1};\n";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fullbleed-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Builds the loader in a project where this has been released before. Gives the folder that the build has made. */
async function buildAfter(released: Readonly<Record<string, string>>): Promise<string> {
  const project = await mkdtemp(join(folder, "project-"));
  await mkdir(join(project, "released"));
  for (const [name, text] of Object.entries(released)) await writeFile(join(project, "released", name), text);
  await symlink(join(root, "src"), join(project, "src"));
  await build({ root: project, configFile: join(root, "vite.config.ts"), mode: "embed", logLevel: "silent" });
  return join(project, "dist/embed");
}

test("the build leaves the loader under the name of its content too, and earlier releases as they were", async () => {
  const { name } = addressOf(earlier);
  const made = await buildAfter({ [name]: earlier });
  const loader = await readFile(join(made, "card-designer.js"));
  const exact = addressOf(loader);
  expect(JSON.parse(await readFile(join(made, "card-designer.json"), "utf8"))).toEqual({
    src: `/embed/${exact.name}`,
    integrity: exact.integrity,
  });
  expect(await readFile(join(made, exact.name))).toEqual(loader);
  expect(await readFile(join(made, name), "utf8")).toBe(earlier);
  expect(await readdir(made)).toEqual(expect.arrayContaining([`${exact.name}.br`, `${name}.gz`]));
});

test("an earlier release whose bytes have changed stops the build", async () => {
  const { name } = addressOf(earlier);
  const built = buildAfter({ [name]: earlier.replace("\n", "\r\n") });
  await expect(built).rejects.toThrow(`released/${name} is not a loader as it was released`);
});

test("a page of another site runs exact addresses with their integrity, an earlier release's too, and nothing else", async () => {
  const server = await openTestApp();
  onTestFinished(() => server.close());
  const { name, integrity } = addressOf(earlier);
  const embed = join(server.parts.config.distFolder, "embed");
  await rm(embed, { recursive: true });
  await symlink(await buildAfter({ [name]: earlier }), embed);
  const origin = await server.app.listen({ host: "127.0.0.1", port: 0 });
  const browser = await chromium.launch({ ...findChromium(), args: chromiumArguments() });
  onTestFinished(() => browser.close());
  const bank = createServer((_request, response) => response.setHeader("content-type", "text/html").end("<p>"));
  onTestFinished(() => bank.close().closeAllConnections());
  const page = await browser.newPage();
  await page.goto((await listenLocally(bank)).replace("127.0.0.1", "localhost"));
  const current = await page.evaluate<{ src: string; integrity: string }>(
    `fetch("${origin}/embed/card-designer.json").then((answer) => answer.json())`,
  );

  /** What happens to such a tag, and what it has left on the page. */
  const run = (src: string, pinned: string) =>
    page.evaluate<[string, string]>(`new Promise((resolve) => {
      delete window.Fullbleed;
      const script = document.createElement("script");
      script.onload = script.onerror = ({ type }) => resolve([type, Object.keys(window.Fullbleed ?? {}).join()]);
      Object.assign(script, { src: "${origin}${src}", integrity: "${pinned}", crossOrigin: "anonymous" });
      document.head.append(script);
    })`);
  expect(await run(current.src, current.integrity)).toEqual(["load", "loadCardDesigner"]);
  expect(await run(`/embed/${name}`, integrity)).toEqual(["load", "earlier"]);
  expect(await run(current.src, integrity), "the integrity of another").toEqual(["error", ""]);
  expect(await run("/embed/card-designer-0000000000000000.js", integrity), "of no release").toEqual(["error", ""]);
});
