import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { products } from "#card/products.ts";
import { Problem } from "#contracts/problem.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import { type Design, photoOf } from "#design/design.ts";
import { moveBy } from "#design/edits.ts";
import { hashSha256 } from "#image/checksums.ts";
import type { PhotoFile } from "#image/client.ts";
import { designOf, makeOpenPhoto } from "#image/testing/open-photo.ts";
import { NoAnswer } from "../api/request.ts";
import { createFlowState } from "../flow/flow-state.ts";
import { changePhoto, createDesignStore } from "../store/design-store.ts";
import { createDeviceStore } from "./device-store.ts";
import { hasDraftMark } from "./draft-mark.ts";
import { createMemoryStore, type Draft, type DraftStore } from "./draft-store.ts";
import { keepDraft } from "./keep-draft.ts";
import type { ServerDrafts } from "./server-drafts.ts";
import { createSharedStore } from "./shared-store.ts";

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

/** The server as several devices see it, with what it was asked to keep. */
function makeServer() {
  let kept: { readonly text: string; readonly etag: string } | null = null;
  const photos = new Map<string, Blob>();
  const away = { isAway: false };
  const answer = async <Answer>(work: () => Answer): Promise<Answer> => {
    if (away.isAway) throw new NoAnswer();
    return work();
  };
  const drafts: ServerDrafts = {
    read: () => answer(() => kept && { document: JSON.parse(kept.text), etag: kept.etag }),
    readPhoto: (sha256) => answer(() => photos.get(sha256)!),
    write: vi.fn((text, base) =>
      answer(() => {
        if (base !== (kept?.etag ?? null)) throw new Problem("draft-changed");
        kept = { text, etag: `"${(count += 1)}"` };
        return kept.etag;
      }),
    ),
    writePhoto: vi.fn(({ sha256, bytes }) => answer(() => void photos.set(sha256, bytes))),
    remove: () => answer(() => (photos.clear(), void (kept = null))),
  };
  return { drafts, away, photos, design: (): Design | null => kept && JSON.parse(kept.text) };
}

