import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDemo } from "#sandbox/launcher.ts";
import { build } from "../scripts/build.mjs";

/** One demo for all journeys, on free ports and with data of its own. Its addresses are in e2e/addresses.ts. */
export default async function startDemoForJourneys(): Promise<() => Promise<void>> {
  await build();
  const dataFolder = mkdtempSync(join(tmpdir(), "fullbleed-journeys-"));
  const demo = await startDemo({ dataFolder, ports: { bank: 0, server: 0, platform: 0 } });
  process.env["E2E_BANK_URL"] = demo.bankUrl;
  process.env["E2E_DESIGNER_URL"] = demo.designerUrl;
  process.env["E2E_PLATFORM_URL"] = demo.platformUrl;
  return async () => {
    await demo.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  };
}
