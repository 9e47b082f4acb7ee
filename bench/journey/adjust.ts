// Whether the stage shows the light and colours that are printed, and how soon it shows a change of them, in our built designer.
import { join } from "node:path";
import type { Frame } from "playwright";
import sharp from "sharp";
import { withBrowser } from "../croppers/browser.ts";
import { hostOurs } from "../croppers/subjects.ts";
import { askPage } from "./ask-page.ts";
import { photographPath } from "./make-crop.ts";
import { median } from "../croppers/median.ts";

interface Levels {
  readonly stage: number;
  readonly preview: number;
}

/** Of a change to the frame that shows it; and the longest task of the page's main thread meanwhile, 0 where none takes 50 ms. */
interface Shown {
  readonly ms: readonly number[];
  readonly longestTask: number;
}

/** Moves the brightness slider to and fro: while it is held, or let go of each time. */
function measureShown(frame: Frame, isHeld: boolean): Promise<Shown> {
  return frame.evaluate(async (isHeld): Promise<Shown> => {
    const slider = document.querySelector<HTMLInputElement>('input[type=range][aria-label="Brightness"]');
    const context = document.querySelector("canvas")?.getContext("2d");
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set;
    if (slider === null || !context || set === undefined) throw new Error("the slider is not there");
    const pointer = (type: string) =>
      slider.dispatchEvent(new PointerEvent(type, { bubbles: true, button: 0, buttons: 1, pointerId: 1 }));
    const frameTime = () => new Promise<void>((resolve) => requestAnimationFrame(() => resolve()));
    const rest = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
    const seen = () => context.getImageData(context.canvas.width / 2, context.canvas.height / 2, 1, 1).data.join();
    let longestTask = 0;
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longestTask = Math.max(longestTask, duration);
    });
    observer.observe({ type: "longtask" });
    const ms: number[] = [];
    if (isHeld) pointer("pointerdown");
    for (let change = 0; change < 11; change++) {
      const before = seen();
      if (!isHeld) pointer("pointerdown");
      const began = performance.now();
      set.call(slider, String(change % 2 === 0 ? 30 + change : -30));
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      if (!isHeld) pointer("pointerup");
      while (seen() === before && performance.now() - began < 10_000) await frameTime();
      ms.push(performance.now() - began);
      await rest(isHeld ? 50 : 1500);
    }
    if (isHeld) pointer("pointerup");
    observer.disconnect();
    return { ms, longestTask };
  }, isHeld);
}

async function measureInDesigner(file: string): Promise<{ held: Shown; single: Shown }> {
  const { subject, stop } = await hostOurs();
  try {
    return await withBrowser(async ({ page }) => {
      const { frame, handOver, find } = await subject.open(page);
      await handOver(file);
      await find();
      await frame.getByRole("radio", { name: "Light" }).check();
      await frame.waitForTimeout(1500);
      return { held: await measureShown(frame, true), single: await measureShown(frame, false) };
    });
  } finally {
    await stop();
  }
}

/** `ms`: the median of changes while the slider is held; `levels`: the most by which a byte of the stage differs from the picture's. */
export async function measureAdjust(): Promise<{ ms: number; levels: number; table: string }> {
  const photo = await sharp(photographPath("dust-bowl-home")).resize(4000, 3000, { fit: "cover" }).jpeg().toBuffer();
  const differences = await askPage<readonly Levels[]>("bench/journey/page/adjust.ts", photo);
  const levels = Math.max(...differences.flatMap(({ stage, preview }) => [stage, preview]));
  const file = join(import.meta.dirname, "../../.cache/bench/journey/adjusted.jpg");
  await sharp(photo).toFile(file);
  const { held, single } = await measureInDesigner(file);
  const list = ({ ms, longestTask }: Shown): string =>
    `${ms.map((each) => each.toFixed(0)).join(" ")} (longest task of the page ${longestTask.toFixed(0)} ms)`;
  const table = [
    `adjusted, levels apart from the picture: ${differences.map(({ stage, preview }) => `stage ${stage}, preview ${preview}`).join("; ")}`,
    `a change on the stage, ms, slider held: ${list(held)}`,
    `each let go of, while the print picture may be made: ${list(single)}`,
  ].join("\n");
  return { ms: median(held.ms), levels, table };
}
