import type { BankPage } from "./support/bank-page.ts";
import { chart } from "./support/photos.ts";
import { expect, test } from "./support/test.ts";

const adjust = { Zoom: 110, Turn: 3, Across: 2.5, Down: -1 } as const;

async function designCard(bank: BankPage): Promise<void> {
  await bank.open();
  await bank.place(await chart(2400, 1800));
  await bank.adjust(adjust);
}

/** The print picture, and the SHA-256 under which it leaves. */
async function sendCard(bank: BankPage): Promise<string> {
  await bank.preview();
  const { sha256 } = await bank.send();
  await bank.expectHeading(/Approved/);
  return sha256;
}

test("a card is found as it was left: after a reload the same bytes are sent as without, and once it is made nothing is kept", async ({
  bank,
  newVisitor,
}) => {
  const other = await newVisitor();
  await designCard(other);
  const expected = await sendCard(other);

  await designCard(bank);
  await bank.page.reload();
  await expect(bank.card).toBeVisible();
  await bank.expectSentence("Your card is as you left it");
  expect(await sendCard(bank)).toBe(expected);

  const keptIn = () =>
    bank.designer.locator("html").evaluate(
      () =>
        new Promise((resolve) => {
          const opening = indexedDB.open("fullbleed", 1);
          opening.onsuccess = () => {
            const counts = ["designs", "photos"].map((name) =>
              opening.result.transaction(name).objectStore(name).count(),
            );
            counts[1]!.onsuccess = () => resolve(counts.map(({ result }) => result));
          };
        }),
    );
  await expect.poll(keptIn).toEqual([0, 0]);
});
