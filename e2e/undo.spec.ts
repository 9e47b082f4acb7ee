import type { BankPage, NumberFieldName as Field } from "./support/bank-page.ts";
import { largePhoto } from "./support/photos.ts";
import { expect, test } from "./support/test.ts";

type Values = Readonly<Record<Field, number>>;

const fields = ["Zoom", "Turn", "Across", "Down"] as const satisfies readonly Field[];

/** What the fields of the Adjust panel say: percent, degrees, and millimetres from the card's centre. */
async function readValues({ designer }: BankPage): Promise<Values> {
  const entries = await Promise.all(
    fields.map(async (name) => [name, Number(await designer.getByRole("spinbutton", { name }).inputValue())]),
  );
  return Object.fromEntries(entries);
}

interface Gesture {
  readonly name: string;
  readonly make: (bank: BankPage) => Promise<void>;
  /** What the fields say afterwards, from what they said before; a field that is left out may say anything. */
  readonly makes: (before: Values) => Partial<Values>;
  /** The field that must have changed. */
  readonly moves: Field;
}

const click = (name: string) => (bank: BankPage) =>
  bank.designer.getByRole("button", { name, exact: true }).last().click();

const type = (name: Field, text: string) => (bank: BankPage) => bank.typeNumber(name, text);

/** `by` is a share of the whole track, so that the drag ends at the same value however wide the track is. */
const dragSlider = (name: "Zoom" | "Turn", by: number) => async (bank: BankPage) => {
  const slider = bank.designer.getByRole("slider", { name }).last();
  await slider.scrollIntoViewIfNeeded();
  const box = await slider.boundingBox();
  if (box === null) throw new Error(`the slider ${name} is not on the screen`);
  const share = await slider.evaluate((element) => {
    const { valueAsNumber, min, max } = element as HTMLInputElement;
    return (valueAsNumber - Number(min)) / (Number(max) - Number(min));
  });
  // The thumb, 24 px wide, stays inside the track at both ends.
  const xAt = (at: number) => box.x + 12 + at * (box.width - 24);
  const y = box.y + box.height / 2;
  await bank.page.mouse.move(xAt(share), y);
  await bank.page.mouse.down();
  await bank.page.mouse.move(xAt(share + by), y, { steps: 6 });
  await bank.page.mouse.up();
};

const wheel = async (bank: BankPage) => {
  const { x, y } = await bank.cardOnScreen();
  await bank.page.mouse.move(x, y);
  await bank.card.focus();
  // All at once: on a busy machine one after the other may be further apart than a burst is.
  await Promise.all(Array.from({ length: 5 }, () => bank.page.mouse.wheel(0, -60)));
};

const onCard = (key: string) => (bank: BankPage) => bank.card.press(key);

