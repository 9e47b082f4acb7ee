import { beforeEach, describe, expect, test } from "vitest";
import { findProduct } from "#card/products.ts";
import { vectorElementsOf } from "#design/design.ts";
import { moveBoxTo } from "#design/element-box.ts";
import { addElement, placeElement } from "#design/element-edits.ts";
import type { Text, Writing } from "#design/elements.ts";
import { heart } from "#design/testing/elements.ts";
import { makeOpenPhoto } from "#image/testing/open-photo.ts";
import type { TextArt } from "#lettering/set-text.ts";
import { createDesignStore, type DesignStore } from "../../store/design-store.ts";
import { Typewriter } from "./typewriter.ts";

const product = { ...findProduct("photo-landscape")!, features: { texts: true, shapes: true } };

/** A thousandth of an em is a unit, each letter half an em wide. */
function artFor({ text }: Writing): TextArt {
  const op = { path: "M0 0L1 0L1 1Z", fill: "#000000", rule: "nonzero" } as const;
  return { art: { width: Math.max(1, text.length * 500), height: 1362, ops: [op] }, missing: [] };
}

let store: DesignStore;
let writer: Typewriter;
/** The letters come when they are called for. */
let calls: { readonly text: string; readonly come: () => void; readonly fail: () => void }[];

const texts = (): readonly Text[] =>
  vectorElementsOf(store.getState().design).filter((element) => element.kind === "text");
const words = (): readonly string[] => texts().map(({ text }) => text);
const write = (text: string): Promise<TextArt | null> =>
  writer.write({ text, face: "plain", align: "centre" }, "#ffffff");

beforeEach(() => {
  calls = [];
  const writeText = (writing: Writing): Promise<TextArt> =>
    new Promise((resolve, reject) => {
      calls.push({
        text: writing.text,
        come: () => resolve(artFor(writing)),
        fail: () => reject(new Error("no letters")),
      });
    });
  store = createDesignStore(product, { writeText });
  store.getState().setPhoto(makeOpenPhoto());
  writer = new Typewriter(store);
});

async function lay(text: string): Promise<void> {
  const done = write(text);
  calls.at(-1)!.come();
  await done;
}

describe("what is typed in one go", () => {
  test("is one step of undo, whatever comes when", async () => {
    writer.open();
    const [first, second] = [write("H"), write("Hi")];
    calls[1]!.come();
    expect(await second).not.toBeNull();
    calls[0]!.come();
    expect(await first, "overtaken").toBeNull();
    await lay("Hi!");
    expect(words()).toEqual(["Hi!"]);
    writer.close();
    expect(store.getState().moving).toBe(false);
    store.getState().undo();
    expect(words()).toEqual([]);
  });

  test("comes back where it lay when it is cleared and typed anew, and is gone when it stays cleared", async () => {
    writer.open();
    await lay("Hi");
    writer.close();
    const { id } = texts()[0]!;
    store.getState().edit(placeElement(id, moveBoxTo({ xMm: 20, yMm: 10 })));
    store.getState().select(id);
    writer.open();
    writer.clear();
    expect(words()).toEqual([]);
    await lay("Ho");
    expect(texts()).toMatchObject([{ id, text: "Ho", box: { xMm: 20, yMm: 10 } }]);
    writer.clear();
    writer.close();
    expect(words()).toEqual([]);
    store.getState().undo();
    expect(words()).toEqual(["Hi"]);
  });

  test("lies where a new text of all its words would, also with a pause, until it is moved", async () => {
    writer.open();
    await lay("Greetings");
    writer.close();
    writer.open();
    await lay("Greetings from Norway");
    writer.close();
    const { box } = texts()[0]!;
    expect(box.xMm - box.widthMm / 2, "beside the chip").toBeGreaterThan(-21.24);
    store.getState().undo();
    expect(words()).toEqual(["Greetings"]);
    store.getState().redo();
    expect(texts()[0]!.box).toEqual(box);
    const { id } = texts()[0]!;
    store.getState().edit(placeElement(id, moveBoxTo({ xMm: 0, yMm: 12 })));
    writer.open();
    await lay("Greetings from Norway!");
    writer.close();
    expect(texts()[0]!.box).toMatchObject({ xMm: 0, yMm: 12, heightMm: box.heightMm });
  });

  test("is not laid any more once something has been typed that cannot be", async () => {
    writer.open();
    const done = write("H");
    writer.forget();
    calls[0]!.come();
    expect(await done).toBeNull();
    expect(words()).toEqual([]);
    expect(store.getState().moving).toBe(false);
  });
});

describe("letters that come late", () => {
  test("leave no gesture behind, and are a step of their own", async () => {
    writer.open();
    const done = write("Hi");
    writer.close();
    calls[0]!.come();
    await done;
    expect(words()).toEqual(["Hi"]);
    expect(store.getState().moving).toBe(false);
    store.getState().undo();
    expect(words()).toEqual([]);
  });

  test("go where they were typed, and whoever has gone on to something else stays there", async () => {
    await lay("one");
    await lay("two");
    const [one, two] = texts() as [Text, Text];
    store.getState().edit(addElement(heart));
    const other = store.getState().selection;
    store.getState().select(two.id);
    writer.open();
    const done = write("too");
    writer.close();
    store.getState().select(other);
    writer.follow();
    calls.at(-1)!.come();
    await done;
    expect(texts()).toMatchObject([
      { id: one.id, text: "one" },
      { id: two.id, text: "too" },
    ]);
    expect(store.getState().selection).toBe(other);
  });

  test("are waited for by whoever needs the card as it was typed", async () => {
    writer.open();
    const done = write("Hi");
    const lies = store.getState().untilTextsLie();
    expect(lies).not.toBeNull();
    calls[0]!.come();
    await lies;
    expect(words()).toEqual(["Hi"]);
    await done;
    await Promise.resolve();
    expect(store.getState().untilTextsLie()).toBeNull();
  });

  test("that do not come at all leave the card as it is", async () => {
    await lay("Hi");
    const done = write("Ho");
    calls.at(-1)!.fail();
    await expect(done).rejects.toThrow("no letters");
    await store.getState().untilTextsLie();
    expect(words()).toEqual(["Hi"]);
  });
});
