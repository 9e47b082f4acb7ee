import { expect, it, vi } from "vitest";
import type { Design } from "#design/design.ts";
import { addElement } from "#design/element-edits.ts";
import { designWith, landscape } from "#design/testing/arbitrary.ts";
import { sticker } from "#design/testing/elements.ts";
import { createStore } from "zustand/vanilla";
import type { DesignStore } from "../store/design-store.ts";

it("has a sticker that another day brings named in the language on the screen, and tells who shows it", async () => {
  // Another file of this run may have loaded the words of all languages.
  vi.resetModules();
  const { nameSticker, onStickerWords } = await import("../locales/sticker-words.ts");
  const { keepStickerWords } = await import("./load-arts.ts");
  const store = createStore<{ design: Design }>(() => ({ design: designWith() }));
  const end = keepStickerWords(store as unknown as DesignStore, () => "fr");
  const told = vi.fn();
  onStickerWords(told);
  const airplane = { ...sticker, art: "airplane" };
  store.setState({ design: addElement(airplane)(designWith(), landscape) });
  await expect.poll(() => told).toHaveBeenCalledOnce();
  expect(nameSticker("airplane")).toBe("avion");
  end();
});
