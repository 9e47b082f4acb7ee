// The cards by which the checks are judged, as pictures to look at; what the checks say of them; how soon something is suggested.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { photoToRaster } from "#card/placement.ts";
import { readKernel } from "#image/testing/read-kernel.ts";
import { resampleIn } from "#image/testing/resample-cases.ts";
import { drawTemplate, drawTrimLine } from "#providers/thales/emulator/card-art.ts";
import { measureAdjust } from "./journey/adjust.ts";
import { type Crop, crops } from "./journey/crops.ts";
import { judgeCrop, type Verdict } from "./journey/judge-crop.ts";
import { makePhoto, placeCrop } from "./journey/make-crop.ts";
import { measureSuggestions } from "./journey/suggest.ts";
import { measureTasks } from "./journey/tasks.ts";

const folder = join(import.meta.dirname, "../.cache/bench/journey");
const kernel = readKernel();

/** The card with what is printed over it, as a PNG. */
async function drawCard(crop: Crop): Promise<Buffer> {
  const photo = await makePhoto(crop);
  const { product, placement } = placeCrop(crop, photo);
  const { widthPx: width, heightPx: height } = product;
  const rgba = await sharp(photo.png).ensureAlpha().raw().toBuffer();
  const pixels = { width: photo.widthPx, height: photo.heightPx, rgba: new Uint8ClampedArray(rgba) };
  const card = resampleIn(kernel, pixels, photoToRaster(placement, photo, product), { width, height });
  const over = [drawTemplate(product, "Design", width, height), drawTrimLine(product, width, height)];
  return sharp(card, { raw: { width, height, channels: 4 } })
    .composite(over.map((input) => ({ input })))
    .png()
    .toBuffer();
}

// Every second one, from the second on, is left alone unless it is asked for: nothing is tuned by it.
const isUnseenToo = process.argv.includes("--unseen");
const judged = isUnseenToo ? crops : crops.filter((_, index) => index % 2 === 0);

/** How often each thing was said and checked so, per label. */
const table = new Map<string, Map<string, number>>();

function count({ of, said, checked }: Verdict): void {
  const counts = table.get(of) ?? new Map<string, number>();
  table.set(of, counts);
  const pair = `${said}/${checked}`;
  counts.set(pair, (counts.get(pair) ?? 0) + 1);
}

mkdirSync(folder, { recursive: true });
let [agreed, asked] = [0, 0];
for (const crop of judged) {
  const index = crops.indexOf(crop);
  const file = join(folder, `${String(index).padStart(2, "0")}-${crop.photo}.png`);
  await sharp(await drawCard(crop)).toFile(file);
  const verdicts = await judgeCrop(crop);
  const wrong = verdicts.filter(({ said, checked }) => said !== checked);
  asked += verdicts.length;
  agreed += verdicts.length - wrong.length;
  verdicts.forEach(count);
  const not = wrong.map(({ of, checked }) => `${of} ${checked}`).join();
  console.log(file, JSON.stringify(crop.judged), not === "" ? "" : `not so by the checks: ${not}`);
}
console.log("said/checked, how often:");
for (const [of, counts] of table) {
  console.log(`  ${of}: ${[...counts].map(([pair, times]) => `${pair} ${times}`).join(", ")}`);
}
const times = process.argv.includes("--no-times") ? [] : await measureSuggestions();
console.log(`suggestions, ms in fresh workers: ${times.map((ms) => ms.toFixed(0)).join(" ")}`);
const median = times[Math.floor(times.length / 2)] ?? Number.NaN;
const adjust = process.argv.includes("--no-times")
  ? { ms: Number.NaN, levels: Number.NaN, table: "" }
  : await measureAdjust();
console.log(adjust.table);
const visits = process.argv.includes("--no-times") ? [] : await measureTasks();
for (const { opening, sliding } of visits) {
  const [ofOpening, ofSliding] = [opening, sliding].map((tasks) =>
    tasks
      .slice(0, 3)
      .map((ms) => ms.toFixed(0))
      .join(" "),
  );
  console.log(`longest tasks of the page, ms of the processor: photo opened ${ofOpening}; slider dragged ${ofSliding}`);
}
const longestTask = Math.max(0, ...visits.flatMap(({ opening, sliding }) => [opening[0] ?? 0, sliding[0] ?? 0]));
console.log(
  `journey checks_agree=${((100 * agreed) / asked).toFixed(1)}% checks_asked=${asked} crops=${judged.length} suggest_ms=${median.toFixed(0)} adjust_ms=${adjust.ms.toFixed(0)} adjust_levels=${adjust.levels} longest_task_ms=${longestTask.toFixed(0)}`,
);
