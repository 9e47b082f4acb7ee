import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { products } from "#card/products.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import { photoOf } from "#design/design.ts";
import { moveBy } from "#design/edits.ts";
import { designOf, makeOpenPhoto } from "#image/testing/open-photo.ts";
import { createFlowState } from "../flow/flow-state.ts";
import { changePhoto, createDesignStore } from "../store/design-store.ts";
import { createDeviceStore } from "./device-store.ts";
import { hasDraftMark } from "./draft-mark.ts";
import { createMemoryStore, keptAlone, type Draft, type DraftStore } from "./draft-store.ts";
import { keepDraft } from "./keep-draft.ts";
import { createSharedStore } from "./shared-store.ts";
import { makeServer } from "./testing/draft-server.ts";

const [product] = products;
let count = 0;
/** Each test has a cardholder of its own. */
const newKey = () => ({ scope: `cardholder-${Date.now()}-${(count += 1)}`, productId: product.id });

function draftOf(letter: string, text = letter): Draft {
  const photo = makeOpenPhoto({ sha256: letter.repeat(64), bytes: new Blob([text]) });
  return { design: designOf(photo, { xMm: 1, yMm: 2, mmPerPx: 0.03, rotationDeg: 3, mirrored: true }, product), photo };
}

/** What is to be compared, of which a file is a part. */
async function contentOf(draft: Draft | null) {
  return draft && { design: draft.design, sha256: draft.photo.sha256, text: await draft.photo.bytes.text() };
}

/** As browsers fail. */
const refusePuts = (isRefused: (value: unknown) => boolean, name: string): void => {
  const put = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, value, key) {
    if (isRefused(value)) throw new DOMException("refused", name);
    return put.call(this, value, key);
  });
};
const circumstances: readonly [name: string, make: () => DraftStore][] = [
  ["in memory", createMemoryStore],
  ["on the device", () => createDeviceStore(newKey())],
  [
    "on the device and at the server",
    () => createSharedStore(createDeviceStore(newKey()), makeServer().drafts, () => {}),
  ],
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
    await store.remove();
    expect(await store.read()).toBeNull();
  });
});

describe("on the device", () => {
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
    const { design, photo } = draftOf("a");
    await createDeviceStore(odd).write({ design: { ...design, version: 9 } as unknown as typeof design, photo });
    expect(await createDeviceStore(odd).read()).toBeNull();
    expect(hasDraftMark(odd)).toBe(false);
    expect(await createDeviceStore(old).read()).toBeNull();
  });
});

describe("what lies on the card", () => {
  const rejected: SubmissionView = {
    submissionId: "sub-1",
    state: "rejected",
    sequence: 1,
    rejectionCode: null,
    hasPreview: false,
    pictureSha256: "a".repeat(64),
    updatedAt: 1,
  };
  const photo = makeOpenPhoto({ sha256: "c".repeat(64), bytes: new Blob(["photo"]) });
  const resume = vi.fn();
  let stop: () => void;

  function begin(submission: SubmissionView | null = null) {
    const [design, state, store] = [
      createDesignStore(product),
      createFlowState(submission),
      keptAlone(createMemoryStore()),
    ];
    const write = vi.spyOn(store, "write");
    stop = keepDraft(design, state, store, resume);
    return { design, state, store, write, kept: async () => (await store.read())?.design ?? null };
  }

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    resume.mockReset();
  });
  afterEach(() => {
    stop();
    vi.useRealTimers();
  });

  it("is kept when the hand rests, once for a run of edits, and never during a gesture", async () => {
    const { design, write, kept } = begin();
    const { getState } = design;
    getState().setPhoto(photo);
    for (let step = 0; step < 5; step += 1) changePhoto(getState(), moveBy(0, 0.1));
    expect(write).not.toHaveBeenCalled();
    vi.runAllTimers();
    expect(write).toHaveBeenCalledOnce();
    expect(await kept()).toBe(getState().design);
    getState().beginGesture();
    changePhoto(getState(), moveBy(0, 1));
    vi.runAllTimers();
    expect(write).toHaveBeenCalledOnce();
    getState().endGesture();
    vi.runAllTimers();
    expect(await kept()).toBe(getState().design);
  });

  it("is kept at once when the page is left, though a finger still moves it", async () => {
    const { design, kept } = begin();
    const { getState } = design;
    getState().setPhoto(photo);
    dispatchEvent(new Event("pagehide"));
    const first = await kept();
    expect(first).toBe(getState().design);
    getState().beginGesture();
    changePhoto(getState(), moveBy(0, 1));
    vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    document.dispatchEvent(new Event("visibilitychange"));
    expect(photoOf((await kept())!)?.placement).not.toEqual(photoOf(first!)?.placement);
    expect(await kept()).toBe(getState().design);
  });

  it("is kept no longer once the card is made, and an empty card takes nothing away", async () => {
    const { design, state, kept } = begin();
    design.getState().setPhoto(photo);
    vi.runAllTimers();
    design.getState().clear();
    vi.runAllTimers();
    expect(await kept()).not.toBeNull();
    state.setState(
      { step: "follow", submission: { ...rejected, state: "approved" }, picture: null, notice: null },
      true,
    );
    expect(await kept()).toBeNull();
  });

  it("is asked for when the card that was sent is rejected, in whichever page that is seen", () => {
    begin(rejected);
    expect(resume).toHaveBeenCalledOnce();
    stop();
    const { state } = begin({ ...rejected, state: "in-review" });
    expect(resume).toHaveBeenCalledOnce();
    state.setState({ step: "follow", submission: rejected, picture: null, notice: null }, true);
    expect(resume).toHaveBeenCalledTimes(2);
  });
});
