import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { bleedSizeMm, findProduct } from "#card/products.ts";
import { vectorElementsOf } from "#design/design.ts";
import { boundsOf, readOutlines, transformOutline } from "#design/outlines.ts";
import { scaleBox, turnBoxBy } from "#design/element-box.ts";
import { placeElement, removeElement } from "#design/element-edits.ts";
import { artToCard, type Drawing } from "#design/elements.ts";
import type { PointMm } from "#design/edits.ts";
import type { Tip } from "../../../tools/drawing/pens.ts";
import { createImageClient } from "#image/client.ts";
import { type MountedCard, mountCard } from "./testing/card.tsx";
import { drawn, key } from "./testing/input.ts";

const product = findProduct("photo-landscape")!;
let card: MountedCard;
const state = () => card.store.getState();
const drawings = (): readonly Drawing[] =>
  vectorElementsOf(state().design).filter((element) => element.kind === "drawing");
const take = async (tip: Tip): Promise<void> => {
  state().takePen({ tip, fill: "#c0272d", steady: 0 });
  await expect.poll(() => card.surface().dataset["pen"]).toBe(tip);
  await drawn();
};

beforeEach(async () => {
  card = await mountCard(product);
  await take("marker");
});
afterEach(() => card.unmount());

async function drag(points: readonly PointMm[]): Promise<void> {
  const [first, ...others] = points;
  await card.mouse("mousePressed", first!);
  for (const point of others) await card.mouse("mouseMoved", point);
  await card.mouse("mouseReleased", points.at(-1)!);
}

const line = (yMm: number, fromMm = -15, toMm = 15): readonly PointMm[] =>
  Array.from({ length: 7 }, (_, at) => ({ xMm: fromMm + ((toMm - fromMm) * at) / 6, yMm }));

/** On the card, in mm. */
function extent(drawing: Drawing) {
  return boundsOf(
    drawing.art.ops.flatMap(({ path }) =>
      readOutlines(path, 1).map((outline) => transformOutline(outline, artToCard(drawing.art, drawing.box))),
    ),
  );
}

/** What the canvas of the elements shows there. */
function colourAt({ xMm, yMm }: PointMm): readonly number[] {
  const canvas = card.host.querySelectorAll("canvas")[1]!;
  const { widthMm, heightMm } = bleedSizeMm(product);
  const x = Math.round((xMm / widthMm + 0.5) * canvas.width);
  const y = Math.round((yMm / heightMm + 0.5) * canvas.height);
  return [...canvas.getContext("2d")!.getImageData(x, y, 1, 1).data];
}
const red = [0xc0, 0x27, 0x2d, 255];

/** What the canvas shows that a worker draws on. */
function readInk(): Uint8ClampedArray {
  const canvas = card.host.querySelector<HTMLCanvasElement>("[data-ink] canvas")!;
  if (canvas.width === 0) return new Uint8ClampedArray();
  const context = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d")!;
  context.drawImage(canvas, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height).data;
}

it("draws with the mouse where it goes, stroke after stroke into one drawing, each one step of undo, and the photo stays", async () => {
  const placement = card.placement();
  await drag(line(-10));
  await expect.poll(() => drawings()).toHaveLength(1);
  const [first] = drawings();
  expect(extent(first!).left).toBeCloseTo(-15.6, 0);
  expect(extent(first!).right).toBeCloseTo(15.6, 0);
  expect(extent(first!).top).toBeGreaterThan(-11.2);
  await expect.poll(() => colourAt({ xMm: 0, yMm: -10 })).toEqual(red);
  await drag(line(10));
  await expect.poll(() => drawings()[0]?.art.ops.length).toBe(2);
  expect(drawings()).toHaveLength(1);
  expect(extent(drawings()[0]!).top, "the first lies where it lay").toBeCloseTo(extent(first!).top, 1);
  expect(card.placement()).toEqual(placement);
  state().undo();
  expect(drawings()).toEqual([first]);
  state().undo();
  expect(drawings()).toEqual([]);
});

it("draws on a card without a photo too", async () => {
  state().begin("#14274e");
  await drawn();
  await drag(line(-10));
  await expect.poll(() => drawings()).toHaveLength(1);
  await expect.poll(() => state().design.elements.map(({ kind }) => kind)).toEqual(["drawing"]);
});

it("shows a stroke while it is drawn, and moves things again once the pen is put away", async () => {
  const isInked = (): boolean => readInk().some((value, at) => at % 4 === 3 && value === 255);
  const others = vi.fn();
  for (const type of ["pointermove", "mousemove"]) card.host.addEventListener(type, others, { capture: true });
  await card.mouse("mousePressed", { xMm: -10, yMm: 0 });
  await expect.poll(() => state().isPenDown).toBe(true);
  await card.mouse("mouseMoved", { xMm: 10, yMm: 0 });
  await expect.poll(isInked).toBe(true);
  expect(drawings()).toEqual([]);
  expect(others, "nobody else is asked").not.toHaveBeenCalled();
  await card.mouse("mouseReleased", { xMm: 10, yMm: 0 });
  await expect.poll(() => state().isPenDown).toBe(false);
  await expect.poll(() => drawings()).toHaveLength(1);
  await expect.poll(isInked).toBe(false);
  state().takePen(null);
  await expect.poll(() => card.surface().dataset["pen"]).toBeUndefined();
  const [before] = drawings();
  await drag([
    { xMm: 0, yMm: 0 },
    { xMm: 0, yMm: 5 },
    { xMm: 0, yMm: 12 },
  ]);
  await expect.poll(() => drawings()[0]?.box.yMm).toBeGreaterThan(before!.box.yMm + 8);
  expect(drawings()).toHaveLength(1);
});

