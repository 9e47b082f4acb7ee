import { afterEach, describe, expect, it, vi } from "vitest";
import { products } from "#card/products.ts";
import { createDesign } from "#design/design.ts";
import { designOf, makeOpenPhoto } from "#image/testing/open-photo.ts";
import { createDeviceStore } from "./device-store.ts";
import { createOtherCard } from "./other-card.ts";
import { hasDraftMark, markDraft } from "./draft-mark.ts";
import { createMemoryStore, type DeviceStore, type Draft, type KeptDraft, notSynced } from "./draft-store.ts";

const [product] = products;
const night = { from: "#14274e", to: "#2e6fdb", angleDeg: 45 } as const;
let count = 0;
/** Each test has a cardholder of its own. */
const newKey = () => ({ scope: `cardholder-${Date.now()}-${(count += 1)}`, productId: product.id });

function draftOf(letter: string, text = letter): KeptDraft {
  const photo = makeOpenPhoto({ sha256: letter.repeat(64), bytes: new Blob([text]) });
  return {
    design: designOf(photo, { xMm: 1, yMm: 2, mmPerPx: 0.03, rotationDeg: 3, mirrored: true }, product),
    photo,
    sync: notSynced,
  };
}

/** What is to be compared, of which a file is a part. */
async function contentOf(draft: Draft | null) {
  return draft && { design: draft.design, sha256: draft.photo?.sha256, text: await draft.photo?.bytes.text() };
}

/** As browsers fail. */
const refusePuts = (isRefused: (value: unknown) => boolean, name: string): void => {
  const put = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, value, key) {
    if (isRefused(value)) throw new DOMException("refused", name);
    return put.call(this, value, key);
  });
};
const circumstances: readonly [name: string, make: () => DeviceStore][] = [
  ["in memory", createMemoryStore],
  ["on the device", () => createDeviceStore(newKey())],
  [
    "on a device whose database keeps no files",
    () => {
      refusePuts((value) => value instanceof Blob, "DataCloneError");
      return createDeviceStore(newKey());
    },
  ],
  [
    "on a device without room",
    () => {
      refusePuts(() => true, "QuotaExceededError");
      return createDeviceStore(newKey());
    },
  ],
  [
    "in a frame that is denied a database",
    () => {
      vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(() => {
        throw new DOMException("denied", "SecurityError");
      });
      vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
        throw new DOMException("denied", "SecurityError");
      });
      return createDeviceStore(newKey());
    },
  ],
];

afterEach(() => void vi.restoreAllMocks());

describe.each(circumstances)("a draft %s", (_where, make) => {
  it("is there until it is removed, the last that was written, with its photo's bytes", async () => {
    const store = make();
    expect(await store.read()).toBeNull();
    const [first, second] = [draftOf("a"), draftOf("b")];
    void store.write(first);
    const moved = { ...first, design: { ...first.design, ground: "#14274e" } };
    await store.write(moved);
    expect(await contentOf(await store.read())).toEqual(await contentOf(moved));
    await store.write(second);
    expect(await contentOf(await store.read())).toEqual(await contentOf(second));
    const sync = { ...notSynced, base: "f".repeat(64), submissionId: "sub-1" };
    await store.note(sync);
    expect((await store.read())?.sync).toEqual(sync);
    expect(await store.remove(({ submissionId }) => submissionId === "sub-2")).toBe(true);
    expect(await contentOf(await store.read())).toEqual(await contentOf(second));
    expect(await store.remove(({ submissionId }) => submissionId === "sub-1")).toBe(true);
    expect(await store.read()).toBeNull();
  });

  it("is also kept without a photo, in place of one that has one, and the other way round", async () => {
    const store = make();
    const bare: KeptDraft = { design: { ...createDesign(product), ground: night }, photo: null, sync: notSynced };
    for (const draft of [bare, draftOf("a"), bare]) {
      await store.write(draft);
      expect(await contentOf(await store.read())).toEqual(await contentOf(draft));
    }
  });
});

