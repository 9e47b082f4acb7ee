import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { addFault, readLedger, setSwitches } from "#providers/thales/emulator/testing/platform.ts";
import { openThalesBench } from "../testing/doctor.ts";

test("Ctrl-C while the test picture waits for its preview: it is deleted, and that is said", async () => {
  const { platform, env } = await openThalesBench();
  await setSwitches(platform, { imageApi: { previewDelaySeconds: 600 } });
  const args = ["doctor", "--send-test-picture", "--cardholder", "test-person", "--product", "photo-landscape"];
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "../cli.ts"), ...args], { env });
  const [said, complaint] = [text(child.stdout), text(child.stderr)];
  const ended = once(child, "close");
  await expect
    .poll(async () => (await readLedger(platform)).some((one) => one.method.startsWith("SendImage")))
    .toBe(true);
  // From a terminal it comes twice, by npx as well; two of one kind might arrive as one.
  child.kill("SIGINT");
  child.kill("SIGTERM");
  expect(await ended).toEqual([2, null]);
  expect(await complaint).toMatch(/^Interrupted: /);
  const report = (await said).replaceAll(/\s+/g, " ");
  expect(report).toMatch(/all else: Was not tried: interrupted/);
  expect(report).toMatch(/deletion: Is done: the picture is shown no more/);
  const purges = (await readLedger(platform)).filter(({ method }) => method === "SetImageToPurge");
  expect(purges.at(-1)).toMatchObject({ resultCode: 0 });
});

test("Ctrl-C twice while SendImage is not answered: it ends at once, and says what may be left", async () => {
  const { platform, env } = await openThalesBench();
  await addFault(platform, { method: "SendImage", fault: "late", seconds: 600 });
  const args = ["doctor", "--send-test-picture", "--cardholder", "test-person", "--product", "photo-landscape"];
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "../cli.ts"), ...args], { env });
  const ended = once(child, "close");
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (piece: string) => {
    complaint += piece;
  });
  await expect
    .poll(async () => (await readLedger(platform)).some((one) => one.method.startsWith("SendImage")))
    .toBe(true);
  child.kill("SIGINT");
  await expect.poll(() => complaint).toMatch(/^Interrupted: /);
  const kill = (): number | null => {
    child.kill("SIGINT");
    return child.exitCode;
  };
  await expect.poll(kill, { interval: 200 }).toBe(1);
  await ended;
  expect(complaint).toMatch(/with the reference DOCTOR[0-9A-F]{14} may be at the platform/);
});
