// What messages do that nobody had a right to send.
import fc from "fast-check";
import type { BankPage } from "../../e2e/support/bank-page.ts";

export const forgedCount = 10_000;

const anything = fc.anything({ maxDepth: 1, maxKeys: 3 });
const forged = fc.oneof(
  fc.record(
    {
      fullbleed: fc.constantFrom("hello", "connect"),
      protocol: fc.oneof(fc.constant(1), anything),
      nonce: fc.oneof(fc.stringMatching(/^\d{1,3}(-\d{1,3}){15}$/), anything),
      boot: fc.uuid(),
    },
    { requiredKeys: ["fullbleed"] },
  ),
  fc.record(
    {
      type: fc.constantFrom(
        "start",
        "event",
        "height",
        "top",
        "phase",
        "title",
        "fetch-session",
        "submit",
        "close",
        "update",
      ),
      id: anything,
      heightPx: fc.double(),
      phase: fc.constantFrom("first", "photo", "left"),
      title: fc.string(),
      options: anything,
      event: fc.record({
        type: fc.constantFrom("ready", "submitted", "closed"),
        eventId: fc.uuid(),
        submissionId: fc.string(),
      }),
      discard: fc.boolean(),
      sessionId: fc.string(),
      clientSecret: fc.string(),
    },
    { requiredKeys: ["type"] },
  ),
  anything,
);

/** All of the page and the designer that anybody could notice. */
async function lookAround(bank: BankPage): Promise<string> {
  const told = await bank.page.locator("#events li").allTextContents();
  const frame = await bank.page.locator("iframe").evaluateAll((all) => all.map((one) => one.outerHTML));
  return JSON.stringify([told, frame, await bank.designer.locator("body").ariaSnapshot()]);
}

/** How many forged messages, to the page and to the designer, from windows that are neither's, had an effect. */
export async function forge(bank: BankPage): Promise<number> {
  const { page } = bank;
  const text = JSON.stringify(fc.sample(forged, { numRuns: forgedCount, seed: 20_261_130 }), (_key, value: unknown) =>
    typeof value === "bigint" ? `${value}n` : value,
  );
  const before = await lookAround(bank);
  const asked: string[] = [];
  page.on("request", (request) => void asked.push(request.url()));
  // To itself, as any script on the page can, and into the frame.
  await page.evaluate((messages) => {
    for (const [index, message] of (JSON.parse(messages) as unknown[]).entries())
      (index % 2 === 0 ? window : window.frames[0])?.postMessage(message, "*");
  }, text);
  // Whatever they did has been done when one that is sent after them has come.
  await page.evaluate(async () => {
    await new Promise((resolve) => {
      addEventListener("message", ({ data }) => data === "the last" && resolve(undefined));
      postMessage("the last", "*");
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
  });
  const isChanged = (await lookAround(bank)) !== before;
  return Number(isChanged) + asked.filter((url) => !url.endsWith("/api/news")).length;
}
