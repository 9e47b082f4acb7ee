import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { addFault, readLedger, setSwitches } from "#providers/thales/emulator/testing/platform.ts";
import { openThalesBench } from "../testing/doctor.ts";

const ample = { timeout: 200_000 };
/** Until the platform has heard of it, however busy the machine is. */
const patience = { timeout: 90_000, interval: 50 };

const everyProduct = ["doctor", "--send-test-picture", "--cardholder", "test-person"];

test("Ctrl-C while the test picture waits for its preview: it is deleted, and that is said", ample, async () => {
  const { platform, env } = await openThalesBench();
  await setSwitches(platform, { imageApi: { previewDelaySeconds: 600 } });
  const args = [...everyProduct, "--product", "photo-landscape"];
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "../cli.ts"), ...args], { env });
  const [said, complaint] = [text(child.stdout), text(child.stderr)];
  const ended = once(child, "close");
  await expect
    .poll(async () => (await readLedger(platform)).some((one) => one.method.startsWith("SendImage")), patience)
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

test(
  "Ctrl-C while the test picture cannot be deleted: it is said beside the report too, whose reader the signal may have ended",
  ample,
  async () => {
    const { platform, env } = await openThalesBench();
    await setSwitches(platform, { imageApi: { previewDelaySeconds: 600 } });
    const args = [...everyProduct, "--product", "photo-landscape"];
    const wrong = { ...env, FULLBLEED_THALES_PURGE_KEYS: JSON.stringify({ "photo-landscape": "CANARY-WRONG" }) };
    const child = spawn(process.execPath, [path.join(import.meta.dirname, "../cli.ts"), ...args], { env: wrong });
    const complaint = text(child.stderr);
    child.stdout.resume();
    const ended = once(child, "close");
    await expect
      .poll(async () => (await readLedger(platform)).some((one) => one.method.startsWith("SendImage")), patience)
      .toBe(true);
    child.kill("SIGINT");
    expect(await ended).toEqual([1, null]);
    expect(await complaint).toMatch(
      /^Interrupted: .*\nThe test picture stays at the platform, under the id [0-9a-f-]{36}/,
    );
  },
);

test("Ctrl-C twice while SendImage is not answered: it ends at once, and says what may be left", ample, async () => {
  const { platform, env } = await openThalesBench();
  await addFault(platform, { method: "SendImage", fault: "late", seconds: 600 });
  const args = [...everyProduct, "--product", "photo-landscape"];
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "../cli.ts"), ...args], { env });
  const ended = once(child, "close");
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (piece: string) => {
    complaint += piece;
  });
  await expect
    .poll(async () => (await readLedger(platform)).some((one) => one.method.startsWith("SendImage")), patience)
    .toBe(true);
  child.kill("SIGINT");
  await expect.poll(() => complaint, patience).toMatch(/^Interrupted: /);
  const kill = (): number | null => {
    child.kill("SIGINT");
    return child.exitCode;
  };
  await expect.poll(kill, { ...patience, interval: 200 }).toBe(1);
  await ended;
  expect(complaint).toMatch(/with the reference DOCTOR[0-9A-F]{14} may be at the platform/);
});

test("Ctrl-C twice at the second product: what may be left of the first is said too", ample, async () => {
  const { platform, env } = await openThalesBench();
  await addFault(platform, { method: "SendImage", fault: "cut-reply" });
  await addFault(platform, { method: "SendImage", fault: "late", seconds: 600 });
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "../cli.ts"), ...everyProduct], { env });
  const ended = once(child, "close");
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (piece: string) => {
    complaint += piece;
  });
  const sent = async () => (await readLedger(platform)).filter(({ method }) => method.startsWith("SendImage"));
  await expect.poll(async () => (await sent()).length, patience).toBe(2);
  const kill = (): number | null => {
    child.kill("SIGINT");
    return child.exitCode;
  };
  await expect.poll(kill, { ...patience, interval: 200 }).toBe(1);
  await ended;
  expect(complaint.match(/with the reference DOCTOR[0-9A-F]{14}/g)).toHaveLength(2);
});
