import fc from "fast-check";
import { expect, it } from "vitest";
import { products } from "#card/products.ts";
import { photoOf } from "#design/design.ts";
import { designOf, makeOpenPhoto } from "#image/testing/open-photo.ts";
import { makeDesignFile, readDesignFile } from "./design-file.ts";
import type { Draft } from "./draft-store.ts";

const [product] = products;
const limits = { maxPhotoBytes: 1000 };
const placement = { xMm: 1, yMm: -2.123456789, mmPerPx: 0.03, rotationDeg: 3, mirrored: true };

function draftOf(bytes: Uint8Array<ArrayBuffer>): Draft {
  const photo = makeOpenPhoto({ sha256: "a".repeat(64), bytes: new Blob([bytes]) });
  return { design: { ...designOf(photo, placement, product), ground: "#14274e" }, photo };
}
const bytesOf = async (file: Blob): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await file.arrayBuffer());
const anyBytes = (constraints: fc.IntArrayConstraints) =>
  fc.uint8Array(constraints).map((bytes) => Uint8Array.from(bytes));

it("a copy holds the same design and the photo's bytes, whatever they are", async () => {
  const check = async (bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
    const draft = draftOf(bytes);
    const read = await readDesignFile(makeDesignFile(draft), limits);
    if (typeof read === "string") throw new Error(read);
    expect(read.design).toEqual(draft.design);
    expect(read.photo!.sha256).toBe("a".repeat(64));
    expect(await bytesOf(read.photo!.bytes)).toEqual(bytes);
  };
  await fc.assert(fc.asyncProperty(anyBytes({ minLength: 1, maxLength: 1000 }), check));
});

it("a photo is none, and what is not whole, too large or no design is damaged", async () => {
  const whole = makeDesignFile(draftOf(new Uint8Array(10)));
  const [start, rest] = ["Fullbleed design 1\n", new Uint8Array(5)];
  for (const other of [
    new Blob(),
    new Blob(["\xff\xd8\xff"]),
    whole.slice(1),
    new Blob(["Fullbleed design x\n{}\n"]),
  ]) {
    expect(await readDesignFile(other, limits)).toBe("none");
  }
  const long = `"${"x".repeat(70_000)}"`;
  for (const text of ["", "{", "{}\n", "null\n", "[]\n", `${long}\n`, '{"version":2}\n', "\xff\n", long]) {
    expect(await readDesignFile(new Blob([start, text, rest]), limits), text.slice(0, 20)).toBe("damaged");
  }
  expect(await readDesignFile(whole.slice(0, whole.size - 10), limits), "without its photo").toBe("damaged");
  expect(await readDesignFile(makeDesignFile(draftOf(new Uint8Array(1001))), limits), "too large").toBe("damaged");
});

const text = {
  kind: "text",
  id: "e1",
  box: { xMm: 0, yMm: 0, widthMm: 30, heightMm: 8, rotationDeg: 0, mirrored: false },
  text: "Ada",
  face: "plain",
  align: "centre",
  fill: "#ffffff",
};
const shape = { kind: "shape", id: "e1", box: text.box, shape: "hexagon", fill: "#ffffff" };

it.each<[string, object | ((elements: readonly object[]) => object)]>([
  ["another version", { version: 3, whatever: ["it has"] }],
  ["a part that is new", { engraving: { depthMm: 0.1 } }],
  ["a kind of element that is new", (all) => ({ elements: [...all, { kind: "barcode", id: "e1", code: 7 }] })],
  ["a part of an element that is new", (all) => ({ elements: [...all, { ...text, curveDeg: 20 }] })],
  ["a face that is new", (all) => ({ elements: [...all, { ...text, face: "slab" }] })],
  ["a shape that is new", (all) => ({ elements: [...all, shape] })],
  ["a ground that is new", { ground: { from: "#000000", to: "#ffffff", round: true } }],
])("a copy that a later version has made is told from one that is damaged: %s", async (_, change) => {
  const { design, ...draft } = draftOf(new Uint8Array(10));
  const changed = { ...design, ...(typeof change === "function" ? change(design.elements) : change) };
  const copy = makeDesignFile({ ...draft, design: changed });
  expect(await readDesignFile(copy, limits)).toBe("later");
  const wrong = makeDesignFile({ ...draft, design: { ...changed, version: 2, productId: "" } });
  expect(await readDesignFile(wrong, limits)).toBe("damaged");
});

it("a copy in a form of later is told from a photo, and a design without what it needs is damaged", async () => {
  expect(await readDesignFile(new Blob(["Fullbleed design 2\n{}\n"]), limits)).toBe("later");
  const { design, ...draft } = draftOf(new Uint8Array(10));
  for (const change of [
    { elements: [{ id: "e1" }] },
    { elements: 1 },
    { version: 0 },
    { version: "3" },
    { ground: "red!" },
  ])
    expect(
      await readDesignFile(makeDesignFile({ ...draft, design: { ...design, ...change } } as unknown as Draft), limits),
    ).toBe("damaged");
});

it("whatever is changed in a copy, it is none, damaged, of a later version, or a design within its bounds", async () => {
  const whole = await bytesOf(makeDesignFile(draftOf(Uint8Array.of(1, 2, 3))));
  const anyCut = fc.tuple(fc.nat(whole.length), fc.nat(30), anyBytes({ maxLength: 30 }));
  const check = async (cuts: readonly (readonly [number, number, Uint8Array<ArrayBuffer>])[]): Promise<void> => {
    let bytes: Uint8Array<ArrayBuffer> = whole;
    for (const [at, without, put] of cuts) {
      bytes = Uint8Array.from([...bytes.slice(0, at), ...put, ...bytes.slice(at + without)]);
    }
    const read = await readDesignFile(new Blob([bytes]), limits);
    if (typeof read === "string") return;
    expect(read.design.elements).toHaveLength(1);
    expect(Math.abs(photoOf(read.design)?.placement.xMm ?? Infinity)).toBeLessThanOrEqual(10_000);
  };
  await fc.assert(fc.asyncProperty(fc.array(anyCut, { minLength: 1, maxLength: 3 }), check), { numRuns: 300 });
});