async function makeJpeg(): Promise<PhotoFile> {
  const canvas = new OffscreenCanvas(8, 6);
  canvas.getContext("2d")!.fillRect(0, 0, 4, 6);
  const plain = new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg" })).arrayBuffer());
  const place = new TextEncoder().encode("taken at 52.5 N 13.4 E");
  const comment = Uint8Array.of(0xff, 0xfe, 0, place.length + 2, ...place);
  const bytes = new Blob([plain.slice(0, 2), comment, plain.slice(2)]);
  return { sha256: await hashSha256(new Uint8Array(await bytes.arrayBuffer())), bytes };
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

describe("at the server", () => {
  const placement = { xMm: 1, yMm: 2, mmPerPx: 0.03, rotationDeg: 3, mirrored: true } as const;
  const overtaken = vi.fn();
  const openDevice = ({ drafts }: ReturnType<typeof makeServer>, device: DraftStore = createMemoryStore()) =>
    createSharedStore(device, drafts, overtaken);
  const cardOf = (photo: PhotoFile, ground: string): Draft => ({
    design: { ...designOf(makeOpenPhoto(photo), placement, product), ground },
    photo,
  });
  beforeEach(() => overtaken.mockReset());

  it("another device finds the card and its photo, without what the camera wrote beside it", async () => {
    const [server, photo] = [makeServer(), await makeJpeg()];
    const here = createMemoryStore();
    await openDevice(server, here).write(cardOf(photo, "#14274e"));
    await expect.poll(() => server.design()?.ground).toBe("#14274e");
    const found = await openDevice(server).read();
    const text = new TextDecoder().decode(await found!.photo.bytes.arrayBuffer());
    expect(text).not.toContain("taken at");
    expect(found!.design.elements[0]).toMatchObject({ sha256: found!.photo.sha256, placement });
    expect(await hashSha256(new Uint8Array(await found!.photo.bytes.arrayBuffer()))).toBe(found!.photo.sha256);
    // The device itself has no need to load it again, and keeps the photo as it is.
    await expect.poll(async () => (await here.read())?.sync?.isSent).toBe(true);
    expect((await openDevice(server, here).read())?.photo.sha256).toBe(photo.sha256);
  });

  it("a card that is only opened is not written again, and one that is changed there is found here", async () => {
    const [server, photo] = [makeServer(), await makeJpeg()];
    const here = createMemoryStore();
    await openDevice(server, here).write(cardOf(photo, "#111111"));
    await expect.poll(async () => (await here.read())?.sync?.isSent).toBe(true);
    const elsewhere = createMemoryStore();
    const other = openDevice(server, elsewhere);
    const found = (await other.read())!;
    await other.write(found);
    await expect.poll(async () => (await elsewhere.read())?.sync?.isSent).toBe(true);
    expect(server.drafts.write).toHaveBeenCalledOnce();
    await other.write({ ...found, design: { ...found.design, ground: "#222222" } });
    await expect.poll(() => server.design()?.ground).toBe("#222222");
    expect((await openDevice(server, here).read())?.design.ground).toBe("#222222");
  });

  it("of two devices that change it at once the later is told, once, and either card can be had", async () => {
    for (const choice of ["own", "other"] as const) {
      overtaken.mockReset();
      const [server, photo] = [makeServer(), await makeJpeg()];
      const [one, two] = [openDevice(server), openDevice(server)];
      await one.write(cardOf(photo, "#111111"));
      await expect.poll(() => server.design()?.ground).toBe("#111111");
      const found = (await two.read())!;
      await two.write({ ...found, design: { ...found.design, ground: "#222222" } });
      await expect.poll(() => server.design()?.ground).toBe("#222222");
      await one.write(cardOf(photo, "#333333"));
      await expect.poll(() => overtaken.mock.calls.length).toBe(1);
      await one.write(cardOf(photo, "#444444"));
      expect(server.design()?.ground).toBe("#222222");
      if (choice === "own") {
        await one.keepOwn();
        await expect.poll(() => server.design()?.ground).toBe("#444444");
      } else expect((await one.readOther())?.design.ground).toBe("#222222");
      expect(overtaken).toHaveBeenCalledOnce();
    }
  });

  it("without a connection nothing is said, the device has it, and it is sent when the connection is back", async () => {
    const [server, photo] = [makeServer(), await makeJpeg()];
    const here = createMemoryStore();
    const store = openDevice(server, here);
    server.away.isAway = true;
    await store.write(cardOf(photo, "#111111"));
    await expect.poll(() => vi.mocked(server.drafts.writePhoto).mock.calls.length).toBe(1);
    expect((await openDevice(server, here).read())?.design.ground).toBe("#111111");
    server.away.isAway = false;
    await expect
      .poll(() => {
        dispatchEvent(new Event("online"));
        return server.design()?.ground;
      })
      .toBe("#111111");
    expect(overtaken).not.toHaveBeenCalled();
  });

  it("a photo of which it cannot be told where it was taken stays on the device, and no older card stands in for it", async () => {
    const [server, photo] = [makeServer(), await makeJpeg()];
    const here = createMemoryStore();
    const store = openDevice(server, here);
    await store.write(cardOf(photo, "#111111"));
    await expect.poll(() => server.design()?.ground).toBe("#111111");
    const heic = { sha256: "e".repeat(64), bytes: new Blob(["\0\0\0\x18ftypheic", new Uint8Array(64)]) };
    await store.write(cardOf(heic, "#222222"));
    await expect.poll(server.design).toBeNull();
    expect(server.photos.size).toBe(0);
    expect((await openDevice(server, here).read())?.photo.sha256).toBe(heic.sha256);
  });

  it("what is deleted elsewhere is gone here", async () => {
    const [server, photo] = [makeServer(), await makeJpeg()];
    const here = createMemoryStore();
    await openDevice(server, here).write(cardOf(photo, "#111111"));
    await expect.poll(async () => (await here.read())?.sync?.isSent).toBe(true);
    await openDevice(server).remove();
    expect(await openDevice(server, here).read()).toBeNull();
    expect(await here.read()).toBeNull();
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
    const [design, state, store] = [createDesignStore(product), createFlowState(submission), createMemoryStore()];
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
