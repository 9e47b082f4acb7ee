import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { chromiumArguments, findChromium } from "./scripts/browsers.mjs";

const anyBrowserTest = "src/**/*.browser.test.{ts,tsx}";

export default defineConfig({
  test: {
    // They end what hangs; a busy machine may take many times as long as usual.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          environment: "node",
          include: ["src/**/*.test.ts", "scripts/**/*.test.ts"],
          exclude: [anyBrowserTest],
        },
      },
      {
        extends: true,
        // Found only in the middle of a run, a package would be bundled anew and React would be there twice.
        optimizeDeps: {
          include: [
            "@lingui/core",
            "@lingui/message-utils/compileMessage",
            "eventsource-parser",
            "fast-check",
            "fflate",
            "react",
            "react-dom",
            "react-dom/client",
            "react-dropzone",
            "react-konva/es/ReactKonvaCore.js",
            "react/jsx-dev-runtime",
            "zod/mini",
            "zustand/react",
            "zustand/vanilla",
          ],
        },
        test: {
          name: "browser",
          include: [anyBrowserTest],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { ...findChromium(), args: chromiumArguments() } }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
