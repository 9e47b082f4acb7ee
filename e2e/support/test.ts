import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type BrowserContext, test as base, expect } from "@playwright/test";
import { anyPorts, startDemo } from "#sandbox/launcher/demo.ts";
import { initialSwitches } from "#providers/thales/emulator/switches.ts";
import { BankPage } from "./bank-page.ts";
import { clearFaults, setSwitches } from "./platform.ts";
import type { TestDemo } from "./stored-design.ts";

export { expect } from "@playwright/test";

/** Starts a demo of its own on free ports, with data of its own, and takes it away afterwards. */
async function withDemo(env: Readonly<Record<string, string>>, use: (demo: TestDemo) => Promise<void>): Promise<void> {
  const dataFolder = mkdtempSync(join(tmpdir(), "fullbleed-journeys-"));
  const demo = await startDemo({ dataFolder, ports: anyPorts, env });
  try {
    await use({ ...demo, dataFolder });
  } finally {
    await demo.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  }
}

const mostLogBytes = 256 * 1024;

const policyBroken = /Content.Security.Policy|This document requires 'Trusted/i;

/** What no page may do in a journey that Playwright drives: break a content policy, or throw what nobody catches. Grows while pages are open. */
function watchForFaults(context: BrowserContext): readonly string[] {
  const faults: string[] = [];
  context.on("weberror", (event) => faults.push(String(event.error())));
  context.on("console", (message) => {
    if (message.type() === "error" && policyBroken.test(message.text())) faults.push(message.text());
  });
  return faults;
}

/**
 * Every journey starts on the bank's page: `bank`; `newVisitor` opens it for somebody else. `demo` is the running demo behind it, one per worker;
 * `demoEnv` (an option of the file) changes its environment.
 */
export const test = base.extend<
  { bank: BankPage; newVisitor: () => Promise<BankPage>; platformAsItBegins: void; logsOfFailure: void },
  { demoEnv: Readonly<Record<string, string>>; demo: TestDemo }
>({
  demoEnv: [{}, { scope: "worker", option: true }],
  demo: [({ demoEnv }, use) => withDemo(demoEnv, use), { scope: "worker", timeout: 180_000 }],
  // Before any hook of a file. Nobody waits for a verdict that no journey is about.
  platformAsItBegins: [
    async ({ demo }, use) => {
      await clearFaults(demo);
      await setSwitches(demo, { ...initialSwitches, review: { ...initialSwitches.review, delaySeconds: 0.2 } });
      await use();
    },
    { auto: true },
  ],
  /** With the report of a journey that fails goes the last of what the demo's programs have said meanwhile. */
  logsOfFailure: [
    async ({ demo }, use, testInfo) => {
      const files = Object.keys(demo.processes).map((name) => join(demo.dataFolder, `${name}.log`));
      const began = new Map(files.map((file) => [file, statSync(file).size]));
      await use();
      if (testInfo.status === testInfo.expectedStatus) return;
      for (const file of files)
        await testInfo.attach(basename(file), {
          body: readFileSync(file).subarray(began.get(file)).subarray(-mostLogBytes),
          contentType: "text/plain",
        });
    },
    { auto: true },
  ],
  context: async ({ context }, use) => {
    const faults = watchForFaults(context);
    await use(context);
    expect(faults, "what the pages did that they may not do").toEqual([]);
  },
  bank: async ({ page, demo }, use) => {
    await use(new BankPage(page, demo));
  },
  newVisitor: async ({ browser, demo }, use) => {
    const watched: (readonly string[])[] = [];
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext();
      contexts.push(context);
      watched.push(watchForFaults(context));
      return new BankPage(await context.newPage(), demo);
    });
    // What stays open goes on asking, and stands in the pictures of later journeys that fail.
    await Promise.all(contexts.map((context) => context.close()));
    expect(watched.flat(), "what the pages did that they may not do").toEqual([]);
  },
});
