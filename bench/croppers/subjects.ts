// The croppers that are compared, each opened on its page: our own in the demo's frame, the peers on the smallest page there is.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Frame, Page } from "playwright";
import { build } from "vite";
import { startDemo } from "#sandbox/launcher/demo.ts";
import { BankPage } from "../../e2e/support/bank-page.ts";
import type { TestDemo } from "../../e2e/support/stored-design.ts";
import { build as buildOurs } from "../../scripts/build.mjs";
import type { Spot } from "./browser.ts";
import { raster } from "./pages/page.ts";

/** A cropper on its page. */
export interface Opened {
  /** Where the cropper runs. */
  readonly frame: Frame;
  handOver(file: string): Promise<void>;
  /** Where the photo and the button to export are, once the photo lies there and nothing moves any more. */
  find(): Promise<{ photo: Spot; button: Spot }>;
  /** From what was exported back to the photo. */
  goBack(): Promise<void>;
}

export type SubjectName = "ours" | "react-easy-crop" | "cropperjs";

export interface Subject {
  readonly name: SubjectName;
  /** The mark with which an export is over. */
  readonly exported: "bench-png" | "bench-shown";
  /** A wheel's delta that zooms by a few percent. */
  readonly wheelDelta: number;
  open(page: Page): Promise<Opened>;
}

export interface Host<Kind> {
  readonly subject: Kind;
  stop(): Promise<void>;
}

export interface OwnSubject extends Subject {
  readonly demo: TestDemo;
}

const loadTimeoutMs = 60_000;

async function middleOf(box: Promise<{ x: number; y: number; width: number; height: number } | null>): Promise<Spot> {
  const found = await box;
  if (found === null) throw new Error("It is not on the screen.");
  return { x: Math.round(found.x + found.width / 2), y: Math.round(found.y + found.height / 2) };
}

/** Our built designer, as `npm start` serves it, in the demo bank's page. */
export async function hostOurs(): Promise<Host<OwnSubject>> {
  await buildOurs();
  const dataFolder = mkdtempSync(join(tmpdir(), "fullbleed-croppers-"));
  const demo = await startDemo({ dataFolder, ports: { bank: 0, server: 0, platform: 0 } });
  const subject: OwnSubject = {
    name: "ours",
    exported: "bench-shown",
    wheelDelta: 20,
    demo: { ...demo, dataFolder },
    async open(page) {
      const bank = new BankPage(page, { ...demo, dataFolder });
      await bank.open();
      const frame = page.frames().find((each) => each.url().startsWith(demo.designerUrl));
      if (frame === undefined) throw new Error("The designer is not on the page.");
      await frame.waitForLoadState("networkidle");
      return openBank(bank, frame);
    },
  };
  return {
    subject,
    async stop() {
      await demo.stop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

function openBank(bank: BankPage, frame: Frame): Opened {
  const next = bank.designer.getByRole("button", { name: "See the print preview" });
  return {
    frame,
    handOver: (file) => bank.pick(file),
    async find() {
      await bank.card.waitFor({ timeout: loadTimeoutMs });
      await bank.atRest();
      return { photo: await middleOf(bank.card.boundingBox()), button: await middleOf(next.boundingBox()) };
    },
    async goBack() {
      await bank.press("Back to the design");
      await bank.card.waitFor();
    },
  };
}

const html = `<!doctype html><meta charset="utf-8"><title>Cropper</title>
<style>body { margin: 20px } #stage { position: relative; width: 780px; aspect-ratio: ${raster.width} / ${raster.height} }</style>
<input type="file" id="file"><button id="crop">Crop</button><div id="stage"></div><script type="module" src="page.js"></script>`;

async function bundle(page: string): Promise<string> {
  const input = join(import.meta.dirname, "pages", `${page}.ts`);
  const result = await build({
    configFile: false,
    logLevel: "error",
    build: { write: false, rolldownOptions: { input } },
  });
  const [output] = [result].flat().flatMap((each) => ("output" in each ? each.output : []));
  if (output?.type !== "chunk") throw new Error(`${page} was not built.`);
  return output.code;
}

/** A peer on a page of its own. */
export async function hostPeer(name: "react-easy-crop" | "cropperjs", wheelDelta: number): Promise<Host<Subject>> {
  const script = await bundle(name === "cropperjs" ? "cropperjs" : "easy-crop");
  const server = createServer(({ url }, response) => {
    const isScript = url === "/page.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html").end(isScript ? script : html);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const open: Subject["open"] = async (page) => {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForLoadState("networkidle");
    return {
      frame: page.mainFrame(),
      handOver: (file) => page.locator("#file").setInputFiles(file),
      async find() {
        const stage = page.locator("#stage");
        return {
          photo: await middleOf(stage.boundingBox()),
          button: await middleOf(page.locator("#crop").boundingBox()),
        };
      },
      goBack: () => Promise.resolve(),
    };
  };
  return {
    subject: { name, exported: "bench-png", wheelDelta, open },
    stop: async () => void server.close(),
  };
}
