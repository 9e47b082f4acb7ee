// How much later the designer's first screen comes in the bank's page than alone.
import type { Browser, Frame, Page } from "playwright";
import { en } from "#designer/locales/en.ts";
import { median } from "../croppers/median.ts";

const rounds = 15;
const firstHeading = en["pick.title"];

interface Moments {
  /** The shape of the first screen: the first that is painted at all. */
  readonly shape: number;
  /** The first screen, with its words: the first that is painted of a text or picture, which the shape has none of. */
  readonly screen: number;
}

/** Milliseconds from the beginning of the frame's own navigation. */
async function readMoments(place: Frame | Page): Promise<Moments> {
  await place.locator("input[type=file]").first().waitFor({ state: "attached" });
  const heading = await place.locator("h1").first().textContent();
  if (heading !== firstHeading) throw new Error(`The first screen says ${heading}.`);
  return place.evaluate(async () => {
    const find = (name: string) => performance.getEntriesByName(name)[0]?.startTime;
    for (let tries = 0; tries < 400; tries += 1) {
      const [shape, screen] = [find("first-paint"), find("first-contentful-paint")];
      if (shape !== undefined && screen !== undefined) return { shape, screen };
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error("Nothing was painted within ten seconds.");
  });
}

interface Answers {
  readonly origin: string;
  readonly nonce: string;
  readonly start: Readonly<Record<string, unknown>>;
}

/**
 * Put into the designer's address before anything else, where that is opened alone: answers it as the loader on the issuer's page does, at
 * once and with the same session.
 */
function standInForPage({ origin, nonce, start }: Answers): void {
  let isAnswered = false;
  const page = {
    postMessage(_hello: unknown, to: string) {
      if (to !== origin || isAnswered) return;
      isAnswered = true;
      const { port1, port2 } = new MessageChannel();
      const data = { fullbleed: "connect", protocol: 1, nonce };
      const event = new MessageEvent("message", { data, origin, ports: [port2] });
      Object.defineProperty(event, "source", { value: page });
      port1.postMessage(start);
      setTimeout(() => dispatchEvent(event));
    },
  };
  Object.defineProperty(window, "parent", { value: page });
}

/** What the bank's page starts the designer with, with another secret of the same session. */
const readStart = (page: Page, productId: string) =>
  page.evaluate(async (product) => {
    const body = JSON.stringify({ why: "refresh", productId: product, locale: "en" });
    const headers = { "content-type": "application/json" };
    const credentials = await (await fetch("/api/card-session", { method: "POST", headers, body })).json();
    const brand = JSON.parse(document.querySelector<HTMLMetaElement>("meta[name=brand]")?.content ?? "") as object;
    const options = { locale: "en", theme: (brand as { theme: unknown }).theme };
    return { type: "start", ...(credentials as object), options };
  }, productId);

type Way = "inPage" | "alone" | "freshTab";

interface Visit extends Pick<Answers, "origin" | "start"> {
  readonly address: string;
  readonly viewport: { readonly width: number; readonly height: number };
}

/** The designer as it comes up in the bank's page; and what it needs to come up once more. */
async function visitInPage(browser: Browser, bankUrl: string, productId: string): Promise<[Moments, Visit]> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(bankUrl);
  const element = await page.waitForSelector("iframe");
  const width = await element.evaluate((frame) => frame.clientWidth);
  const frame = await element.contentFrame();
  if (frame === null) throw new Error("The designer is not on the page.");
  const moments = await readMoments(frame);
  const start = await readStart(page, productId);
  await context.close();
  const address = frame.url().replace(/#.*/, "");
  return [moments, { origin: new URL(bankUrl).origin, start, address, viewport: { width, height: 640 } }];
}

/** The same session at the same size, its address opened alone: after the bank's page, without the designer in it, or as the first in its tab. */
async function visitAlone(browser: Browser, { origin, start, address, viewport }: Visit, bankUrl?: string) {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  if (bankUrl !== undefined) {
    await page.route("**/app.js", (route) => route.abort());
    await page.goto(bankUrl);
    await page.unrouteAll();
  }
  const nonce = "0".repeat(32);
  await page.addInitScript(standInForPage, { origin, nonce, start });
  await page.goto(`${address}#nonce=${nonce}`);
  const moments = await readMoments(page);
  await context.close();
  return moments;
}

/** Each in a context of its own, one in turn with the other. The secret of a start is used up by it, so that each way alone has its own visit. */
export async function compareFirstFrames(
  browser: Browser,
  bankUrl: string,
  productId: string,
): Promise<Record<Way, Moments[]>> {
  const all: Record<Way, Moments[]> = { inPage: [], alone: [], freshTab: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const [way, before] of [["alone", bankUrl], ["freshTab"]] as const) {
      const [inPage, visit] = await visitInPage(browser, bankUrl, productId);
      all.inPage.push(inPage);
      all[way].push(await visitAlone(browser, visit, before));
    }
  }
  return all;
}

/** Medians of each, and how many times as long it takes in the page as alone. */
export function sumUp(name: keyof Moments, all: Record<Way, readonly Moments[]>): number {
  const of = (way: Way): number => median(all[way].map((each) => each[name]));
  const [inPage, alone, freshTab] = [of("inPage"), of("alone"), of("freshTab")].map((ms) => ms.toFixed(0));
  console.log(
    `${name} painted after ${inPage} ms in the bank's page, ${alone} ms alone, ${freshTab} ms alone in a fresh tab`,
  );
  return of("inPage") / of("alone");
}
