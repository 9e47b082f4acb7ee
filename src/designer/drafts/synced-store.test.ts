import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "#contracts/problem.ts";
import { makeBare } from "#image/bare-photo.ts";
import { hashSha256 } from "#image/checksums.ts";
import { NoAnswer } from "../api/request.ts";
import { createMemoryStore, notSynced } from "./draft-store.ts";
import { LaterVersion } from "./read-design.ts";
import { cardOf, heic, otherPhoto, photo, placement, rested } from "./testing/cards.ts";
import { useDevices } from "./testing/devices.ts";

const { overtaken, openPage, isSent, ground, goOnline, makeSynced, ...devices } = useDevices();
let server: ReturnType<typeof devices.server>;
beforeEach(() => {
  server = devices.server();
});

describe("a card on several devices", () => {
  it("is found with its photo, without what the camera wrote beside it", async () => {
    const { device } = await makeSynced();
    const found = await openPage().read();
    const text = new TextDecoder().decode(await found!.photo!.bytes.arrayBuffer());
    expect(text).not.toContain("taken at");
    expect(found!.design.elements[0]).toMatchObject({ sha256: found!.photo!.sha256, placement });
    expect(await hashSha256(new Uint8Array(await found!.photo!.bytes.arrayBuffer()))).toBe(found!.photo!.sha256);
    // The device itself has no need to load it again, and keeps the photo as it is.
    expect((await openPage(device).read())?.photo?.sha256).toBe(photo.sha256);
  });

  it("is not written again where it is only opened, nor is its photo sent again after a reload", async () => {
    const { device } = await makeSynced();
    const elsewhere = createMemoryStore();
    const other = openPage(elsewhere);
    const found = (await other.read())!;
    await other.write(found);
    await rested();
    expect(server.drafts.write).toHaveBeenCalledOnce();
    await other.write({ ...found, design: { ...found.design, ground: "#222222" } });
    await expect.poll(ground).toBe("#222222");
    expect((await openPage(device).read())?.design.ground).toBe("#222222");
    const reloaded = openPage(elsewhere);
    await reloaded.read();
    await reloaded.write({ ...found, design: { ...found.design, ground: "#333333" } });
    await expect.poll(ground).toBe("#333333");
    expect(server.drafts.writePhoto).toHaveBeenCalledOnce();
    expect(overtaken).not.toHaveBeenCalled();
  });

  it.each(["a device that has the card of before", "another device"])(
    "that a later version has changed is told where it cannot be read, and nothing is put in its place: %s",
    async (which) => {
      const { device } = await makeSynced();
      const later = { ...server.design()!, version: 3, engraving: "deep" };
      const kept = { document: JSON.stringify(later), submissionId: null };
      await server.drafts.write({ ...kept, expected: undefined as never }, AbortSignal.timeout(10_000));
      const store = openPage(which === "another device" ? createMemoryStore() : device);
      await expect(store.read()).rejects.toThrow(LaterVersion);
      await store.write(cardOf("#222222"));
      await expect.poll(() => store.isOvertaken()).toBe(true);
      expect(server.design()).toEqual(later);
      await expect(store.readOther()).rejects.toThrow(LaterVersion);
      expect(server.design()).toEqual(later);
    },
  );

  it("that a later version has left on this device is told, and a new card begins without it", async () => {
    const device = createMemoryStore();
    vi.spyOn(device, "read").mockRejectedValue(new LaterVersion());
    const store = openPage(device);
    await expect(store.read()).rejects.toThrow(LaterVersion);
    const fresh = openPage(device);
    await fresh.write(cardOf("#222222"));
    await expect.poll(ground).toBe("#222222");
  });

  it.each(["own", "other", "deleted meanwhile"])("of two that change it the later is told: %s", async (choice) => {
    const { device, store: one } = await makeSynced();
    const two = openPage();
    const found = (await two.read())!;
    await two.write({ ...found, design: { ...found.design, ground: "#222222" } });
    await expect.poll(ground).toBe("#222222");
    await one.write(cardOf("#333333"));
    await expect.poll(() => one.isOvertaken()).toBe(true);
    await one.write(cardOf("#444444"));
    expect(ground()).toBe("#222222");
    if (choice === "own") {
      one.keepOwn();
      await expect.poll(ground).toBe("#444444");
    } else if (choice === "other") {
      server.away.isAway = true;
      await expect(one.readOther()).rejects.toThrow(NoAnswer);
      expect(one.isOvertaken()).toBe(true);
      server.away.isAway = false;
      const other = (await one.readOther())!;
      // As long as it does not lie there, nothing is chosen.
      expect(one.isOvertaken()).toBe(true);
      one.takeOther(other);
      await one.write({ ...other, design: { ...other.design, ground: "#555555" } });
      await expect.poll(ground).toBe("#555555");
    } else {
      await two.deleteAll();
      expect(await one.readOther()).toBeNull();
      expect((await device.read())?.design.ground).toBe("#444444");
      await one.write(cardOf("#444444"));
      await rested();
      expect(ground()).toBeNull();
    }
    expect(one.isOvertaken()).toBe(false);
    expect(overtaken).toHaveBeenCalledOnce();
  });

  it("is nobody else's where an answer was lost, whether the page is reloaded or not", async () => {
    const { device, store } = await makeSynced();
    server.away.isDeaf = true;
    await store.write(cardOf("#222222"));
    await expect.poll(ground).toBe("#222222");
    await expect.poll(async () => (await device.read())?.sync.offered.length).toBe(1);
    server.away.isDeaf = false;
    const reloaded = openPage(device);
    await reloaded.write((await reloaded.read())!);
    await reloaded.write(cardOf("#333333"));
    await expect.poll(ground).toBe("#333333");
    expect(overtaken).not.toHaveBeenCalled();
  });

  it("takes the place of the one before, though that was never opened", async () => {
    const { device } = await makeSynced();
    const next = openPage(device);
    await next.write(cardOf("#222222"));
    await expect.poll(ground).toBe("#222222");
    expect(overtaken).not.toHaveBeenCalled();
  });

  it("that is changed while it is sent is kept as it was changed", async () => {
    const { device, store } = await makeSynced();
    const held = Promise.withResolvers<void>();
    server.setPause(() => held.promise);
    await store.write(cardOf("#222222"));
    const changing = store.write(cardOf("#333333"));
    held.resolve();
    server.setPause(async () => {});
    await changing;
    await expect.poll(ground).toBe("#333333");
    await expect.poll(() => isSent(device)).toBe(true);
    expect((await device.read())?.design.ground).toBe("#333333");
  });
});

