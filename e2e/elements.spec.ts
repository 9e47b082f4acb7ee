import { Fingers } from "./support/fingers.ts";
import { largePhoto } from "./support/photos.ts";
import { expect, test } from "./support/test.ts";

test("a heart is laid on the photo, moved by a finger, turned by key, copied, taken back, and sent as it was designed", async ({
  bank,
}) => {
  const { designer, card } = bank;
  await bank.open();
  await bank.place(await largePhoto("french-alpine-landscape", 2000, 1500));
  await designer.getByRole("radio", { name: "Shapes" }).check();
  await designer.getByRole("button", { name: "Add: Heart" }).click();
  const onCard = designer.getByRole("radiogroup", { name: "On your card" });
  await expect(onCard.getByRole("radio", { name: /^Heart, Red, 14 mm wide, 1 of 1, / })).toBeChecked();

  const value = async (name: string) => Number(await designer.getByRole("spinbutton", { name }).inputValue());
  await designer.getByText("Exact").click();
  const across = await value("Across");

  await test.step("by a finger, 8 mm to the left", async () => {
    await card.scrollIntoViewIfNeeded();
    const box = (await card.boundingBox())!;
    const pxPerMm = box.width / ((bank.product.widthPx / bank.product.dpi) * 25.4);
    const from = {
      x: box.x + box.width / 2 + across * pxPerMm,
      y: box.y + box.height / 2 + (await value("Down")) * pxPerMm,
    };
    const fingers = await Fingers.on(bank.page);
    await fingers.move([from, { x: from.x - 8 * pxPerMm, y: from.y }]);
    await expect.poll(() => value("Across")).toBeLessThan(across - 6.5);
  });

  await test.step("by key: turned by 15°, and copied", async () => {
    await card.focus();
    await card.press("Shift+]");
    await expect.poll(() => value("Turn")).toBe(15);
    await card.press("Control+d");
    await expect(onCard.getByRole("radio")).toHaveCount(3);
    await designer.getByRole("button", { name: "Undo" }).click();
    await expect(onCard.getByRole("radio")).toHaveCount(2);
  });

  await bank.preview();
  const { design } = await bank.send();
  expect(design).toMatchObject({
    elements: [{ kind: "photo" }, { kind: "shape", shape: "heart", fill: "#c0272d", box: { rotationDeg: 15 } }],
  });
});
