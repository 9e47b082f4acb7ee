import { defineConfig, devices, type Project } from "@playwright/test";
import { chromiumArguments, findChromium, findFirefox, findWebKit } from "./scripts/browsers.mjs";

const chromium = { launchOptions: { ...findChromium(), args: chromiumArguments() } };
const firefox = findFirefox();
const webKit = findWebKit();

const desktop = { width: 1440, height: 900 };

const phone = devices["Pixel 7"];

function withArguments(...more: readonly string[]): typeof chromium.launchOptions {
  const { launchOptions } = chromium;
  return { ...launchOptions, args: [...launchOptions.args, ...more] };
}

/** Every other journey is Chromium's on a desktop. */
const otherBrowsersJourneys = "**/*.browsers.spec.ts";
const webKitGtkJourneys = "**/*.webkit.spec.ts";
const phoneJourneys = "**/*.phone.spec.ts";
/** They share a demo with settings of its own, so one worker goes through them. */
const platformAnswers = "**/platform-answers.spec.ts";

// What moves is drawn without a graphics card here, which takes a sixth of the time; the other projects see it.
const onDesktop = {
  browserName: "chromium",
  viewport: desktop,
  launchOptions: withArguments("--force-prefers-reduced-motion"),
} as const;

function webKitProjects(): Project[] {
  if (webKit === undefined) return [];
  // Driven through selenium-webdriver on a screen of Xvfb's: Playwright only runs the test.
  if ("driver" in webKit) return [{ name: "webkit", workers: 1, testMatch: webKitGtkJourneys }];
  const use = { browserName: "webkit", viewport: desktop, launchOptions: webKit } as const;
  return [{ name: "webkit", workers: 1, testMatch: otherBrowsersJourneys, use }];
}

export default defineConfig({
  testDir: "e2e",
  outputDir: ".cache/journeys",
  globalSetup: "./e2e/global-setup.ts",
  // They end what hangs; a busy machine may take many times as long as usual.
  timeout: 480_000,
  expect: { timeout: 60_000 },
  // Half of a journey is waiting: four fill two cores, each beside a demo of its own.
  workers: 4,
  fullyParallel: true,
  forbidOnly: Boolean(process.env["CI"]),
  reporter: [
    ["list"],
    ["json", { outputFile: process.env["PLAYWRIGHT_JSON_OUTPUT_FILE"] ?? ".cache/reports/playwright.json" }],
  ],
  // A trace takes a third of the time: `--trace on` where one is wanted.
  use: { screenshot: "only-on-failure" },
  // Each engine's journeys one after the other, with one browser and one demo, beside the desktop's, which are most: a worker
  // that changes to another project starts both anew.
  projects: [
    ...(firefox === undefined
      ? []
      : [
          {
            name: "firefox",
            workers: 1,
            testMatch: otherBrowsersJourneys,
            use: {
              browserName: "firefox" as const,
              ...(firefox.channel === undefined ? {} : { channel: firefox.channel }),
              viewport: desktop,
              launchOptions: {
                executablePath: firefox.executablePath,
                // One process for page and frame: the protocol's clicks and files do not reach a frame in another one.
                // Origins, storage and content policies stay as strict.
                firefoxUserPrefs: { "fission.webContentIsolationStrategy": 0 },
              },
            },
          },
        ]),
    ...webKitProjects(),
    {
      name: "phone",
      workers: 1,
      testMatch: phoneJourneys,
      use: {
        ...phone,
        viewport: { width: 390, height: 844 },
        // The scale that is emulated for a page stays outside its cross-site frame, which is another process.
        launchOptions: withArguments(`--force-device-scale-factor=${phone.deviceScaleFactor}`),
      },
    },
    // Before the desktop's others: begun last, they would run alone.
    { name: "answers", workers: 1, testMatch: platformAnswers, use: onDesktop },
    {
      name: "desktop",
      testIgnore: [otherBrowsersJourneys, webKitGtkJourneys, phoneJourneys, platformAnswers],
      use: onDesktop,
    },
  ],
});
