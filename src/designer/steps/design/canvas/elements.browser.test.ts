import { afterEach, beforeEach, expect, it } from "vitest";
import { findProduct } from "#card/products.ts";
import { bleedSizeMm } from "#card/products.ts";
import { vectorElementsOf } from "#design/design.ts";
import { addElement, findElement, placeElement, stackElement } from "#design/element-edits.ts";
import { nameWriting } from "#design/elements.ts";
import type { PointMm } from "#design/edits.ts";
import { heart } from "#design/testing/elements.ts";
import { type MountedCard, mountCard } from "./testing/card.tsx";
import { drawn, key } from "./testing/input.ts";

const product = findProduct("photo-landscape")!;
const star = { ...heart, shape: "star", fill: "#f6c544", box: { ...heart.box, xMm: -20, yMm: 14 } } as const;
const at = ({ xMm, yMm }: PointMm, acrossMm = 0, downMm = 0): PointMm => ({ xMm: xMm + acrossMm, yMm: yMm + downMm });

let card: MountedCard;
const state = () => card.store.getState();
const boxOf = (id: string) => findElement(state().design, id)!.box;
const ids = () => vectorElementsOf(state().design).map(({ id }) => id);

beforeEach(async () => {
  card = await mountCard(product);
  state().edit(addElement(heart));
  state().edit(addElement(star));
  state().select(null);
  await drawn();
});
afterEach(() => card.unmount());

/** What the canvas of the elements shows there. */
function colourAt({ xMm, yMm }: PointMm): readonly number[] {
  const [, canvas] = card.host.querySelectorAll("canvas");
  const { widthMm, heightMm } = bleedSizeMm(product);
  const x = Math.round((xMm / widthMm + 0.5) * canvas!.width);
  const y = Math.round((yMm / heightMm + 0.5) * canvas!.height);
  return [...canvas!.getContext("2d")!.getImageData(x, y, 1, 1).data];
}

it("shows an element where it is, over the photo, and where a finger has got to before the store knows", async () => {
  await expect.poll(() => colourAt(heart.box)).toEqual([0xc0, 0x27, 0x2d, 255]);
  const aside = at(heart.box, -14, 9);
  expect(colourAt(aside)[3]).toBe(0);
  const before = state().design;
  await card.touch("touchStart", [heart.box]);
  await card.touch("touchMove", [aside]);
  await expect.poll(() => colourAt(aside)).toEqual([0xc0, 0x27, 0x2d, 255]);
  expect(state().design).toBe(before);
  await card.touch("touchEnd", []);
  await expect.poll(() => boxOf("e1").yMm).toBeGreaterThan(heart.box.yMm + 7);
  expect(state().selection).toBe("e1");
  state().undo();
  expect(boxOf("e1")).toEqual(heart.box);
});

it("a tap selects the element under it, and a tap beside it the photo", async () => {
  for (const [point, selected] of [
    [heart.box, "e1"],
    [star.box, "e2"],
    [{ xMm: 30, yMm: 0 }, null],
  ] as const) {
    await card.touch("touchStart", [point]);
    await card.touch("touchEnd", []);
    await expect.poll(() => state().selection).toBe(selected);
  }
});

async function tap(point: PointMm, by: "finger" | "mouse"): Promise<string | null> {
  state().select(null);
  if (by === "finger") {
    await card.touch("touchStart", [point]);
    await card.touch("touchEnd", []);
  } else {
    await card.mouse("mousePressed", point);
    await card.mouse("mouseReleased", point);
  }
  await drawn();
  return state().selection;
}

it("a tap selects what is seen there, not the box about it: a finger a little beside it too, a mouse less far", async () => {
  const { xMm, yMm, widthMm, heightMm } = heart.box;
  const corner = { xMm: xMm - widthMm / 2 + 0.3, yMm: yMm + heightMm / 2 - 0.3 };
  const tip = { xMm, yMm: yMm + heightMm / 2 };
  for (const by of ["finger", "mouse"] as const) {
    expect(await tap(corner, by)).toBeNull();
    expect(await tap(at(tip, 0, 0.3), by)).toBe("e1");
    expect(await tap(at(tip, 0, 3), by)).toBeNull();
  }
  expect(await tap(at(tip, 0, 1.5), "finger")).toBe("e1");
  expect(await tap(at(tip, 0, 1.5), "mouse")).toBeNull();
  // What lies below shows through beside the outline.
  state().edit(addElement({ ...heart, shape: "ellipse", box: { ...heart.box, widthMm: 30, heightMm: 30 } }));
  state().edit(stackElement("e3", "to-back"));
  expect(await tap(corner, "finger")).toBe("e3");
  expect(await tap(heart.box, "finger")).toBe("e1");
});