describe("on the device", () => {
  it("a draft without a photo is there for the next page, and gives another card no photo", async () => {
    const key = newKey();
    const bare: KeptDraft = { design: { ...createDesign(product), ground: night }, photo: null, sync: notSynced };
    await createDeviceStore(key).write(bare);
    expect(hasDraftMark(key)).toBe(true);
    expect(await createDeviceStore(key).read()).toMatchObject({ design: bare.design, photo: null });
    const other = createOtherCard({ ...key, productId: "photo-portrait" });
    expect([other.isThere(), await other.readPhoto()]).toEqual([false, null]);
    await createDeviceStore(key).write(draftOf("a"));
    expect(other.isThere()).toBe(true);
  });

  it("a draft is there for the next page, and its mark says so; not for another card or cardholder", async () => {
    const key = newKey();
    expect(hasDraftMark(key)).toBe(false);
    await createDeviceStore(key).write(draftOf("a"));
    expect(hasDraftMark(key)).toBe(true);
    expect(await contentOf(await createDeviceStore(key).read())).toEqual(await contentOf(draftOf("a")));
    for (const other of [newKey(), { ...key, productId: "photo-portrait" }]) {
      expect(hasDraftMark(other)).toBe(false);
      expect(await createDeviceStore(other).read()).toBeNull();
    }
    await createDeviceStore(key).remove();
    expect(hasDraftMark(key)).toBe(false);
    expect(await createDeviceStore(key).read()).toBeNull();
  });

  it("a photo that another page has taken away is written again with the next edit", async () => {
    const key = newKey();
    const [one, other] = [createDeviceStore(key), createDeviceStore(key)];
    const draft = draftOf("a");
    await one.write(draft);
    await other.write(draftOf("b"));
    await other.remove();
    await one.write(draft);
    expect(await contentOf(await createDeviceStore(key).read())).toEqual(await contentOf(draft));
  });

  it("a page knows when another has written a card in place of its own", async () => {
    const key = newKey();
    const [one, other] = [createDeviceStore(key), createDeviceStore(key)];
    expect(await one.isReplaced()).toBe(false);
    await one.write(draftOf("a"));
    await one.note({ ...notSynced, state: "sent" });
    await other.read();
    expect([await one.isReplaced(), await other.isReplaced()]).toEqual([false, false]);
    await other.write(draftOf("b"));
    expect([await one.isReplaced(), await other.isReplaced()]).toEqual([true, false]);
    await one.read();
    expect(await one.isReplaced()).toBe(false);
    await other.remove();
    expect(await one.isReplaced(), "there is nothing to go on with").toBe(false);
  });

  it("an older draft never stands in for one that found no room", async () => {
    const key = newKey();
    const store = createDeviceStore(key);
    await store.write(draftOf("a"));
    refusePuts(() => true, "QuotaExceededError");
    await store.write(draftOf("b"));
    vi.restoreAllMocks();
    expect(await createDeviceStore(key).read()).toBeNull();
  });

  it("a draft is gone after 30 days, whoever comes, and one that no design of today is, is none", async () => {
    const [old, odd] = [newKey(), newKey()];
    const now = Date.now();
    vi.spyOn(Date, "now").mockReturnValue(now - 31 * 24 * 60 * 60_000);
    await createDeviceStore(old).write(draftOf("a"));
    vi.restoreAllMocks();
    const draft = draftOf("a");
    const design = { ...draft.design, elements: 9 } as unknown as Draft["design"];
    await createDeviceStore(odd).write({ ...draft, design });
    expect(await createDeviceStore(odd).read()).toBeNull();
    expect(hasDraftMark(odd)).toBe(false);
    expect(await createDeviceStore(old).read()).toBeNull();
  });
});

it("of the same cardholder's other cards the photo of the newest can be had, and of nobody else's", async () => {
  const [key, stranger] = [newKey(), newKey()];
  const other = createOtherCard(key);
  const write = (of: typeof key, productId: string, letter: string): Promise<void> =>
    createDeviceStore({ ...of, productId }).write(draftOf(letter));
  await write(key, key.productId, "a");
  await write(stranger, "another", "b");
  expect([other.isThere(), await other.readPhoto()]).toEqual([false, null]);
  vi.spyOn(Date, "now").mockReturnValue(Date.now() + 1000);
  await write(key, "newer", "d");
  vi.restoreAllMocks();
  await write(key, "older", "c");
  expect([other.isThere(), await (await other.readPhoto())?.text()]).toEqual([true, "d"]);
  expect((await other.readDesign())?.elements).toEqual(draftOf("d").design.elements);
  const lost = newKey();
  markDraft({ ...lost, productId: "lost" }, true);
  const gone = createOtherCard(lost);
  expect([gone.isThere(), await gone.readPhoto(), gone.isThere()]).toEqual([true, null, false]);
  expect(await gone.readDesign()).toBeNull();
});

it("a photo that is sent along for a card is taken there once, and for no other card", async () => {
  const key = newKey();
  const cardOf = (productId: string, scope = key.scope) => createOtherCard({ scope, productId });
  await createDeviceStore(key).write(draftOf("a"));
  createOtherCard(key).sendAlong("b");
  expect([cardOf("c").takeAlong(), cardOf("b", newKey().scope).takeAlong()]).toEqual([false, false]);
  expect([cardOf("b").takeAlong(), cardOf("b").takeAlong()]).toEqual([true, false]);
  createOtherCard(key).sendAlong("b");
  await createDeviceStore(key).remove();
  expect(cardOf("b").takeAlong(), "the photo is there no more").toBe(false);
});

it("what Firefox does not tell a page that it has kept of its writing holds up nothing once the page is back", async () => {
  const key = newKey();
  const store = createDeviceStore(key);
  await store.read();
  const telling = vi.spyOn(IDBTransaction.prototype, "oncomplete", "set").mockImplementationOnce(() => {});
  const writing = store.write(draftOf("a"));
  await vi.waitFor(() => expect(telling).toHaveBeenCalled());
  dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  await writing;
  const [written, later] = [draftOf("a"), draftOf("b")];
  expect(await contentOf(await createDeviceStore(key).read())).toEqual(await contentOf(written));
  await store.write(later);
  expect(await contentOf(await createDeviceStore(key).read()), "the device is not given up").toEqual(
    await contentOf(later),
  );
});
