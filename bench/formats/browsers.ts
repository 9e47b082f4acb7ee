// One browser after the other, each on a page of the bench.
import { chromium, firefox } from "playwright";
import { chromiumArguments, findChromium, findFirefox, findWebKit } from "../../scripts/browsers.mjs";
import { withWebKit } from "../../e2e/support/webkit.ts";

export const engines = ["chromium", "firefox", "webkit"] as const;
export type Engine = (typeof engines)[number];

/** Opens the page in a fresh browser, waits as long as `use` takes, and ends the browser. */
export type Visit = (url: string, use: () => Promise<void>) => Promise<void>;

const visitChromium: Visit = async (url, use) => {
  const browser = await chromium.launch({ ...findChromium(), args: chromiumArguments() });
  try {
    await (await browser.newPage()).goto(url);
    await use();
  } finally {
    await browser.close();
  }
};

const visitFirefox: Visit = async (url, use) => {
  const browser = await firefox.launch({ ...findFirefox() });
  try {
    await (await browser.newPage()).goto(url);
    await use();
  } finally {
    await browser.close();
  }
};

const visitWebKit: Visit = (url, use) =>
  withWebKit(async (browser) => {
    await browser.get(url);
    await use();
  });

/** How an engine is visited; undefined where there is no such browser on this machine. */
export function findVisit(engine: Engine): Visit | undefined {
  if (engine === "chromium") return visitChromium;
  if (engine === "firefox") return findFirefox() && visitFirefox;
  const webKit = findWebKit();
  return webKit !== undefined && "driver" in webKit ? visitWebKit : undefined;
}
