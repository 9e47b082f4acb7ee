import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { enterSession, sendOne } from "#server/submissions/test-issuer.ts";
import { makePicture } from "#server/submissions/test-picture.ts";
import { type Demo, startDemo } from "./launcher.ts";
import { keepSecrets } from "./launcher/secrets.ts";
import { eventually } from "./platform/test-platform.ts";

let folder: string;
let dataFolder: string;
let demo: Demo;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "fullbleed-demo-"));
  dataFolder = join(folder, "data");
  // The server wants a built designer; here the frame is played by the test.
  for (const file of ["designer/index.html", "embed/card-designer.js"]) {
    mkdirSync(join(folder, "dist", file, ".."), { recursive: true });
    writeFileSync(join(folder, "dist", file), "");
  }
  await start();
});

afterEach(async () => {
  await demo.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The demo's real programs, as `npm start` runs them. */
async function start(): Promise<void> {
  const env = { FULLBLEED_DIST: join(folder, "dist") };
  demo = await startDemo({ dataFolder, ports: { bank: 0, server: 0, platform: 0 }, env });
}

const setSwitches = (change: object) =>
  fetch(`${demo.platformUrl}/sandbox/switches`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(change),
  });
const readSandbox = async (name: string) => (await fetch(`${demo.platformUrl}/sandbox/${name}`)).json();

test("a picture that is on its way when the demo is stopped arrives, and is not held after the next start", async () => {
  await setSwitches({ sendImage: { mode: "slow", delaySeconds: 3 }, review: { mode: "manual" } });
  const frame = await enterSession(demo.designerUrl, keepSecrets(dataFolder).issuerKey);
  const { submissionId } = await sendOne(frame, makePicture());
  await eventually(async () => (await readSandbox("ledger")).calls.length > 0);
  await demo.stop();
  await start();
  const { authorization } = frame;
  const answer = await fetch(`${demo.designerUrl}/v1/submissions/${submissionId}`, { headers: { authorization } });
  expect(await answer.json()).toMatchObject({ state: "in-review" });
}, 30_000);
