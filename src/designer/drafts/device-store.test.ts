import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { products } from "#card/products.ts";
import { designOf, makeOpenPhoto } from "#image/testing/open-photo.ts";
import { type DeviceDatabase, type KeptDesign, type KeptFile, NoDatabase } from "./device-database.ts";
import { createDeviceStore } from "./device-store.ts";
import { hasDraftMark } from "./draft-mark.ts";
import { type KeptDraft, notSynced } from "./draft-store.ts";
import { LaterVersion } from "./read-design.ts";

const [product] = products;
const key = { scope: "somebody", productId: product.id };
const placement = { xMm: 1, yMm: 2, mmPerPx: 0.03, rotationDeg: 3, mirrored: true } as const;

function draftOf(number: number): KeptDraft {
  const photo = makeOpenPhoto({ sha256: "a".repeat(64), bytes: new Blob(["photo"]) });
  const ground = `#00000${number}`;
  return { design: { ...designOf(photo, placement, product), ground }, photo, sync: notSynced };
}

/** The browser's database, of one draft, which may fail. */
function makeDatabase() {
  let row: KeptDesign | undefined;
  let file: KeptFile | undefined;
  const faults: { error: Error | null; hang: Promise<void> | null } = { error: null, hang: null };
  const work = async <Answer>(answer: () => Answer): Promise<Answer> => {
    await faults.hang;
    if (faults.error !== null) throw faults.error;
    return answer();
  };
  const putFaults: Error[] = [];
  const clear = (): void => void ([row, file] = [undefined, undefined]);
  const database = {
    read: () => work(() => (row === undefined || file === undefined ? undefined : { design: row, file })),
    put: vi.fn((_id, design, given) =>
      work(() => {
        const fault = putFaults.shift();
        if (fault !== undefined) throw fault;
        [row, file] = [design, given];
      }),
    ),
    change: (_id, change) => work(() => row && ((row = change(row) ?? undefined), undefined)),
    remove: vi.fn(() => work(clear)),
    removeOld: vi.fn((before) =>
      work(() => {
        if (row === undefined || row.at >= before) return [];
        clear();
        return [[key.scope, key.productId] as const];
      }),
    ),
  } satisfies DeviceDatabase;
  return { database, faults, putFaults, row: () => row };
}

let device: ReturnType<typeof makeDatabase>;
beforeEach(() => {
  device = makeDatabase();
  const marks = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => marks.get(name) ?? null,
    setItem: (name: string, value: string) => void marks.set(name, value),
    removeItem: (name: string) => void marks.delete(name),
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});
const openPage = () => createDeviceStore(key, device.database);
const groundOf = async (store: ReturnType<typeof openPage>) => (await store.read())?.design.ground ?? null;