describe("a card that cannot be sent now", () => {
  it("is on the device, and sent when the connection is back", async () => {
    const device = createMemoryStore();
    const store = openPage(device);
    server.away.isAway = true;
    await store.write(cardOf("#111111"));
    await expect.poll(() => server.drafts.writePhoto.mock.calls.length).toBe(1);
    expect((await openPage(device).read())?.design.ground).toBe("#111111");
    server.away.isAway = false;
    goOnline();
    await expect.poll(ground).toBe("#111111");
    expect(overtaken).not.toHaveBeenCalled();
  });

  it("is sent anew when the connection is back, though what was under way hangs", async () => {
    const store = openPage();
    server.setPause(() => new Promise(() => {}));
    await store.write(cardOf("#111111"));
    await expect.poll(() => server.drafts.writePhoto.mock.calls.length).toBe(1);
    server.setPause(async () => {});
    goOnline();
    await expect.poll(ground).toBe("#111111");
  });

  it("has its photo tried once a minute, not with every edit", async () => {
    const store = openPage();
    server.drafts.writePhoto.mockRejectedValueOnce(new Problem("overloaded"));
    await store.write(cardOf("#111111"));
    await store.write(cardOf("#222222"));
    await expect.poll(() => server.drafts.writePhoto.mock.calls.length).toBe(1);
    await store.write(cardOf("#333333"));
    await rested();
    expect(server.drafts.writePhoto).toHaveBeenCalledOnce();
    const now = Date.now();
    vi.spyOn(Date, "now").mockReturnValue(now + 60_000);
    await store.write(cardOf("#444444"));
    await expect.poll(ground).toBe("#444444");
  });

  it("waits while the cardholder sends the card, and is then sent as what that was made of", async () => {
    const { device, store } = await makeSynced();
    store.yieldLine(true);
    await store.write(cardOf("#222222", otherPhoto));
    store.noteSubmission("sub-1");
    await rested();
    expect(server.drafts.writePhoto).toHaveBeenCalledOnce();
    store.yieldLine(false);
    await expect.poll(ground).toBe("#222222");
    await expect.poll(() => isSent(device)).toBe(true);
    expect(server.drafts.write.mock.lastCall?.[0].submissionId).toBe("sub-1");
    // It was not taken.
    store.noteSubmission(null);
    await store.write(cardOf("#333333", otherPhoto));
    await expect.poll(ground).toBe("#333333");
    expect(server.drafts.write.mock.lastCall?.[0].submissionId).toBeNull();
    expect(server.drafts.writePhoto).toHaveBeenCalledTimes(2);
  });

  it("is sent when the device is next opened, though its card was sent and not taken meanwhile", async () => {
    const device = createMemoryStore();
    const store = openPage(device);
    server.away.isAway = true;
    await store.write(cardOf("#111111"));
    store.noteSubmission("sub-1");
    await expect.poll(() => server.drafts.writePhoto.mock.calls.length).toBe(1);
    server.away.isAway = false;
    server.states.set("sub-1", "rejected");
    expect((await openPage(device).read())?.design.ground).toBe("#111111");
    await expect.poll(ground).toBe("#111111");
    expect((await device.read())?.sync.submissionId).toBeNull();
  });

  it("is tried again after a minute, then ever more rarely, and not for ever", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    const store = openPage();
    server.away.isAway = true;
    const tries = (): number => server.drafts.writePhoto.mock.calls.length;
    await store.write(cardOf("#111111"));
    await expect.poll(tries).toBe(1);
    for (const [minutes, expected] of [
      [1, 2],
      [1, 2],
      [1, 3],
      [200, 13],
    ] as const) {
      for (let past = 0; past < minutes; past += 1) {
        await vi.advanceTimersByTimeAsync(60_000);
        await rested();
      }
      expect(tries()).toBe(expected);
    }
    vi.useRealTimers();
    server.away.isAway = false;
    goOnline();
    await expect.poll(ground).toBe("#111111");
  });

  it("is not said to be none where the server cannot be asked and the device has nothing", async () => {
    await makeSynced();
    server.away.isAway = true;
    await expect(openPage().read()).rejects.toThrow(NoAnswer);
    const hurried = new AbortController();
    server.away.isAway = false;
    server.setPause(() => new Promise(() => {}));
    const reading = openPage().read(hurried.signal);
    hurried.abort(new NoAnswer());
    await expect(reading).rejects.toThrow(NoAnswer);
  });

  it("whose photo was sent, and lost there before it was named, is sent with it again", async () => {
    const device = createMemoryStore();
    const store = openPage(device);
    server.drafts.write.mockRejectedValueOnce(new NoAnswer());
    await store.write(cardOf("#111111"));
    await expect.poll(async () => (await device.read())?.sync.photoSha256).not.toBeNull();
    await device.note({ ...notSynced, photoSha256: (await device.read())!.sync.photoSha256 });
    server.photos.clear();
    const next = openPage(device);
    await next.write((await next.read())!);
    await expect.poll(ground).toBe("#111111");
  });

  it("has its photo sent again where the server has lost that, once", async () => {
    const { store } = await makeSynced();
    server.photos.clear();
    await store.write(cardOf("#222222"));
    await expect.poll(ground).toBe("#222222");
    expect(server.drafts.writePhoto).toHaveBeenCalledTimes(2);
  });
});

