// What the designer costs the page around it: the loader's bytes, what forged messages can do, what is left of it, and how much later its
// first picture comes than alone.
import { BankPage } from "../e2e/support/bank-page.ts";
import { withBrowser } from "./croppers/browser.ts";
import { hostOurs } from "./croppers/subjects.ts";
import { compareFirstFrames, sumUp } from "./embed/first-frame.ts";
import { forge, forgedCount } from "./embed/forge.ts";
import { leak, mounts } from "./embed/leak.ts";

const productId = "photo-landscape";

/** As it comes through the wire to who takes gzip. */
async function measureLoader(designerUrl: string): Promise<number> {
  const answer = await fetch(`${designerUrl}/embed/card-designer.js`, { headers: { "accept-encoding": "gzip" } });
  const sent = Number(answer.headers.get("content-length"));
  if (answer.headers.get("content-encoding") !== "gzip" || !sent) throw new Error("The loader comes uncompressed.");
  return sent / 1000;
}

const { subject, stop } = await hostOurs();
try {
  const { demo } = subject;
  const loaderKb = await measureLoader(demo.designerUrl);
  console.log(`loader: ${loaderKb.toFixed(3)} kB compressed with gzip`);
  const measured = await withBrowser(async ({ browser, page }) => {
    const bank = new BankPage(page, demo);
    await bank.open();
    const effects = await forge(bank);
    console.log(`${forgedCount} forged messages: ${effects} effects`);
    const left = await leak(browser, demo, productId);
    console.log(`left of ${mounts} designers in StrictMode: ${JSON.stringify(left)}`);
    const moments = await compareFirstFrames(browser, demo.bankUrl, productId);
    const x = Math.max(sumUp("shape", moments), sumUp("screen", moments));
    return { effects, leaked: Object.values(left).reduce((sum, one) => sum + Math.max(0, one), 0), x };
  });
  const { effects, leaked, x } = measured;
  console.log(
    `embed loader_kb=${loaderKb.toFixed(2)} forged_effects=${effects} leaked=${leaked} first_frame_x=${x.toFixed(2)}`,
  );
} finally {
  await stop();
}
