// How soon the stage shows a filter that is chosen, in our built designer, and whether it shows the colours that are printed.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "playwright";
import sharp from "sharp";
import { withBrowser } from "../croppers/browser.ts";
import { median } from "../croppers/median.ts";
import { hostOurs } from "../croppers/subjects.ts";
import { askPage } from "../journey/ask-page.ts";
import { photographPath } from "../journey/make-crop.ts";

interface Levels {
  readonly look: string;
  readonly stage: number;
  readonly preview: number;
}

/** From a choice to the frame that shows it; and the longest task of the page's main thread meanwhile, 0 where none takes 50 ms. */
interface Shown {
  readonly thumbnailsMs: number;
  readonly ms: readonly number[];
  readonly longestTask: number;
}

/** Opens the tool, waits for its thumbnails, and chooses one filter after the other. */
function measureShown(frame: Frame): Promise<Shown> {
  return frame.evaluate(async (): Promise<Shown> => {
    const frameTime = () => new Promise<void>((resolve) => requestAnimationFrame(() => resolve()));
    const rest = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
    const pixel = (canvas: HTMLCanvasElement) =>
      canvas
        .getContext("2d")
        ?.getImageData(canvas.width / 2, canvas.height / 2, 1, 1)
        .data.join();
    const until = async (holds: () => boolean): Promise<number> => {
      const began = performance.now();
      while (!holds() && performance.now() - began < 10_000) await frameTime();
      return performance.now() - began;
    };
    let longestTask = 0;
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longestTask = Math.max(longestTask, duration);
    });
    observer.observe({ type: "longtask" });
    const stage = document.querySelector("canvas");
    const tab = document.querySelector<HTMLInputElement>("input[value=filters]");
    if (stage === null || tab === null) throw new Error("the tool is not there");
    tab.click();
    const last = () => document.querySelector<HTMLCanvasElement>("fieldset label:last-child > input + canvas");
    const thumbnailsMs = await until(() => {
      const canvas = last();
      return canvas !== null && pixel(canvas) !== "0,0,0,0";
    });
    const ms: number[] = [];
    const names = [...document.querySelectorAll<HTMLInputElement>("fieldset label > input:has(+ canvas)")];
    for (const input of [...names.slice(1), ...names.slice(1)]) {
      const before = pixel(stage);
      input.click();
      ms.push(await until(() => pixel(stage) !== before));
      await rest(1000);
    }
    observer.disconnect();
    return { thumbnailsMs, ms, longestTask };
  });
}

async function measureInDesigner(file: string): Promise<Shown> {
  const { subject, stop } = await hostOurs();
  try {
    return await withBrowser(async ({ page }) => {
      const { frame, handOver, find } = await subject.open(page);
      await handOver(file);
      await find();
      await frame.waitForTimeout(1500);
      return await measureShown(frame);
    });
  } finally {
    await stop();
  }
}

/** `filter_ms`: the median from a choice to the frame that shows it; `filter_levels`: the most by which a byte of the stage differs from the picture's. */
export async function measureFilters(): Promise<{ keys: Record<string, string | number>; table: string }> {
  const photo = await sharp(photographPath("dust-bowl-home")).resize(4000, 3000, { fit: "cover" }).jpeg().toBuffer();
  const differences = await askPage<readonly Levels[]>("bench/tools/page/filters.ts", photo);
  const levels = Math.max(...differences.flatMap(({ stage, preview }) => [stage, preview]));
  const folder = join(import.meta.dirname, "../../.cache/bench/tools");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "filtered.jpg");
  await sharp(photo).toFile(file);
  const { thumbnailsMs, ms, longestTask } = await measureInDesigner(file);
  const table = [
    `filtered, levels apart from the picture: ${differences.map(({ look, stage, preview }) => `${look} stage ${stage}, preview ${preview}`).join("; ")}`,
    `thumbnails after the tool was opened, ms: ${thumbnailsMs.toFixed(0)}`,
    `a filter on the stage, ms: ${ms.map((each) => each.toFixed(0)).join(" ")} (longest task of the page ${longestTask.toFixed(0)} ms)`,
  ].join("\n");
  return { keys: { filter_ms: median(ms).toFixed(0), filter_levels: levels }, table };
}
