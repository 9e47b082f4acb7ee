import type { Frame, Page } from "playwright";
import { test as base, expect } from "vitest";
import type { ToLoader } from "#contracts/frame-messages.ts";
import { chromiumArguments, findChromium } from "../../../scripts/browsers.mjs";
import { type BankWindow, type DesignerWindow, startTwoSites } from "./two-sites.ts";

/** The two sites are started once for a file; every test has a `page` at the bank, with the loader and no designer yet. */
export const test = base
  .extend("launchOptions", { scope: "file" }, { ...findChromium(), args: chromiumArguments() })
  .extend("sites", { scope: "file" }, async ({ launchOptions }, { onCleanup }) => {
    const sites = await startTwoSites(launchOptions);
    onCleanup(() => sites.stop());
    return sites;
  })
  .extend("page", async ({ sites }, { onCleanup }) => {
    const page = await sites.browser.newPage();
    onCleanup(() => page.close());
    await openBank(page, `${sites.bankOrigin}/`);
    return page;
  });

/** Opens one of the bank's pages and waits for the loader. */
export async function openBank(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.evaluate("window.loaded");
}

/** Mounts a designer, waits until it is ready and finds its frame. */
export async function mountReady(page: Page): Promise<Frame> {
  await inBank(page, (bank) => bank.mount().ready);
  return findFrame(page);
}

/** Mounts a designer whose frame does nothing until the test calls `begin` in it, and finds its frame. */
export async function mountWaiting(page: Page, sessionId: "sess_manual" | "sess_silent"): Promise<Frame> {
  await page.evaluate(`window.answer = () => ({ sessionId: "${sessionId}", clientSecret: "secret" }); mount(); 0`);
  return findFrame(page);
}

/** The designer's frame, once its script runs. */
export async function findFrame(page: Page): Promise<Frame> {
  const frame = await (await page.waitForSelector("iframe")).contentFrame();
  if (!frame) throw new Error("the frame has no page");
  // Not waitForFunction: when it has to look twice it evals in the page, which the policy forbids.
  await expect.poll(() => frame.evaluate("typeof window.begin")).toBe("function");
  return frame;
}

/** Runs `look` in the bank's page. It may use nothing from outside itself. */
export function inBank<T>(page: Page, look: (bank: BankWindow) => T | Promise<T>): Promise<T> {
  return page.evaluate<T>(`(${look.toString()})(window)`);
}

/** Runs `look` in the designer's frame. It may use nothing from outside itself. */
export function inFrame<T>(frame: Frame, look: (designer: DesignerWindow) => T | Promise<T>): Promise<T> {
  return frame.evaluate<T>(`(${look.toString()})(window)`);
}

/** The types of the events that the page has had, in order. */
export function eventTypes(page: Page): Promise<string[]> {
  return inBank(page, ({ events }) => events.map(({ type }) => type));
}

/** Sends messages from a connected frame to the loader. */
export function sendFromFrame(frame: Frame, ...messages: readonly ToLoader[]): Promise<void> {
  return frame.evaluate<void>(`for (const message of ${JSON.stringify(messages)}) link.send(message)`);
}

/** Gives what must not happen its chance. What must happen is polled for: a busy machine takes longer than this. */
export function settle(page: Page): Promise<void> {
  return page.evaluate<void>("new Promise((resolve) => setTimeout(resolve, 60))");
}
