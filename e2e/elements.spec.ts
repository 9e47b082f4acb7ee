import { initialSwitches } from "#providers/thales/emulator/switches.ts";
import type { BankPage } from "./support/bank-page.ts";
import { Fingers } from "./support/fingers.ts";
import { largePhoto } from "./support/photos.ts";
import { setSwitches } from "./support/platform.ts";
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

/** One of everything that lies on a photo, in the order of the tabs. */
async function layEverything(bank: BankPage): Promise<void> {
  const { designer, page } = bank;
  const tool = (name: string) =>
    designer.getByRole("group", { name: "What to change" }).getByLabel(name, { exact: true });
  const onCard = designer.getByRole("radiogroup", { name: "On your card" });
  await tool("Filters").check();
  await designer.getByRole("radio", { name: "Film" }).check();
  await tool("Templates").check();
  await designer.getByRole("radio", { name: "Corners" }).check();
  await tool("Text").check();
  await designer.getByRole("textbox", { name: "Your text" }).fill("Zoë 花");
  await expect(onCard.getByRole("radio", { name: /^Text “Zoë 花”/ })).toBeChecked();
  await tool("Stickers").check();
  await designer.getByRole("button", { name: "red heart", exact: true }).click();
  await tool("Shapes").check();
  await designer.getByRole("button", { name: "Add: Star" }).click();
  await tool("Draw").check();
  const { x, y, pxPerMm } = await bank.cardOnScreen();
  await page.mouse.move(x + 10 * pxPerMm, y - 15 * pxPerMm);
  await page.mouse.down();
  await page.mouse.move(x + 30 * pxPerMm, y - 10 * pxPerMm, { steps: 12 });
  await page.mouse.up();
  // The template's corners are a drawing, too.
  await expect(onCard.getByRole("radio", { name: /^Drawing/, checked: true })).toHaveCount(1);
}

const kinds = ["photo", "text", "sticker", "shape", "drawing", "drawing"];

test("a card with one of everything, turned down, is opened in another browser as it was, changed and sent again", async ({
  bank,
  newVisitor,
  demo,
}) => {
  await setSwitches(demo, { ...initialSwitches, review: { mode: "reject", delaySeconds: 0.2, code: "BRANDED" } });
  await bank.open();
  await bank.place(await largePhoto("french-alpine-landscape", 2000, 1500));
  await layEverything(bank);
  await bank.preview();
  const first = await bank.send();
  expect(first.design.elements.map(({ kind }) => kind)).toEqual(kinds);
  expect(first.design).toMatchObject({ template: { id: "corners" }, look: { filter: { id: "film" } } });
  await bank.expectHeading("This picture cannot be printed");

  const elsewhere = await newVisitor();
  const { designer } = elsewhere;
  await elsewhere.page.context().addCookies(await bank.page.context().cookies());
  await elsewhere.page.goto(bank.page.url());
  await elsewhere.expectHeading("Make it yours");
  await elsewhere.preview();
  expect((await elsewhere.send({ same: true })).sha256, "the same bytes").toBe(first.sha256);
  await elsewhere.expectHeading("This picture cannot be printed");

  await setSwitches(demo, initialSwitches);
  await elsewhere.press("Change my design");
  await designer.getByRole("group", { name: "What to change" }).getByLabel("Text", { exact: true }).check();
  const text = designer.getByRole("radiogroup", { name: "On your card" }).getByRole("radio", { name: /^Text/ });
  await text.press("Space");
  await expect(text).toBeChecked();
  await designer.locator("textarea").fill("Anna");
  await expect(designer.getByRole("radio", { name: /^Text “Anna”/ })).toBeChecked();
  await elsewhere.preview();
  const second = await elsewhere.send();
  expect(second.sha256).not.toBe(first.sha256);
  const others = ({ elements }: typeof first.design) => elements.filter(({ kind }) => kind !== "text");
  expect(others(second.design)).toEqual(others(first.design));
  expect(second.design.elements).toContainEqual(expect.objectContaining({ kind: "text", text: "Anna" }));
  await elsewhere.expectHeading(/Approved/);
});
