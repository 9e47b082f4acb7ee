// How far the stage draws outlines from where the picture has them, of every kind of element.
import type { OutlinesApart } from "#designer/steps/design/canvas/testing/stage-outlines.tsx";
import { askPage } from "../journey/ask-page.ts";

/** `stage_px`: the largest distance, in pixels of the stage. */
export async function measureStageOutlines(): Promise<{ keys: Record<string, string>; table: string }> {
  const found = await askPage<readonly OutlinesApart[]>("bench/tools/page/outlines.ts");
  const most = (of: readonly OutlinesApart[]): number => Math.max(...of.map(({ px }) => px));
  const names = [...new Set(found.map(({ name }) => name))];
  const lines = names.map((name) => {
    const own = found.filter((one) => one.name === name);
    const each = [1, 2].map((ratio) => `${most(own.filter((one) => one.ratio === ratio)).toFixed(3)} at ${ratio} x`);
    return `  ${name}: ${each.join(", ")} (${own.reduce((sum, { points }) => sum + points, 0)} points)`;
  });
  const table = ["outlines on the stage, px apart from the picture's:", ...lines].join("\n");
  return { keys: { stage_px: most(found).toFixed(3) }, table };
}
