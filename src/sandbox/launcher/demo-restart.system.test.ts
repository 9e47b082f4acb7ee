import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeTestFolder, writeBuild } from "#server/testing/folder.ts";
import { enterSession, type Frame, sendOne } from "#server/testing/issuer.ts";
import { makePicture, sha256Of } from "#server/testing/picture.ts";
import { eventually } from "#providers/thales/emulator/testing/platform.ts";
import { clearFolder, keepSecrets } from "./data-folder.ts";
import { anyPorts, type Demo, startDemo } from "./demo.ts";

let folder: string;
let dataFolder: string;
let demo: Demo;

beforeEach(async () => {
  folder = await makeTestFolder();
  dataFolder = join(folder, "data");
  await writeBuild(join(folder, "dist"));
  await start();
});

afterEach(() => demo.stop());

/** The demo's real programs, as `npm start` runs them. */
async function start(): Promise<void> {
  const env = { FULLBLEED_DIST: join(folder, "dist") };
  demo = await startDemo({ dataFolder, ports: anyPorts, env });
}

const tell = (method: "PUT" | "POST", name: string, body: object) =>
  fetch(`${demo.platformUrl}/sandbox/${name}`, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
const readSandbox = async (name: string) => (await fetch(`${demo.platformUrl}/sandbox/${name}`)).json();
/** Asks as the frame does, at the address that the server has now. */
function ask(path: string, frame: Frame): Promise<Response> {
  frame.moveTo(demo.designerUrl, demo.designerUrl);
  return frame.get(path);
}

test("a picture that is on its way when the demo is stopped arrives, and is not held after the next start", async () => {
  await tell("POST", "faults", { method: "SendImage", fault: "late", seconds: 3 });
  await tell("PUT", "switches", { review: { mode: "manual" } });
  const frame = await enterSession(demo.designerUrl, keepSecrets(dataFolder).issuerKey);
  const { submissionId } = await sendOne(frame, makePicture());
  await eventually(async () => (await readSandbox("ledger")).calls.length > 0);
  await demo.stop();
  await start();
  // The platform tells again what the server, which had ended, did not hear.
  await eventually(async () => {
    const { state } = await (await ask(`/v1/submissions/${submissionId}`, frame)).json();
    expect(state).not.toMatch(/unknown|held/);
    return state === "in-review";
  });
});

/** The session that the bank gives a visitor who opens the page. */
async function visitBank(cookie: string, bankUrl = demo.bankUrl): Promise<string> {
  const headers = { cookie, origin: bankUrl, "content-type": "application/json" };
  const body = JSON.stringify({ why: "start", productId: "photo-landscape" });
  const answer = await fetch(`${bankUrl}/api/card-session`, { method: "POST", headers, body });
  return ((await answer.json()) as { sessionId: string }).sessionId;
}

test("sessions, states and pictures survive a restart, and are gone after a reset", async () => {
  await tell("PUT", "switches", { review: { delaySeconds: 1 } });
  const cookie = (await fetch(demo.bankUrl)).headers.get("set-cookie")?.split(";")[0] ?? "";
  const visit = await visitBank(cookie);
  const frame = await enterSession(demo.designerUrl, keepSecrets(dataFolder).issuerKey);
  const picture = makePicture();
  const { submissionId } = await sendOne(frame, picture);
  await eventually(async () => (await readSandbox("images")).images.length > 0);

  await demo.stop();
  await start();
  expect(await visitBank(cookie)).toBe(visit);
  const policy = (await fetch(`${demo.designerUrl}/frame/${visit}`)).headers.get("content-security-policy");
  expect(policy, "the bank's new address").toContain(`frame-ancestors ${demo.bankUrl}`);
  const submission = await eventually(async () => {
    const answer = await (await ask(`/v1/submissions/${submissionId}`, frame)).json();
    return answer.state === "approved" && answer;
  });
  expect(submission).toMatchObject({ submissionId, hasPreview: true });
  expect((await readSandbox("images")).images.map(({ sha256 }: { sha256: string }) => sha256)).toEqual([
    sha256Of(picture),
  ]);
  expect((await ask(`/v1/submissions/${submissionId}/preview`, frame)).status).toBe(200);

  await demo.stop();
  expect(clearFolder(dataFolder)).toBe(true);
  await start();
  expect(await visitBank(cookie)).not.toBe(visit);
  expect((await ask(`/v1/submissions/${submissionId}`, frame)).status).toBe(401);
  expect(await readSandbox("images")).toEqual({ images: [] });
});

test("the second bank's sessions and what waits on its desk survive a restart at other ports, and are decided there", async () => {
  const cookieOf = async () => (await fetch(demo.secondBankUrl)).headers.get("set-cookie")?.split(";")[0] ?? "";
  const cookie = await cookieOf();
  const visit = await visitBank(cookie, demo.secondBankUrl);
  const { secondIssuerKey } = keepSecrets(dataFolder);
  const frame = await enterSession(demo.designerUrl, secondIssuerKey, "photo-landscape", randomUUID(), [
    demo.secondBankUrl,
  ]);
  const { submissionId } = await sendOne(frame, makePicture());
  const waiting = async () => {
    const { waiting } = (await (await fetch(`${demo.secondBankUrl}/api/desk`)).json()) as { waiting: unknown[] };
    return waiting;
  };
  await eventually(async () => (await waiting()).length > 0);

  await demo.stop();
  await start();
  expect(await visitBank(cookie, demo.secondBankUrl)).toBe(visit);
  expect(await waiting()).toMatchObject([{ submissionId }]);
  const headers = { origin: demo.secondBankUrl, "content-type": "application/json" };
  const body = JSON.stringify({ submissionId, verdict: "approve" });
  expect((await fetch(`${demo.secondBankUrl}/api/desk/decisions`, { method: "POST", headers, body })).status).toBe(204);
  await eventually(
    async () => (await (await ask(`/v1/submissions/${submissionId}`, frame)).json()).state === "approved",
  );
});
