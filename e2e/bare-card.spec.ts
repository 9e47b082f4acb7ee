import { callsWith } from "./support/platform.ts";
import { expect, test } from "./support/test.ts";

test("a card without a photo: a gradient and a text, as they were left after a reload, and sent as they are shown", async ({
  bank,
  demo,
}) => {
  const { designer } = bank;
  await bank.open();
  await bank.press("Start without a photo");
  await bank.expectHeading("Make it yours");
  await expect(designer.getByRole("radio", { name: "Colour", exact: true })).toBeChecked();
  await expect(designer.getByRole("radio", { name: "Filters", exact: true })).toHaveCount(0);
  await designer.getByRole("radio", { name: "Red to Yellow" }).check();
  await designer.getByRole("radio", { name: "Top to bottom" }).check();
  await designer.getByRole("radio", { name: "Text", exact: true }).check();
  await designer.getByRole("textbox", { name: "Your text" }).fill("Zoë");
  const onCard = designer.getByRole("radiogroup", { name: "On your card" });
  await expect(onCard.getByRole("radio", { name: /^Text “Zoë”, White/ })).toBeChecked();

  await bank.preview();
  await bank.goBack();
  await expect(bank.card).toBeVisible();
  await bank.page.reload();
  await bank.expectSentence("Your card is as you left it");
  await expect(designer.getByRole("radio", { name: "Red to Yellow" })).toBeChecked();

  await bank.preview();
  const { design, sha256 } = await bank.sendCard();
  expect(design).toMatchObject({
    ground: { from: "#c0272d", to: "#f6c544", angleDeg: 90 },
    elements: [{ kind: "text", text: "Zoë" }],
  });
  await expect.poll(async () => (await callsWith(demo, sha256)).map(({ resultCode }) => resultCode)).toEqual([0]);
});
