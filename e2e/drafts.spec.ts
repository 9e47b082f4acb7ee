import { initialSwitches } from "#providers/thales/emulator/switches.ts";
import type { BankPage } from "./support/bank-page.ts";
import { chart } from "./support/photos.ts";
import { setSwitches } from "./support/platform.ts";
import { storedDrafts } from "./support/stored-design.ts";
import { expect, test } from "./support/test.ts";

const adjust = { Zoom: 110, Turn: 3, Across: 2.5, Down: -1 } as const;

async function designCard(bank: BankPage): Promise<void> {
  await bank.open();
  await bank.place(await chart(2400, 1800));
  await bank.adjust(adjust);
}

/** Gives the SHA-256 of the print picture that leaves. */
async function sendCard(bank: BankPage, again?: { readonly same: true }): Promise<string> {
  await bank.preview();
  return (await bank.send(again)).sha256;
}

// Chromium denies a frame of another site all storage here, so the server alone knows.
test("a card is as it was left after a reload, and after a rejection in another browser: the same bytes are sent each time, until it is deleted", async ({
  bank,
  newVisitor,
  demo,
}) => {
  const kept = () => storedDrafts(demo).filter(({ placement }) => placement.yMm === adjust.Down);
  const straight = await newVisitor();
  await designCard(straight);
  const expected = await sendCard(straight);
  await straight.expectHeading(/Approved/);
  await expect.poll(kept, "nothing is kept of a card that is made").toEqual([]);
  // Of what was sent no step is left: Back leads to where the bank's page was come from.
  await straight.goBack();
  await expect(straight.page).toHaveURL("about:blank");

  await setSwitches(demo, {
    ...initialSwitches,
    review: { mode: "reject", delaySeconds: 0.2, code: "BRANDED" },
  });
  await designCard(bank);
  await expect.poll(kept).toHaveLength(1);
  await bank.page.reload();
  await bank.expectSentence("Your card is as you left it");
  await bank.preview();
  await bank.goBack();
  await expect(bank.card).toBeVisible();
  await bank.pick(await chart(2600, 1900));
  await expect(bank.designer.getByRole("button", { name: "Undo" })).toHaveAttribute("aria-disabled", "false");
  await bank.press("Undo");
  const saved = bank.page.waitForEvent("download");
  await bank.designer.getByText("What is kept, and where").click();
  await bank.press("Save a copy of the design");
  expect((await saved).suggestedFilename()).toBe("card.fullbleed");
  expect(await sendCard(bank)).toBe(expected);
  await bank.expectHeading("This picture cannot be printed");

  const elsewhere = await newVisitor();
  await elsewhere.page.context().addCookies(await bank.page.context().cookies());
  await elsewhere.page.goto(bank.page.url());
  // The next day: the design is on the card, and above it why it was not taken.
  await elsewhere.expectHeading("Make it yours");
  await elsewhere.expectSentence("It shows a brand or a logo.");
  expect(await sendCard(elsewhere, { same: true })).toBe(expected);
  await elsewhere.expectHeading("This picture cannot be printed");

  await elsewhere.designer.getByText("What is kept, and where").click();
  await elsewhere.press("Delete everything now");
  await elsewhere.expectSentence("The unfinished card is deleted");
  await expect.poll(kept).toEqual([]);
  await elsewhere.press("Make a new design");
});
