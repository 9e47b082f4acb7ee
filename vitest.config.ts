import { globSync } from "node:fs";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { chromiumArguments, findChromium } from "./scripts/browsers.mjs";
import {
  digestsInNode,
  makeDigestedJpeg,
  makeOddFile,
  makeUnusualPhoto,
  paintedInNode,
} from "./src/image/testing/photo-commands.ts";

const browserTests = ["src/**/*.browser.test.{ts,tsx}"];
const loadLanguages = "src/designer/locales/testing/load-languages.ts";
/** Whole programs are started, or a browser of the test's own. */
const systemTests = ["src/**/*.system.test.ts", "scripts/**/*.system.test.ts"];

/** They take half a minute, which their size does not say. One that begins last runs alone. */
const longForTheirSize = ["crash", "demo-restart", "new-provider", "new-tool", "faults", "interrupted", "traces"].map(
  (name) => `/${name}.system.test.ts`,
);
const systemFiles = globSync(systemTests, { cwd: import.meta.dirname });
for (const end of longForTheirSize)
  if (!systemFiles.some((path) => path.endsWith(end)))
    throw new Error(`vitest.config.ts: no test file is called ${end.slice(1)}; longForTheirSize names it.`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => longForTheirSize.some((end) => moduleId.endsWith(end));
    const [others, system] = [false, true].map((is) =>
      sorted.filter(({ project }) => (project.name === "system") === is),
    );
    return [...(others ?? []), ...(system ?? []).toSorted((a, b) => Number(isLong(b)) - Number(isLong(a)))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    outputFile: { json: process.env["VITEST_JSON_OUTPUT_FILE"] ?? ".cache/reports/vitest.json" },
    // They end what hangs; a busy machine may take many times as long as usual.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
    // A quarter of the time they wait, for timeouts and for each other: three fill two processors.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          expect: { poll: { timeout: 60_000, interval: 10 } },
          setupFiles: loadLanguages,
          // One file leaves nothing behind that another could find; alone, each would import the server anew.
          isolate: false,
          include: ["src/**/*.test.ts", "scripts/**/*.test.ts"],
          exclude: [...browserTests, ...systemTests],
        },
      },
      {
        extends: true,
        // A third of the time they wait for what they have started: four fill two processors, after everything else.
        test: {
          name: "system",
          include: systemTests,
          globalSetup: "e2e/global-setup.ts",
          isolate: false,
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        // Found only in the middle of a run, a package would be bundled anew and React would be there twice.
        optimizeDeps: {
          include: [
            "@lingui/core",
            "@lingui/message-utils/compileMessage",
            "clipper2-ts",
            "eventsource-parser",
            "fast-check",
            "fflate",
            "perfect-freehand",
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
          setupFiles: [loadLanguages, "src/designer/app/testing/unpainted.ts"],
          include: browserTests,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { ...findChromium(), args: chromiumArguments() } }),
            instances: [{ browser: "chromium" }],
            commands: {
              makeUnusualPhoto: (_, ...args: Parameters<typeof makeUnusualPhoto>) => makeUnusualPhoto(...args),
              makeDigestedJpeg: (_, ...args: Parameters<typeof makeDigestedJpeg>) => makeDigestedJpeg(...args),
              makeOddFile: (_, name: string) => makeOddFile(name),
              digestsInNode: () => digestsInNode(),
              paintedInNode: () => paintedInNode(),
            },
          },
        },
      },
    ],
  },
});
