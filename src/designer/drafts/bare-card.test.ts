import { expect, it } from "vitest";
import { products } from "#card/products.ts";
import { createDesign } from "#design/design.ts";
import { makeDesignFile, readDesignFile } from "./design-file.ts";
import { createMemoryStore, type Draft } from "./draft-store.ts";
import { cardOf } from "./testing/cards.ts";
import { useDevices } from "./testing/devices.ts";

const [product] = products;
const bare: Draft = {
  design: { ...createDesign(product), ground: { from: "#14274e", to: "#2e6fdb", angleDeg: 45 } },
  photo: null,
};
const limits = { maxPhotoBytes: 1000 };

it("a copy of a card without a photo opens the same card, and is damaged where something follows it", async () => {
  const copy = makeDesignFile(bare);
  expect(await readDesignFile(copy, limits)).toEqual(bare);
  expect(await readDesignFile(new Blob([copy, "more"]), limits)).toBe("damaged");
});

const { openPage, isSent, ...devices } = useDevices();

it("is found on another device, in place of one with a photo and the other way round, and no photo is sent of it", async () => {
  const device = createMemoryStore();
  const store = openPage(device);
  await store.write(bare);
  await expect.poll(() => isSent(device)).toBe(true);
  expect(await openPage().read()).toMatchObject(bare);
  expect(devices.server().drafts.writePhoto).not.toHaveBeenCalled();
  await store.write(cardOf("#111111"));
  await expect.poll(() => isSent(device)).toBe(true);
  expect((await openPage().read())?.photo).not.toBeNull();
  await store.write(bare);
  await expect.poll(() => isSent(device)).toBe(true);
  expect(await openPage().read()).toMatchObject(bare);
});
