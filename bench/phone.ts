// From a photo to the card with a thumb: how long, how many taps, the longest task of the main thread, and what is out of sight.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Locator } from "playwright";
import sharp from "sharp";
import { en } from "#designer/locales/en.ts";
import { BankPage } from "../e2e/support/bank-page.ts";
import { Fingers } from "../e2e/support/fingers.ts";
import { judgeNewestPicture, setSwitches } from "../e2e/support/platform.ts";
import { note, type OpenBrowser, withBrowser } from "./croppers/browser.ts";
import { hostOurs } from "./croppers/subjects.ts";
import { photographPath } from "./journey/make-crop.ts";
import { traceTasks } from "./journey/tasks.ts";

const sizes = [
  { width: 390, height: 664 },
  { width: 360, height: 640 },
  { width: 844, height: 390 },
] as const;
type Size = (typeof sizes)[number];

/** Somebody reads, and aims. */
const readMs = 2000;
/** Where the bench looks, whatever the designer still draws of the way there. */
const settledMs = 600;

const hidden: string[] = [];
let looks = 0;

/** Notes if the card or the button that leads on is not wholly on the screen. */
async function lookAt(step: string, { width, height }: Size, card: Locator, button: Locator): Promise<void> {
  await sleep(settledMs);
  looks += 1;
  for (const [what, locator] of [
    ["card", card],
    ["button", button],
  ] as const) {
    const box = await locator.boundingBox();
    const isSeen =
      box !== null && box.x > -1 && box.y > -1 && box.x + box.width < width + 1 && box.y + box.height < height + 1;
    if (isSeen) continue;
    const where = box === null ? "nowhere" : `${box.y.toFixed(0)} to ${(box.y + box.height).toFixed(0)} px`;
    hidden.push(`${width} x ${height}, ${step}: the ${what} is ${where}`);
  }
}

interface Walk {
  readonly taps: number;
  readonly seconds: number;
}

/**
 * Put into every frame: the developer tools, by which the browser is driven, have a body of bytes encoded for them while the page waits,
 * which no cardholder's browser does. Of a Blob they want nothing.
 */
function sendBlobs(): void {
  const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (body) {
    send.call(this, body instanceof Uint8Array ? new Blob([body as Uint8Array<ArrayBuffer>]) : body);
  };
}

/** One visit, to the moment at which the design has been sent. */
async function walk(bank: BankPage, size: Size, file: string): Promise<Walk> {
  const { page, designer } = bank;
  const button = (name: string): Locator => designer.getByRole("button", { name, exact: true });
  let taps = 0;
  const tap = async (target: Locator): Promise<void> => {
    await target.waitFor();
    await sleep(readMs);
    taps += 1;
    await target.tap();
  };
  const begun = performance.now();
  await bank.place(file);
  await lookAt("photo", size, bank.card, button(en["design.next"]));
  const fingers = await Fingers.on(page);
  const { x, y } = await bank.cardOnScreen();
  await fingers.move([
    { x, y },
    { x: x + 30, y: y + 12 },
  ]);
  await tap(button(en["design.next"]));
  await designer.getByRole("heading", { name: en["preview.title"] }).waitFor();
  await lookAt(
    "preview",
    size,
    designer.getByRole("img", { name: en["preview.card-label"] }),
    button(en["preview.send"]),
  );
  await tap(designer.getByRole("checkbox", { name: en["preview.agree"] }));
  await tap(button(en["preview.send"]));
  // The platform may be so quick that only its review is seen.
  const sent = [en["follow.title.waiting"], en["follow.title.checking"]];
  await designer.getByRole("heading", { level: 1, name: new RegExp(sent.join("|")) }).waitFor();
  return { taps, seconds: (performance.now() - begun) / 1000 };
}

function onPhone<Result>(size: Size, use: (opened: OpenBrowser) => Promise<Result>): Promise<Result> {
  return withBrowser(use, { viewport: size, hasTouch: true, isMobile: true });
}

const folder = join(import.meta.dirname, "../.cache/bench/phone");
mkdirSync(folder, { recursive: true });
const file = join(folder, "photo.jpg");
await sharp(photographPath("dust-bowl-home")).resize(4000, 3000, { fit: "cover" }).jpeg().toFile(file);
const { subject, stop } = await hostOurs();
try {
  const { demo } = subject;
  await setSwitches(demo, { review: { mode: "manual" } });
  const measured = await onPhone(sizes[0], async ({ browser, page }) => {
    await page.addInitScript(sendBlobs);
    const bank = new BankPage(page, demo);
    await bank.open();
    const frame = page.frames().find((each) => each.url().startsWith(demo.designerUrl));
    if (frame === undefined) throw new Error("The designer is not on the page.");
    let walked: Walk | undefined;
    const tasks = await traceTasks(browser, page, async () => {
      await note(frame, "bench-begin");
      walked = await walk(bank, sizes[0], file);
      await bank.designer.getByRole("heading", { name: en["follow.title.checking"] }).waitFor();
      await judgeNewestPicture(demo, { decision: "accept" });
      await bank.designer.getByRole("heading", { name: en["follow.title.approved"] }).waitFor();
      await sleep(settledMs);
      await note(frame, "bench-end");
    });
    return { tasks, ...(walked as Walk) };
  });
  const { tasks, taps, seconds } = measured;
  console.log(
    `longest tasks, ms of the processor: ${tasks
      .slice(0, 5)
      .map((ms) => ms.toFixed(0))
      .join(" ")}`,
  );
  console.log(`sent after ${taps} taps and ${seconds.toFixed(1)} s`);
  for (const size of sizes) {
    // One after the other: two visits at once would be judged for each other
    await onPhone(size, async ({ page }) => {
      const bank = new BankPage(page, demo);
      await bank.open();
      await walk(bank, size, file);
      await bank.designer.getByRole("heading", { name: en["follow.title.checking"] }).waitFor();
      await judgeNewestPicture(demo, { decision: "reject", code: "TRADEMARK" });
      await bank.designer.getByRole("heading", { name: en["follow.title.rejected"] }).waitFor();
      const card = bank.designer.getByRole("img", { name: en["follow.designed-label"] });
      await lookAt("rejected", size, card, bank.designer.getByRole("button", { name: en["follow.change"] }));
      await page.screenshot({ path: join(folder, `rejected-${size.width}.png`) });
    });
  }
  for (const line of new Set(hidden)) console.log(line);
  console.log(`${looks} looks`);
  const longest = (tasks[0] ?? Number.NaN).toFixed(0);
  const steps = new Set(hidden.map((line) => line.split(":")[0])).size;
  console.log(`phone longest_task_ms=${longest} taps=${taps} seconds=${seconds.toFixed(1)} hidden_buttons=${steps}`);
} finally {
  await stop();
}