it("a tap near something thin selects it, and its box counts for what is not drawn yet", async () => {
  const line = {
    ...heart,
    shape: "rectangle",
    box: { ...heart.box, xMm: 10, yMm: 12, widthMm: 24, heightMm: 2 },
  } as const;
  state().edit(addElement(line));
  expect(await tap(at(line.box, 4, 2.7), "mouse")).toBe("e3");
  expect(await tap(at(line.box, 4, 3.3), "mouse")).toBeNull();
  const unseen = { kind: "sticker", art: "not-there", box: { ...heart.box, xMm: 24, yMm: -12 } } as const;
  state().edit(addElement(unseen));
  expect(await tap(at(unseen.box, 5.5, 5), "mouse")).toBe("e4");
});

it("a tap between the letters of a text is on the text, and one far beside its short line is not", async () => {
  const square = (x: number, y: number) => `M${x} ${y}L${x + 60} ${y}L${x + 60} ${y + 60}L${x} ${y + 60}Z`;
  const path = [0, 100, 200, 500].map((x) => square(x, 0)).join("") + square(0, 100);
  const text = { kind: "text", text: "abcd\ne", face: "plain", align: "start", fill: "#000000" } as const;
  const art = { width: 560, height: 160, ops: [{ path, fill: "#000000", rule: "nonzero" }] } as const;
  state().addArts(new Map([[nameWriting(text), art]]));
  const box = { ...heart.box, xMm: -10, yMm: -12, widthMm: 28, heightMm: 8 };
  state().edit(addElement({ ...text, box }));
  // 20 units to the mm: between the first two letters, then right of the short line.
  expect(await tap({ xMm: -24 + 4, yMm: -16 + 1.5 }, "mouse")).toBe("e3");
  expect(await tap({ xMm: -24 + 20, yMm: -16 + 6.8 }, "mouse")).toBeNull();
});

it("the photo moves where nothing is selected, and stays where an element is", async () => {
  const placement = card.placement();
  state().select("e1");
  await card.mouse("mousePressed", { xMm: 30, yMm: 5 });
  await card.mouse("mouseMoved", { xMm: 22, yMm: 12 });
  await card.mouse("mouseReleased", { xMm: 22, yMm: 12 });
  await expect.poll(() => boxOf("e1").xMm).toBeLessThan(heart.box.xMm - 5);
  expect(card.placement()).toEqual(placement);
  state().select(null);
  await card.mouse("mousePressed", { xMm: 30, yMm: 5 });
  await card.mouse("mouseMoved", { xMm: 22, yMm: 12 });
  await card.mouse("mouseReleased", { xMm: 22, yMm: 12 });
  await expect.poll(() => card.placement()).not.toEqual(placement);
});

it("two fingers scale and turn the selected one about its own centre", async () => {
  state().select("e1");
  const placement = card.placement();
  await card.touch("touchStart", [
    { xMm: -10, yMm: 10 },
    { xMm: 10, yMm: 10 },
  ]);
  await card.touch("touchMove", [
    { xMm: -20, yMm: 10 },
    { xMm: 20, yMm: 10 },
  ]);
  await card.touch("touchEnd", []);
  await expect.poll(() => boxOf("e1").widthMm).toBeGreaterThan(20);
  expect(boxOf("e1").widthMm / boxOf("e1").heightMm).toBeCloseTo(12 / 11, 6);
  expect(boxOf("e1").xMm).toBeCloseTo(heart.box.xMm, 3);
  expect(card.placement()).toEqual(placement);
});

it("a corner scales from the one across, and the handle above turns", async () => {
  state().select("e1");
  await drawn();
  const frame = card.surface().getBoundingClientRect();
  const { widthMm } = bleedSizeMm(product);
  const middleOf = (grip: string): PointMm => {
    const box = card.host.querySelector(`[data-grip="${grip}"]`)!.getBoundingClientRect();
    const pxPerMm = frame.width / widthMm;
    return {
      xMm: (box.x + box.width / 2 - frame.x - frame.width / 2) / pxPerMm,
      yMm: (box.y + box.height / 2 - frame.y - frame.height / 2) / pxPerMm,
    };
  };
  const drag = async (from: PointMm, to: PointMm): Promise<void> => {
    await card.mouse("mousePressed", from);
    await card.mouse("mouseMoved", to);
    await card.mouse("mouseReleased", to);
  };
  const corner = middleOf("right-bottom");
  await drag(corner, at(corner, 6, 5.5));
  await expect.poll(() => boxOf("e1").widthMm).toBeCloseTo(18, 1);
  expect(boxOf("e1").xMm - boxOf("e1").widthMm / 2).toBeCloseTo(heart.box.xMm - 6, 6);
  await drawn();
  const above = middleOf("turn");
  const { xMm, yMm } = boxOf("e1");
  await drag(above, { xMm: xMm + (yMm - above.yMm), yMm: yMm - 0.5 });
  await expect.poll(() => Math.round(boxOf("e1").rotationDeg / 10)).toBe(9);
});