describe("on the device", () => {
  it("what is old is gone as soon as the designer is opened, whatever becomes of it", async () => {
    await openPage().write(draftOf(1));
    const now = Date.now();
    vi.spyOn(Date, "now").mockReturnValue(now + 31 * 24 * 60 * 60_000);
    openPage();
    await expect.poll(device.row).toBeUndefined();
    await expect.poll(() => hasDraftMark(key)).toBe(false);
  });

  it("what is known of a draft by now is not noted on one that another page has written since", async () => {
    const [one, other] = [openPage(), openPage()];
    await one.write(draftOf(1));
    await one.note({ ...notSynced, state: "sent" });
    expect(device.row()?.sync.state).toBe("sent");
    await other.write(draftOf(2));
    await one.note({ ...notSynced, state: "here" });
    expect(device.row()?.sync.state).toBe("unsent");
    // Who has read it may say something of it, too.
    const next = openPage();
    await next.read();
    await next.note({ ...notSynced, state: "sent" });
    expect(device.row()?.sync.state).toBe("sent");
  });

  it("what a later version has written is told, and stays there whatever is written here", async () => {
    for (const change of [{ version: 3 }, { engraving: "deep" }]) {
      device = makeDatabase();
      await openPage().write({ ...draftOf(1), design: { ...draftOf(1).design, ...change } } as KeptDraft);
      const kept = device.row();
      const older = openPage();
      await expect(older.read()).rejects.toThrow(LaterVersion);
      expect(hasDraftMark(key)).toBe(true);
      await older.write(draftOf(2));
      expect(await groundOf(older)).toBe("#000002");
      await older.note({ ...notSynced, state: "sent" });
      expect(device.row()).toBe(kept);
      // The cardholder may delete it, as anything else.
      await older.remove();
      expect(device.row()).toBeUndefined();
    }
  });

  it("a design is there for a later visit once it is written, or was found, until it is removed or another is", async () => {
    const store = openPage();
    const [one, next] = [draftOf(1), draftOf(2)];
    const held = Promise.withResolvers<void>();
    device.faults.hang = held.promise;
    const writing = store.write(one);
    expect(store.has(one.design)).toBe(false);
    held.resolve();
    await writing;
    expect(store.has(one.design)).toBe(true);
    const later = openPage();
    const found = (await later.read())!.design;
    expect(later.has(found)).toBe(true);
    await later.remove();
    expect(later.has(found)).toBe(false);
    await store.write(next);
    expect([one, next].map(({ design }) => store.has(design))).toEqual([false, true]);
    device.faults.error = new NoDatabase();
    await store.write(one);
    expect([store.has(one.design), await groundOf(store)]).toEqual([false, "#000001"]);
  });

  it("of a run of edits the last is written, and what is said of one of them is said of that", async () => {
    const store = openPage();
    const held = Promise.withResolvers<void>();
    device.faults.hang = held.promise;
    const writing = [1, 2, 3].map((number) => store.write(draftOf(number)));
    const noting = store.note({ ...notSynced, state: "sent" });
    writing.push(store.write(draftOf(4)), store.write(draftOf(5)));
    held.resolve();
    await Promise.all([...writing, noting]);
    expect(device.database.put).toHaveBeenCalledTimes(2);
    expect(device.row()).toMatchObject({ document: { ground: "#000005" }, sync: { state: "unsent" } });
  });

  it("a database that says nothing is not tried again with each edit: the page keeps it, and what lies there is known of", async () => {
    const store = openPage();
    await store.write(draftOf(1));
    device.database.put.mockClear();
    device.faults.error = new NoDatabase();
    for (const number of [2, 3, 4]) await store.write(draftOf(number));
    expect(device.database.put).toHaveBeenCalledOnce();
    expect(await groundOf(store)).toBe("#000004");
    await store.note({ ...notSynced, state: "sent" });
    expect((await store.read())?.sync.state).toBe("sent");
    expect([hasDraftMark(key), await openPage().remove()]).toEqual([true, false]);
  });

  it.each([
    ["small", 5],
    ["large", 30_000_001],
  ])("a %s photo's draft survives one writing that fails, and makes room for itself", async (_size, bytes) => {
    const store = openPage();
    const photo = { ...draftOf(1).photo!, bytes: new Blob([new Uint8Array(bytes)]) };
    await store.write({ ...draftOf(1), photo });
    const full = new DOMException("full", "QuotaExceededError");
    for (const [faults, ground] of [
      [[full], "#000002"],
      [[full, full], "#000003"],
    ] as const) {
      device.putFaults.push(...faults);
      await store.write({ ...draftOf(ground === "#000002" ? 2 : 3), photo });
      expect([device.row()?.document, hasDraftMark(key)]).toMatchObject([{ ground }, true]);
    }
    // The older card is not to be taken for one that finds no room at all.
    device.putFaults.push(full, full, full);
    const lost = { ...draftOf(4), photo };
    await store.write(lost);
    expect(store.has(lost.design)).toBe(false);
    expect([device.row(), hasDraftMark(key), await groundOf(store)]).toEqual([undefined, false, "#000004"]);
  });

  it("what could not be deleted is said to be there still, and is not where nothing ever was", async () => {
    const store = openPage();
    device.faults.error = new DOMException("no", "AbortError");
    expect(await store.remove()).toBe(true);
    device.faults.error = null;
    await store.write(draftOf(1));
    for (const error of [new DOMException("no", "AbortError"), new NoDatabase()]) {
      device.faults.error = error;
      expect(await store.remove()).toBe(false);
      expect(await openPage().remove()).toBe(false);
    }
    device.faults.error = null;
    expect(await store.remove()).toBe(true);
    expect([device.row(), hasDraftMark(key)]).toEqual([undefined, false]);
  });
});
