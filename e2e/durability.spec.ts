import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { shortReference } from "#contracts/short-reference.ts";
import { type BankPage, readPictureDigest } from "./support/bank-page.ts";
import { networkOf, unthrottled } from "./support/network.ts";
import { newPhoto } from "./support/photos.ts";
import { addFault, callsWith, setSwitches } from "./support/platform.ts";
import type { TestDemo } from "./support/stored-design.ts";
import { expect, test } from "./support/test.ts";

/** More for a longer search: ROUNDS=20. */
const rounds = Number(process.env["ROUNDS"] ?? 2);

test.describe.configure({ timeout: 240_000 + rounds * 120_000 });

/** Soon after, it waits for an operator. */
const unsure = /We are checking with the card maker|Somebody is looking after your design/;
const settled = new RegExp(`Your picture is being checked|Approved|${unsure.source}`);

/** Everything that left the designer as a submission, and what of it was acknowledged. */
interface Witness {
  readonly keys: Set<string>;
  readonly pictures: Set<string>;
  readonly acknowledged: Set<string>;
}

function witness({ page }: BankPage): Witness {
  const seen: Witness = { keys: new Set(), pictures: new Set(), acknowledged: new Set() };
  page.on("request", (request) => {
    if (request.method() !== "POST" || !request.url().endsWith("/submissions")) return;
    seen.keys.add(request.headers()["idempotency-key"] ?? "none");
    seen.pictures.add(readPictureDigest(request));
  });
  page.on("response", async (response) => {
    if (response.status() !== 202 || !response.url().endsWith("/submissions")) return;
    // Of an answer that a kill has cut off nobody has read anything.
    const answer = (await response.json().catch(() => null)) as { submissionId: string } | null;
    if (answer !== null) seen.acknowledged.add(answer.submissionId);
  });
  return seen;
}

async function getReady(bank: BankPage): Promise<void> {
  await bank.open();
  await bank.place(await newPhoto());
  await bank.preview();
  await bank.agree();
}

/** Whether the server has committed that it offers one of these pictures to the platform. */
function hasAttempt(demo: TestDemo, pictures: ReadonlySet<string>): boolean {
  const database = new DatabaseSync(join(demo.dataFolder, "server", "fullbleed.sqlite"), { readOnly: true });
  try {
    const statement = database.prepare("select 1 from attempts where picture_sha256 = ?");
    return [...pictures].some((picture) => statement.get(picture) !== undefined);
  } finally {
    database.close();
  }
}

/**
 * Presses send, and again for as long as the screen says that it may be pressed again, which it must not once
 * `disturb` has found an attempt. Resolves with the heading.
 */
async function sendUntilSettled(bank: BankPage, disturb: () => Promise<{ attempted: boolean }>): Promise<string> {
  const { designer } = bank;
  const send = designer.getByRole("button", { name: "Send my design" });
  const end = designer.getByRole("heading", { name: settled });
  await bank.press("Send my design");
  const { attempted } = await disturb();
  for (let presses = 1; presses <= 4; presses += 1) {
    await expect(end.or(send)).toBeVisible({ timeout: 40_000 });
    if (await end.isVisible()) return (await end.textContent()) ?? "";
    expect(attempted, "it was offered to the platform, and the screen asks to send it again").toBe(false);
    await expect(
      designer.getByRole("main").getByText(/it can arrive only once|try again in a few minutes/),
    ).toBeVisible();
    await bank.press("Send my design");
  }
  throw new Error("sending did not come to an end");
}

async function arrivals(demo: TestDemo, pictures: ReadonlySet<string>): Promise<number> {
  const [picture = ""] = pictures;
  return (await callsWith(demo, picture)).length;
}