it("a pointer that begins to draw lifts the pen of the keys, and is on the card itself", async () => {
  card.surface().focus();
  await key(" ", "Space");
  await key("ArrowRight", "ArrowRight");
  await expect.poll(() => state().isPenDown).toBe(true);
  await card.mouse("mousePressed", { xMm: -10, yMm: 10 });
  await expect.poll(() => drawings()).toHaveLength(1);
  expect(state().isPenDown).toBe(true);
  await card.mouse("mouseReleased", { xMm: 10, yMm: 10 });
  await expect.poll(() => state().isPenDown).toBe(false);
});

it("shows the point of a pen that rests, and of an eraser", async () => {
  const point = card.host.querySelector<HTMLElement>("[data-ink] + *")!;
  await card.mouse("mouseMoved", { xMm: -20, yMm: 0 });
  await expect.poll(() => point.style.visibility).toBe("visible");
  await card.mouse("mousePressed", { xMm: -20, yMm: 0 });
  await card.mouse("mouseMoved", { xMm: 10, yMm: 0 });
  await expect.poll(() => point.style.visibility).toBe("hidden");
  await card.mouse("mouseReleased", { xMm: 10, yMm: 0 });
  await expect.poll(() => point.style.visibility).toBe("visible");
  await take("eraser");
  await card.mouse("mousePressed", { xMm: 0, yMm: 10 });
  await card.mouse("mouseMoved", { xMm: 5, yMm: 10 });
  await expect.poll(() => point.style.visibility).toBe("visible");
  await card.mouse("mouseReleased", { xMm: 5, yMm: 10 });
});

it("is as wide as a pen is pressed, and once a pen was there a palm draws nothing", async () => {
  await take("brush");
  await card.pen("mousePressed", { xMm: -15, yMm: 0 }, 0.1);
  for (let at = 1; at <= 60; at += 1) await card.pen("mouseMoved", { xMm: at / 2 - 15, yMm: 0 }, 0.1 + (0.9 * at) / 60);
  await card.pen("mouseReleased", { xMm: 15, yMm: 0 }, 0);
  await expect.poll(() => drawings()).toHaveLength(1);
  const [{ art, box }] = drawings() as [Drawing];
  const points = art.ops
    .flatMap(({ path }) => readOutlines(path, 1))
    .flatMap((outline) => transformOutline(outline, artToCard(art, box)));
  const heightsNear = (xMm: number) => points.filter((_, at) => at % 2 === 1 && Math.abs(points[at - 1]! - xMm) < 1.5);
  const reach = (xMm: number): number => Math.max(...heightsNear(xMm)) - Math.min(...heightsNear(xMm));
  expect(reach(-15)).toBeLessThan(1.3);
  expect(reach(14)).toBeGreaterThan(2.4);
  await card.touch("touchStart", [{ xMm: 0, yMm: 12 }]);
  await card.touch("touchMove", [{ xMm: 10, yMm: 14 }]);
  await card.touch("touchEnd", []);
  await drawn();
  expect(drawings()[0]!.art).toBe(art);
});

it("a palm that landed before the pen leaves nothing", async () => {
  await card.touch("touchStart", [{ xMm: 0, yMm: 15 }]);
  await card.touch("touchMove", [{ xMm: 3, yMm: 15 }]);
  await card.pen("mousePressed", { xMm: -15, yMm: -10 }, 0.5);
  await card.pen("mouseMoved", { xMm: 0, yMm: -10 }, 0.5);
  await card.pen("mouseReleased", { xMm: 0, yMm: -10 }, 0);
  await card.touch("touchEnd", []);
  await expect.poll(() => drawings()).toHaveLength(1);
  expect(extent(drawings()[0]!).bottom).toBeLessThan(-5);
});

it("a finger draws; a second one takes the stroke back and moves nothing, until both have gone", async () => {
  const placement = card.placement();
  await card.touch("touchStart", [{ xMm: -10, yMm: 0 }]);
  await card.touch("touchMove", [{ xMm: 0, yMm: 0 }]);
  await card.touch("touchStart", [
    { xMm: 0, yMm: 0 },
    { xMm: 10, yMm: 10 },
  ]);
  await card.touch("touchMove", [
    { xMm: -10, yMm: -5 },
    { xMm: 20, yMm: 15 },
  ]);
  await card.touch("touchEnd", []);
  await drawn();
  expect(drawings()).toEqual([]);
  expect(card.placement()).toEqual(placement);
  await card.touch("touchStart", [{ xMm: -10, yMm: 0 }]);
  await card.touch("touchMove", [{ xMm: 0, yMm: 0 }]);
  await card.touch("touchEnd", []);
  await expect.poll(() => drawings()).toHaveLength(1);
});

