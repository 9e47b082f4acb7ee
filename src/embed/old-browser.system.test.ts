import type { Page } from "playwright";
import { expect } from "vitest";
import type { DesignerEvent } from "#contracts/frame-messages.ts";
import { eventTypes, findFrame, inBank, mountReady, sendFromFrame, test } from "./testing/visit.ts";

/** Opens the bank's page again, with this done before in the page alone. */
async function openAgain(page: Page, script: string): Promise<void> {
  await page.addInitScript(`if (window === top) { ${script} }`);
  await page.reload();
  await page.evaluate("window.loaded");
}

/** How `ready` ends, and what `onEvent` hears. */
async function mountRefused(page: Page): Promise<unknown> {
  const outcome = await page.evaluate("mount(); outcome(handle.ready)");
  return [outcome, await inBank(page, ({ events }) => events.map(({ type, code }) => [type, code]))];
}

test("a page without the functions of 2024 gets its designer and hears its events", async ({ page }) => {
  await openAgain(
    page,
    "delete Promise.withResolvers; delete AbortSignal.any; delete Object.hasOwn; delete window.reportError",
  );
  await mountReady(page);
  expect(await eventTypes(page)).toEqual(["ready"]);
});

test("a page without reportError whose callback throws hears the events after that as well", async ({ page }) => {
  await openAgain(page, "delete window.reportError");
  await inBank(page, (bank) => {
    const onEvent = (event: DesignerEvent) => {
      bank.events.push(event);
      throw new Error("mistake on the page");
    };
    return bank.mount({ onEvent }).ready;
  });
  const changed = { type: "event", event: { eventId: "e1", type: "changed" } } as const;
  await sendFromFrame(await findFrame(page), changed);
  await expect.poll(() => eventTypes(page)).toEqual(["ready", "changed"]);
  expect(await inBank(page, ({ errors }) => errors)).toEqual([]);
});

test("a designer whose script the browser cannot read says so on the screen and to the page", async ({ page }) => {
  await page.evaluate(`window.answer = () => ({ sessionId: "sess_unreadable", clientSecret: "secret" }); 0`);
  expect(await mountRefused(page)).toEqual([
    { code: "browser-unsupported", detail: expect.stringMatching(/SyntaxError/) },
    [["problem", "browser-unsupported"]],
  ]);
  const frame = page.frameLocator("iframe");
  expect(await frame.locator("h1").textContent()).toBe("The card designer does not work in this browser");
  expect(await frame.locator("p").textContent()).toContain("Update it");
});

test("a designer that cannot run says so in the language of the session, whatever the browser's is", async ({
  page,
}) => {
  await page.evaluate(`window.answer = () => ({ sessionId: "sess_unreadable_ar", clientSecret: "secret" }); 0`);
  await mountRefused(page);
  const frame = page.frameLocator("iframe");
  expect(await frame.locator("h1").textContent()).toBe("لا يعمل مصمّم البطاقة في هذا المتصفّح");
  expect(await frame.locator("html").getAttribute("dir")).toBe("rtl");
});

test("a designer whose script does not come says so instead of staying empty, and trying again loads it anew", async ({
  page,
}) => {
  await page.evaluate(`window.answer = () => ({ sessionId: "sess_scriptless", clientSecret: "secret" }); mount(); 0`);
  const frame = page.frameLocator("iframe");
  const heading = frame.getByRole("heading", { name: "The design tools could not be loaded" });
  await heading.waitFor();
  const loadedAgain = page.waitForRequest(/sess_scriptless/);
  await frame.getByRole("button", { name: "Try again" }).click();
  await loadedAgain;
  await heading.waitFor();
});