const gestures: readonly Gesture[] = [
  { name: "zoom typed in percent", make: type("Zoom", "180"), makes: () => ({ Zoom: 180 }), moves: "Zoom" },
  {
    name: "a drag of 4 mm right and 3 mm up",
    make: (bank) => bank.dragMm(4, -3),
    makes: ({ Across, Down }) => ({ Across: Across + 4, Down: Down - 3 }),
    moves: "Across",
  },
  { name: "turn typed in degrees", make: type("Turn", "12.5"), makes: () => ({ Turn: 12.5 }), moves: "Turn" },
  { name: "across typed in mm", make: type("Across", "-6.3"), makes: () => ({ Across: -6.3 }), moves: "Across" },
  { name: "down typed in mm", make: type("Down", "2.2"), makes: () => ({ Down: 2.2 }), moves: "Down" },
  { name: "a key", make: onCard("ArrowRight"), makes: ({ Across }) => ({ Across: Across + 1 }), moves: "Across" },
  { name: "a key with Alt", make: onCard("Alt+ArrowUp"), makes: ({ Down }) => ({ Down: Down - 0.1 }), moves: "Down" },
  { name: "a burst of the wheel", make: wheel, makes: ({ Turn }) => ({ Turn }), moves: "Zoom" },
  { name: "a drag of the turn slider", make: dragSlider("Turn", 0.1), makes: ({ Zoom }) => ({ Zoom }), moves: "Turn" },
  {
    name: "a drag of the zoom slider",
    make: dragSlider("Zoom", -0.15),
    makes: ({ Turn }) => ({ Turn }),
    moves: "Zoom",
  },
  {
    name: "a button: 1 mm left",
    make: click("Move left by 1 mm"),
    makes: ({ Across }) => ({ Across: Across - 1 }),
    moves: "Across",
  },
  {
    name: "a quarter turn",
    make: click("Turn left by 90°"),
    makes: ({ Turn }) => ({ Turn: Turn - 90 }),
    moves: "Turn",
  },
  {
    name: "mirrored",
    make: click("Mirror"),
    makes: ({ Turn, Across, Down }) => ({ Turn: -Turn, Across: -Across, Down }),
    moves: "Turn",
  },
  {
    name: "fit to the card",
    make: click("Fit to the card"),
    makes: () => ({ Zoom: 100, Turn: 0, Across: 0, Down: 0 }),
    moves: "Zoom",
  },
];

test("every gesture is one step of undo, and of redo; a number field takes what the card allows, and nonsense changes nothing", async ({
  bank,
}) => {
  const undo = bank.designer.getByRole("button", { name: "Undo" });
  const redo = bank.designer.getByRole("button", { name: "Redo" });
  await bank.open();
  await bank.place(await largePhoto("french-alpine-landscape", 2000, 1500));
  await bank.designer.getByRole("radio", { name: "Adjust" }).check();
  await expect(undo).toHaveAttribute("aria-disabled", "true");
  const atFirst = await readValues(bank);
  expect(atFirst).toMatchObject({ Turn: 0 });

  for (const { name, make, makes, moves } of gestures) {
    await test.step(name, async () => {
      const before = await readValues(bank);
      await make(bank);
      await expect.poll(async () => (await readValues(bank))[moves]).not.toBe(before[moves]);
      await expect(bank.card).toHaveAttribute("data-moving", "false");
      const after = await readValues(bank);
      for (const [field, value] of Object.entries(makes(before))) {
        // Pixels of the screen are a tenth of a millimetre wide.
        expect(Math.abs(after[field as Field] - value), `${field}: ${after[field as Field]}`).toBeLessThan(0.25);
      }
      await undo.click();
      await expect.poll(() => readValues(bank), "undone").toEqual(before);
      await redo.click();
      await expect.poll(() => readValues(bank), "redone").toEqual(after);
    });
  }

  await test.step("no gesture was more than one step", async () => {
    for (let step = 0; step < gestures.length; step++) await undo.click();
    await expect.poll(() => readValues(bank)).toEqual(atFirst);
    await expect(undo).toHaveAttribute("aria-disabled", "true");
  });

  await test.step("numbers that cannot be", async () => {
    await bank.adjust({ Zoom: 150 });
    const before = await readValues(bank);
    const field = (name: Field) => bank.numberField(name);

    for (const nonsense of ["", "-"]) {
      await field("Across").click();
      await field("Across").press("Control+a");
      await field("Across").press("Delete");
      await bank.page.keyboard.type(nonsense);
      await field("Across").press("Enter");
      expect(await readValues(bank)).toEqual(before);
    }
    await field("Across").fill("7");
    await field("Across").press("Escape");
    expect(await readValues(bank)).toEqual(before);

    await type("Zoom", "9000")(bank);
    await expect(field("Zoom")).toHaveValue("500");
    await type("Zoom", "150")(bank);
    // 150 % of the card's width leaves a quarter of it, and a half of the bleed's, at each side.
    await type("Across", "900")(bank);
    const across = Number(await field("Across").inputValue());
    expect(across).toBeGreaterThan(20);
    expect(across).toBeLessThan(24);
  });
});