it("the eraser rubs out where it goes, also of a drawing that was scaled and turned, as one step; of nothing nothing is left", async () => {
  await drag(line(0));
  await expect.poll(() => drawings()).toHaveLength(1);
  const turn = [scaleBox(1.2), turnBoxBy(90)];
  for (const change of turn) state().edit(placeElement("e1", change));
  const [before] = drawings();
  await expect.poll(() => colourAt({ xMm: 0, yMm: 0 })).toEqual(red);
  await take("eraser");
  await card.mouse("mousePressed", { xMm: -6, yMm: 0 });
  await card.mouse("mouseMoved", { xMm: 6, yMm: 0 });
  await expect.poll(() => colourAt({ xMm: 0, yMm: 0 })[3], { message: "seen at once" }).toBe(0);
  expect(drawings()[0]).toBe(before);
  await card.mouse("mouseReleased", { xMm: 6, yMm: 0 });
  await expect.poll(() => drawings()[0]?.art).not.toBe(before!.art);
  await expect.poll(() => colourAt({ xMm: 0, yMm: 0 })[3]).toBe(0);
  expect(colourAt({ xMm: 0, yMm: 8 })).toEqual(red);
  expect(readOutlines(drawings()[0]!.art.ops[0]!.path, 1)).toHaveLength(2);
  state().undo();
  expect(drawings()).toEqual([before]);
  await expect.poll(() => colourAt({ xMm: 0, yMm: 0 })).toEqual(red);
  await drag(Array.from({ length: 30 }, (_, at) => ({ xMm: 0, yMm: at * 1.6 - 23 })));
  await expect.poll(() => drawings()).toEqual([]);
});

it("Escape takes back the stroke under way, and keys draw", async () => {
  await card.mouse("mousePressed", { xMm: -10, yMm: 0 });
  await card.mouse("mouseMoved", { xMm: 10, yMm: 0 });
  await key("Escape", "Escape");
  await card.mouse("mouseReleased", { xMm: 10, yMm: 0 });
  await drawn();
  expect(drawings()).toEqual([]);
  const placement = card.placement();
  card.surface().focus();
  await key("ArrowLeft", "ArrowLeft");
  await key(" ", "Space");
  for (let times = 0; times < 3; times += 1) await key("ArrowDown", "ArrowDown", 8);
  await key(" ", "Space");
  await expect.poll(() => drawings()).toHaveLength(1);
  const { left, right, top, bottom } = extent(drawings()[0]!);
  expect((left + right) / 2).toBeCloseTo(-1, 1);
  expect([top, bottom].map((mm) => Math.round(mm * 10) / 10)).toEqual([-0.6, 15.6]);
  expect(card.placement()).toEqual(placement);
});

it("what is rubbed out while undo takes the drawing away is not put back", async () => {
  await drag(line(0));
  await expect.poll(() => drawings()).toHaveLength(1);
  await take("eraser");
  await card.mouse("mousePressed", { xMm: 0, yMm: -4 });
  await card.mouse("mouseMoved", { xMm: 0, yMm: 4 });
  state().edit(removeElement("e1"));
  await card.mouse("mouseReleased", { xMm: 0, yMm: 4 });
  await state().untilTextsLie();
  expect(drawings()).toEqual([]);
});

it("what is drawn is in the bytes of the picture", async () => {
  card.unmount();
  const client = createImageClient();
  try {
    const canvas = new OffscreenCanvas(1600, 1000);
    const context = canvas.getContext("2d")!;
    context.fillStyle = "#808080";
    context.fillRect(0, 0, 1600, 1000);
    const photo = await client.openPhoto(await canvas.convertToBlob({ type: "image/png" }), product);
    card = await mountCard(product, photo);
    await take("marker");
    await drag(line(12));
    await expect.poll(() => drawings()).toHaveLength(1);
    const { png } = await client.renderPicture(state().design, [photo], product);
    const picture = await createImageBitmap(new Blob([png], { type: "image/png" }), { colorSpaceConversion: "none" });
    const read = new OffscreenCanvas(picture.width, picture.height).getContext("2d")!;
    read.drawImage(picture, 0, 0);
    const pixel = (xMm: number, yMm: number) => {
      const { widthMm, heightMm } = bleedSizeMm(product);
      const at = [(xMm / widthMm + 0.5) * picture.width, (yMm / heightMm + 0.5) * picture.height] as const;
      return Array.from(read.getImageData(Math.round(at[0]), Math.round(at[1]), 1, 1).data.slice(0, 3));
    };
    expect(pixel(0, 12)).toEqual(red.slice(0, 3));
    expect(pixel(0, 14)).toEqual([0x80, 0x80, 0x80]);
  } finally {
    client.close();
  }
});
