import type { Browser, Page } from "@playwright/test";
import { BankPage } from "./support/bank-page.ts";
import { becomeOldest } from "./support/oldest-browsers.ts";
import { largePhoto } from "./support/photos.ts";
import { callsWith } from "./support/platform.ts";
import type { TestDemo } from "./support/stored-design.ts";
import { expect, test } from "./support/test.ts";

test("the whole way without any function that the oldest browsers lack", async ({ bank, context, demo, page }) => {
  const names = await becomeOldest(context);
  expect(names).toEqual(
    expect.arrayContaining([
      "AbortSignal.any_static",
      "Array.fromAsync",
      "Array.toSorted",
      "Element.checkVisibility",
      "ImageDecoder",
      "Intl.Segmenter",
      "Iterator.map",
      "Object.groupBy",
      "Promise.try",
      "Promise.withResolvers",
      "ReadableStream.@@asyncIterator",
      "Set.union",
      "URL.canParse_static",
      "Window.requestIdleCallback",
    ]),
  );
  const worker = page.waitForEvent("worker");
  await bank.open();
  const inWorker = await (await worker).evaluate(() => "withResolvers" in Promise || "any" in AbortSignal);
  expect(inWorker, "the worker has them no more either").toBe(false);
  await bank.place(await largePhoto("french-alpine-landscape", 2800, 2100));
  await bank.adjust({ Zoom: 120 });
  await bank.preview();
  const { sha256 } = await bank.send();
  await bank.expectHeading(/Approved/);
  expect((await callsWith(demo, sha256)).map((call) => call.resultCode)).toEqual([0]);
  await expect(page.locator("#events [data-type=submitted]")).toHaveCount(1);
});

/** A page whose faults are not counted, on its way to the bank. */
async function withPage(
  browser: Browser,
  demo: TestDemo,
  look: (page: Page, open: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    await look(page, () => page.goto(`${demo.bankUrl}/?product=photo-landscape&locale=en`));
  } finally {
    await context.close();
  }
}

/** The frame says in words what is wrong, and the page is told by `detail`. */
async function expectRefused(page: Page, demo: TestDemo, detail: string | RegExp): Promise<void> {
  const { designer } = new BankPage(page, demo);
  await expect(
    designer.getByRole("heading", { name: "The card designer does not work in this browser" }),
  ).toBeVisible();
  await expect(designer.getByText(/Update it, or open your bank’s page in another browser/).first()).toBeVisible();
  await expect(designer.locator("input[type=file]")).toHaveCount(0);
  await expect(page.locator("#events [data-type=problem]")).toContainText(detail);
}

// What else is essential: designer/app/requirements.browser.test.ts.
const essentials = [
  ["Worker", "window.Worker = class { constructor() { throw new DOMException('no', 'SecurityError'); } }"],
  ["MessageChannel", "delete window.MessageChannel; delete window.MessagePort"],
  ["Intl.NumberFormat", "delete window.Intl"],
] as const;
for (const [name, script] of essentials) {
  test(`a browser that lacks or blocks something essential is told so before there is a photo: ${script}`, async ({
    browser,
    demo,
  }) => {
    await withPage(browser, demo, async (page, open) => {
      await page.addInitScript(`if (window !== top) { ${script} }`);
      await open();
      await expectRefused(page, demo, name);
    });
  });
}

test("what only the worker lacks is found before there is a photo", async ({ browser, demo }) => {
  await withPage(browser, demo, async (page, open) => {
    await page.route("**/assets/worker-*.js", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `self.createImageBitmap = undefined;${await response.text()}` });
    });
    await open();
    await expectRefused(page, demo, "createImageBitmap");
  });
});

test("a policy that forbids workers is found before there is a photo", async ({ browser, demo }) => {
  await withPage(browser, demo, async (page, open) => {
    await page.route("**/frame/*", async (route) => {
      const response = await route.fetch();
      const policy = response.headers()["content-security-policy"] ?? "";
      const headers = {
        ...response.headers(),
        "content-security-policy": policy.replace("worker-src 'self'", "worker-src 'none'"),
      };
      await route.fulfill({ response, headers });
    });
    await open();
    await expectRefused(page, demo, "Worker");
  });
});

test("a worker that cannot be loaded for a moment is no old browser", async ({ browser, demo }) => {
  await withPage(browser, demo, async (page, open) => {
    await page.route("**/assets/worker-*.js", (route) => route.abort());
    await open();
    await expect(new BankPage(page, demo).designer.getByRole("heading", { name: "Start with a photo" })).toBeVisible();
  });
});

test("a browser that cannot read the designer's script says so instead of staying empty", async ({ browser, demo }) => {
  await withPage(browser, demo, async (page, open) => {
    await page.route("**/assets/index-*.js", (route) =>
      route.fulfill({ contentType: "text/javascript", body: "let a = b |> c;" }),
    );
    await open();
    await expectRefused(page, demo, "SyntaxError");
  });
});