it("is held by another's centre with a line there, and not with Alt", async () => {
  const to = at({ xMm: star.box.xMm, yMm: heart.box.yMm }, 0.4, 3);
  await card.mouse("mousePressed", heart.box);
  await card.mouse("mouseMoved", to);
  await expect.poll(() => card.surface().dataset["held"]).toContain("x=");
  await card.mouse("mouseMoved", to, 1);
  await expect.poll(() => card.surface().dataset["held"]).toBe("");
  await card.mouse("mouseMoved", to);
  await card.mouse("mouseReleased", to);
  await expect.poll(() => boxOf("e1").xMm).toBeCloseTo(star.box.xMm, 6);
});

it("keys move, scale, turn, stack, copy and delete the selected one, and Escape goes back to the photo", async () => {
  const placement = card.placement();
  state().select("e1");
  card.surface().focus();
  await key("ArrowRight", "ArrowRight");
  await key("+", "Equal");
  await key("]", "BracketRight");
  await expect.poll(() => boxOf("e1").rotationDeg).toBe(1);
  expect(boxOf("e1")).toMatchObject({ xMm: heart.box.xMm + 1, widthMm: expect.closeTo(12.6, 6) });
  await key("PageUp", "PageUp");
  await expect.poll(ids).toEqual(["e2", "e1"]);
  await key("d", "KeyD", 2);
  await expect.poll(ids).toEqual(["e2", "e1", "e3"]);
  await key("Delete", "Delete");
  await expect.poll(ids).toEqual(["e2", "e1"]);
  state().select("e1");
  await key("Escape", "Escape");
  await expect.poll(() => state().selection).toBeNull();
  expect(card.placement()).toEqual(placement);
});

it("Escape takes back what a finger has moved, and what is selected stays so", async () => {
  await card.mouse("mousePressed", heart.box);
  await card.mouse("mouseMoved", at(heart.box, -9, 6));
  await expect.poll(() => state().moving).toBe(true);
  await key("Escape", "Escape");
  await expect.poll(() => state().moving).toBe(false);
  expect(boxOf("e1")).toEqual(heart.box);
  expect(state().selection).toBe("e1");
  await card.mouse("mouseReleased", at(heart.box, -9, 6));
});

it("the frame goes with the element, and is not there for the photo", async () => {
  const grips = () => card.host.querySelectorAll("[data-grip]").length;
  expect(grips()).toBe(0);
  state().select("e1");
  await expect.poll(grips).toBe(5);
  const frame = () => card.host.querySelector("[data-turn]")!.getBoundingClientRect();
  const before = frame().x;
  state().edit(placeElement("e1", (box) => ({ ...box, xMm: box.xMm + 10 })));
  await expect.poll(() => frame().x - before).toBeGreaterThan(30);
});

/** The selected one's handle that turns, and the card, on the screen. */
function turnHandle() {
  const box = card.host.querySelector('[data-grip="turn"]')!.getBoundingClientRect();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, on: card.surface().getBoundingClientRect() };
}

it("the handle that turns is never beside the card, and turns from within one that is larger than it", async () => {
  for (const [widthMm, heightMm, rotationDeg] of [
    [120, 80, 0],
    [12, 80, 0],
    [110, 10, 0],
    [110, 40, 30],
  ] as const) {
    state().edit(placeElement("e1", (box) => ({ ...box, xMm: 0, yMm: 5, widthMm, heightMm, rotationDeg })));
    state().select("e1");
    await drawn();
    const { x, y, on } = turnHandle();
    expect(x).toBeGreaterThan(on.left);
    expect(x).toBeLessThan(on.right);
    expect(y).toBeGreaterThan(on.top);
    expect(y).toBeLessThan(on.bottom);
  }
  state().edit(placeElement("e1", (box) => ({ ...box, xMm: 0, yMm: 5, widthMm: 120, heightMm: 80, rotationDeg: 0 })));
  await drawn();
  const { x, y, on } = turnHandle();
  const mm = bleedSizeMm(product).widthMm / on.width;
  const from = { xMm: (x - on.x - on.width / 2) * mm, yMm: (y - on.y - on.height / 2) * mm };
  await card.mouse("mousePressed", from);
  await card.mouse("mouseMoved", { xMm: 20, yMm: 5.2 });
  await card.mouse("mouseReleased", { xMm: 20, yMm: 5.2 });
  await expect.poll(() => Math.abs(Math.round(boxOf("e1").rotationDeg / 10))).toBe(9);
});

it("the handle that turns goes to a side where no other element is under it", async () => {
  state().select("e1");
  await drawn();
  const side = () => card.host.querySelector<HTMLElement>("[data-turn]")!.dataset["turn"];
  state().edit(placeElement("e1", (box) => ({ ...box, xMm: 0, yMm: 0 })));
  await expect.poll(side).toBe("top");
  state().edit(placeElement("e2", (box) => ({ ...box, xMm: 0, yMm: -14.5 })));
  await expect.poll(side).toBe("bottom");
});