describe("a card that is never to leave the device", () => {
  it.each([
    ["as of its photo it cannot be told where it was taken", heic, "photo-refused"],
    ["as its photo is refused", otherPhoto, "photo-refused"],
    ["as there are too many", otherPhoto, "beyond-limit"],
  ] as const)(
    "is there alone, %s: no older card stands in for it, nor is a newer one deleted",
    async (_why, of, code) => {
      const { device, store } = await makeSynced();
      const bare = await makeBare(of.bytes);
      const { writePhoto } = server.drafts;
      const usual = writePhoto.getMockImplementation()!;
      writePhoto.mockImplementation((sent, signal) =>
        sent.sha256 === bare?.sha256 ? Promise.reject(new Problem(code)) : usual(sent, signal),
      );
      await store.write(cardOf("#222222", of));
      await expect.poll(server.design).toBeNull();
      await expect.poll(async () => (await device.read())?.sync).toMatchObject({ base: null, state: "here" });

      await openPage().write(cardOf("#333333"));
      await expect.poll(ground).toBe("#333333");
      const reloaded = openPage(device);
      await reloaded.write((await reloaded.read())!);
      await reloaded.write(cardOf("#444444", of));
      await expect.poll(async () => (await device.read())?.sync.state).toBe("here");
      expect(ground()).toBe("#333333");
    },
  );

  it("leaves alone what another device has made of the card before it", async () => {
    const { device, store } = await makeSynced();
    const other = openPage();
    const found = (await other.read())!;
    await other.write({ ...found, design: { ...found.design, ground: "#222222" } });
    await expect.poll(ground).toBe("#222222");
    await store.write(cardOf("#333333", heic));
    await expect.poll(async () => (await device.read())?.sync.state).toBe("here");
    expect(ground()).toBe("#222222");
  });
});
