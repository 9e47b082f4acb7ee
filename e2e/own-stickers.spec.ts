import { BankPage } from "./support/bank-page.ts";
import { largePhoto } from "./support/photos.ts";
import { expect, test } from "./support/test.ts";

test("the bank's own sticker is laid, goes along to the upright card with the photo, and is sent with it", async ({
  page,
  demo,
}) => {
  await page.setViewportSize({ width: 390, height: 664 });
  const bank = new BankPage(page, demo, demo.secondBankUrl);
  const { designer } = bank;
  await bank.open();
  await bank.place(await largePhoto("french-alpine-landscape", 1500, 2400));
  await designer.getByRole("radio", { name: "Stickers" }).check();
  await expect(designer.getByRole("radio", { name: "From Linden" })).toBeChecked();
  await designer.getByRole("button", { name: "Linden leaf", exact: true }).click();
  await designer.getByRole("button", { name: "Piggy bank", exact: true }).click();
  const onCard = designer.getByRole("radiogroup", { name: "On your card" });
  await expect(onCard.getByRole("radio")).toHaveCount(3);

  await test.step("the card the other way round", async () => {
    await designer.getByRole("group", { name: "What to change" }).getByLabel("Photo").check();
    await designer.getByRole("button", { name: "Take the upright card" }).click();
    await expect(designer.getByText("Linden Upright")).toBeVisible();
    await designer.getByRole("radio", { name: "Stickers" }).check();
    await expect(onCard.getByRole("radio", { name: /^Linden leaf, 14 mm wide, 1 of 2, / })).toBeVisible();
    await expect(onCard.getByRole("radio", { name: /^Piggy bank, 14 mm wide, 2 of 2, / })).toBeVisible();
  });

  await bank.preview();
  const { design } = await bank.send();
  expect(design).toMatchObject({
    productId: "photo-portrait",
    elements: [
      { kind: "photo" },
      { kind: "sticker", art: expect.stringMatching(/^own\.linden-leaf-[0-9a-f]{16}$/) },
      { kind: "sticker", art: expect.stringMatching(/^own\.piggy-bank-[0-9a-f]{16}$/) },
    ],
  });
});
