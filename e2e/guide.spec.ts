import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDesignerEvent } from "#contracts/frame-messages.ts";
import { findFreePort } from "#sandbox/launcher/ports.ts";
import { keepSecrets } from "#sandbox/launcher/data-folder.ts";
import { BankPage } from "./support/bank-page.ts";
import { newPhoto } from "./support/photos.ts";
import { recordVisit } from "./support/record-visit.ts";
import { asBank, type TestDemo } from "./support/stored-design.ts";
import { expect, test } from "./support/test.ts";

interface GuideBank {
  readonly url: string;
  /** What it has printed so far. */
  said(): string;
  readonly child: ChildProcess;
}

/** The guide's bank server, with the guide's page, at the demo's server; which tells it by webhook what happens. */
async function startGuideBank(demo: TestDemo): Promise<GuideBank> {
  const port = await findFreePort(0);
  const url = `http://localhost:${port}`;
  const created = await fetch(`${demo.designerUrl}/v1/webhook-endpoints`, {
    method: "POST",
    headers: { ...asBank(demo), "content-type": "application/json", "idempotency-key": url },
    body: JSON.stringify({ url: `${url}/webhooks` }),
  });
  const { secret } = (await created.json()) as { secret: string };
  const env = {
    PORT: String(port),
    FULLBLEED_URL: demo.designerUrl,
    FULLBLEED_ISSUER_KEY: keepSecrets(demo.dataFolder).issuerKey,
    FULLBLEED_WEBHOOK_SECRET: secret,
  };
  const program = join(import.meta.dirname, "..", "docs", "examples", "bank.mjs");
  const child = spawn(process.execPath, [program], { env, stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => (text += piece));
  return { url, said: () => text, child };
}

async function expectStarted({ child }: GuideBank): Promise<void> {
  const ended = once(child, "exit").then(([code]) => Promise.reject(new Error(`the bank server ended with ${code}`)));
  await Promise.race([child.stdout && once(child.stdout, "data"), ended]);
}

test("the guide's page and bank server, as they stand, lead from a photo to an approved card, and the bank is told", async ({
  page,
  demo,
}, testInfo) => {
  const guide = await startGuideBank(demo);
  try {
    await expectStarted(guide);
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    const readVisit = await recordVisit(page);
    const bank = new BankPage(page, demo, guide.url);
    await bank.open();
    await bank.place(await newPhoto());
    await bank.preview();
    await bank.send();
    await bank.expectHeading(/Approved/);
    await expect.poll(() => said.join("\n")).toMatch(/^stored as \S+$/m);
    await expect.poll(guide.said).toMatch(/^webhook evt_\S+ submission\.approved$/m);
    await test.step("page and frame have said to each other what belongs to such a visit, which can be kept", async () => {
      const visit = JSON.stringify(readVisit(), null, 2);
      await writeFile(testInfo.outputPath("visit.json"), visit);
      const kinds = readVisit().map(({ from, message }) => [from, message.fullbleed ?? message.type].join(" "));
      expect(kinds.slice(0, 3)).toEqual(["frame hello", "loader connect", "loader start"]);
      for (const kind of ["frame title", "frame height", "frame event", "loader inline"]) expect(kinds).toContain(kind);
      const events = readVisit().flatMap(({ message }) => (isDesignerEvent(message.event) ? [message.event] : []));
      expect(events.at(0)).toEqual({ type: "ready", eventId: "1".padStart(32, "0") });
      expect(events.at(-1)).toMatchObject({ type: "status", state: "approved" });
      expect(visit.match(/"(ses|cs|sub)_(?!0{10})[^"]*"/g), "ids and secrets").toBe(null);
    });
    await page.reload();
    await bank.expectHeading(/Approved/);
  } finally {
    const ended = once(guide.child, "exit");
    if (guide.child.kill()) await ended;
  }
});