test(`the server is killed at ${rounds} random moments of a send: nothing acknowledged is lost, nothing comes twice`, async ({
  newVisitor,
  demo,
}, testInfo) => {
  // A platform that takes its time, so that many of the kills fall into the doubtful part.
  await addFault(demo, { method: "SendImage", fault: "late", seconds: 0.5, times: null });
  await setSwitches(demo, { review: { mode: "manual" } });

  const calm = await newVisitor();
  await getReady(calm);
  const begun = performance.now();
  await sendUntilSettled(calm, async () => ({ attempted: true }));
  const longestMs = performance.now() - begun;
  await calm.page.context().close();

  for (let round = 1; round <= rounds; round += 1) {
    const killAfterMs = Math.random() * longestMs;
    await test.step(`killed after ${killAfterMs.toFixed(0)} of ${longestMs.toFixed(0)} ms`, async () => {
      const bank = await newVisitor();
      const seen = witness(bank);
      await getReady(bank);
      const heading = await sendUntilSettled(bank, async () => {
        await bank.page.waitForTimeout(killAfterMs);
        await demo.processes.server.kill();
        const attempted = hasAttempt(demo, seen.pictures);
        await demo.processes.server.restart();
        return { attempted };
      });
      const shown = await bank.designer.locator("code").textContent();
      const arrived = await arrivals(demo, seen.pictures);
      const description = `killed after ${killAfterMs.toFixed(0)} ms: "${heading}", arrived ${arrived}`;
      testInfo.annotations.push({ type: "kill", description });

      expect([seen.keys.size, seen.pictures.size], "every repetition is the same").toEqual([1, 1]);
      for (const submissionId of seen.acknowledged) expect(shortReference(submissionId)).toBe(shown);
      if (unsure.test(heading)) {
        expect(arrived).toBeLessThanOrEqual(1);
        await bank.expectNothingToDo();
      } else {
        expect(arrived).toBe(1);
      }
      await bank.page.context().close();
    });
  }
});

test("the answer is lost and the server stays away: the screen checks for as long as it takes, and goes on by itself", async ({
  bank,
  demo,
}) => {
  // Longer than anybody waits: the server is killed before it has the platform's answer, however late that is.
  await addFault(demo, { method: "SendImage", fault: "late", seconds: 60, times: null });
  // Nor does anything else tell that it is there.
  await addFault(demo, { method: "Notification", fault: "never", times: null });
  await addFault(demo, { method: "Search", fault: "error-500", times: null });
  await setSwitches(demo, { review: { mode: "manual" } });
  const { designer, page } = bank;
  const send = designer.getByRole("button", { name: "Send my design" });
  const seen = witness(bank);
  await getReady(bank);
  const network = await networkOf(bank);
  const answer = new Promise<{ requestId: string }>((resolve) => network.once("Fetch.requestPaused", resolve));
  await network.send("Fetch.enable", { patterns: [{ urlPattern: "*/submissions", requestStage: "Response" }] });
  await bank.press("Send my design");
  const { requestId } = await answer;
  await expect.poll(() => hasAttempt(demo, seen.pictures)).toBe(true);
  await demo.processes.server.kill();
  await network.send("Network.emulateNetworkConditions", { ...unthrottled, offline: true });
  await network.send("Fetch.failRequest", { requestId, errorReason: "ConnectionReset" });
  await network.send("Fetch.disable");

  await bank.expectHeading("We are checking whether your design has arrived");
  await bank.expectSentence("Please do not send it again.");
  await bank.expectSentence("You are offline. We go on by ourselves as soon as you are online again.");
  await network.send("Network.emulateNetworkConditions", unthrottled);
  await bank.expectSentence("Asking until we know…");
  for (let asked = 0; asked < 3; asked += 1) await page.waitForEvent("requestfailed", { timeout: 30_000 });
  await expect(send).toHaveCount(0);
  await bank.expectHeading("We are checking whether your design has arrived");

  await demo.processes.server.restart();
  await expect(designer.getByRole("heading", { name: unsure }).or(send)).toBeVisible({
    timeout: 40_000,
  });
  await bank.expectNothingToDo();
  expect(seen.keys.size).toBe(1);
  expect(await arrivals(demo, seen.pictures)).toBeLessThanOrEqual(1);
});
