// Runs in the browser: opens file after file as the designer does, and tells what became of each.
import type { Product } from "#card/products.ts";
import { coverPlacement } from "#card/placement.ts";
import { createImageClient, type ImageClient, type OpenPhoto, PhotoProblem } from "#image/client.ts";
import { designOf } from "#image/testing/open-photo.ts";
import { gridOf } from "../grid.ts";

interface Task {
  readonly index: number;
  readonly product: Product;
}

function previewGrid({ preview }: OpenPhoto): number[] {
  const { width, height } = preview;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("no canvas");
  // What is transparent on the screen is printed on white.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(preview, 0, 0);
  return gridOf(context.getImageData(0, 0, width, height).data, width, height, 4);
}

/** How large a page shows the file, where it shows it. */
async function showAsImage(file: Blob): Promise<string> {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  const shown = await image.decode().then(
    () => `${image.naturalWidth}x${image.naturalHeight}`,
    () => "",
  );
  URL.revokeObjectURL(image.src);
  return shown;
}

async function run(client: ImageClient, { index, product }: Task): Promise<FormData> {
  const file = await (await fetch(`/files/${index}`)).blob();
  const result = new FormData();
  const about: Record<string, unknown> = { shown: await showAsImage(file) };
  try {
    const photo = await client.openPhoto(file, product);
    const design = designOf(photo, coverPlacement(photo, product), product);
    const { png } = await client.renderPicture(design, [photo], product);
    result.set("png", new Blob([png]));
    Object.assign(about, { widthPx: photo.widthPx, heightPx: photo.heightPx, grid: previewGrid(photo) });
    photo.close();
  } catch (error) {
    about["code"] = error instanceof PhotoProblem ? error.code : String(error);
  }
  result.set("about", JSON.stringify(about));
  return result;
}

async function runAll(): Promise<void> {
  const client = createImageClient();
  for (;;) {
    const task = (await (await fetch("/next", { method: "POST" })).json()) as Task | null;
    if (task === null) return;
    await fetch(`/results/${task.index}`, { method: "POST", body: await run(client, task) });
  }
}

await runAll();
