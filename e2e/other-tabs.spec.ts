import type { Page } from "@playwright/test";
import { BankPage } from "./support/bank-page.ts";
import { newPhoto } from "./support/photos.ts";
import { expect, test } from "./support/test.ts";

const problemsOf = (page: Page) => page.locator("#events [data-type=problem]");
const openElsewhere = "Your card is already open somewhere else";
const goneElsewhere = "You are going on with your card elsewhere";

test("a card that is open in another tab is gone on with in this one, and there again; another product's is left alone", async ({
  bank,
  demo,
}) => {
  await bank.open();
  await bank.place(await newPhoto());
  await bank.adjust({ Turn: 3 });
  const second = new BankPage(await bank.page.context().newPage(), demo);
  await second.open();
  await second.expectSentence(openElsewhere);
  await expect(problemsOf(second.page)).toContainText(openElsewhere);

  await second.press("Go on here");
  await expect(second.card).toBeVisible();
  await second.check(second.designer.getByRole("radio", { name: "Adjust" }));
  await expect(second.numberField("Turn")).toHaveValue("3.0");
  await second.adjust({ Turn: 5 });
  await bank.expectHeading(goneElsewhere);
  await expect(problemsOf(bank.page)).toContainText(goneElsewhere);

  await bank.page.bringToFront();
  await bank.press("Go on here");
  await expect(bank.card).toBeVisible();
  await bank.check(bank.designer.getByRole("radio", { name: "Adjust" }));
  await expect(bank.numberField("Turn")).toHaveValue("5.0");
  await second.expectHeading(goneElsewhere);

  await second.open({ productId: "photo-portrait" });
  await second.place(await newPhoto());
  await expect(bank.card).toBeVisible();
  await expect(problemsOf(second.page)).toHaveCount(0);
  await bank.page.reload();
  await expect(bank.card, "nobody is told of the page that it was itself").toBeVisible();
  await expect(problemsOf(bank.page)).toHaveCount(0);
});
