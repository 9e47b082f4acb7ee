import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "#contracts/problem.ts";
import { makeBare } from "#image/bare-photo.ts";
import { createMemoryStore } from "./draft-store.ts";
import { createSyncedStore } from "./synced-store.ts";
import { cardOf, heic, otherPhoto, photo, rested } from "./testing/cards.ts";
import { useDevices } from "./testing/devices.ts";

const { openPage, isSent, ground, goOnline, makeSynced, ...devices } = useDevices();
let server: ReturnType<typeof devices.server>;
beforeEach(() => {
  server = devices.server();
});

describe("of a card that was sent", () => {
  it("the approval takes its draft from the device, in this page or a later one, and never the next card", async () => {
    for (const of of [photo, heic]) {
      const device = createMemoryStore();
      const store = openPage(device);
      await store.write(cardOf("#111111", of));
      store.noteSubmission("sub-1");
      await expect.poll(async () => (await device.read())?.sync).toMatchObject({ submissionId: "sub-1" });
      await expect.poll(async () => (await device.read())?.sync.state).toBe(of === heic ? "here" : "sent");
      server.states.set("sub-1", "in-review");
      expect((await openPage(device).read())?.design.ground).toBe("#111111");
      server.states.set("sub-1", "approved");
      server.forget();
      expect(await openPage(device).read()).toBeNull();
      expect(await device.read()).toBeNull();

      await store.removeSubmitted("sub-1");
      await openPage(device).write(cardOf("#222222"));
      await expect.poll(ground).toBe("#222222");
      await store.removeSubmitted("sub-1");
      expect(ground()).toBe("#222222");
      expect((await device.read())?.design.ground).toBe("#222222");
      expect(server.drafts.remove).not.toHaveBeenCalled();
      server.forget();
    }
  });
});

it("of a photo is known after which rejection it was chosen, also once the design is changed and sent, and of the next after which that was", async () => {
  const device = createMemoryStore();
  const chosenAfter = async () => (await openPage(device).read())?.sync?.photoChosenAfter;
  const store = openPage(device);
  await store.write(cardOf("#000000"));
  expect(await chosenAfter()).toBeUndefined();
  await store.write(cardOf("#111111"), "sub-1");
  expect(await chosenAfter(), "the same photo as before").toBeUndefined();
  await store.write(cardOf("#111111", otherPhoto), "sub-1");
  expect(await chosenAfter()).toBe("sub-1");
  store.noteSubmission("sub-2");
  await expect.poll(async () => (await device.read())?.sync.submissionId).toBe("sub-2");
  expect(await chosenAfter()).toBe("sub-1");
  store.noteSubmission(null);
  await store.write(cardOf("#222222", otherPhoto), "sub-2");
  expect(await chosenAfter()).toBe("sub-1");
  await expect.poll(() => isSent(device)).toBe(true);
  // Elsewhere it is another file, of which nothing is known.
  expect((await openPage().read())?.sync?.photoChosenAfter).toBeUndefined();
  const later = openPage(device);
  await later.read();
  await later.write(cardOf("#333333", otherPhoto), "sub-2");
  expect(await chosenAfter()).toBe("sub-1");
  await later.write(cardOf("#333333"), "sub-2");
  expect(await chosenAfter()).toBe("sub-2");
});

it("what is being looked for is taken for kept, until it is known that there is nothing", async () => {
  await makeSynced();
  const store = openPage();
  expect(store.isSafe()).toBe(false);
  server.away.isAway = true;
  await expect(store.read()).rejects.toThrow();
  expect(store.isSafe()).toBe(true);
  server.away.isAway = false;
  const answer = Promise.withResolvers<void>();
  server.setPause(() => answer.promise);
  const reading = store.read();
  expect(store.isSafe()).toBe(true);
  server.forget();
  answer.resolve();
  expect(await reading).toBeNull();
  expect(store.isSafe()).toBe(false);
});

it("what could not be looked for is not taken for kept where nothing says that it is there", async () => {
  server.away.isAway = true;
  const store = openPage(createMemoryStore(), false);
  const reading = store.read();
  expect(store.isSafe()).toBe(true);
  await expect(reading).rejects.toThrow();
  expect(store.isSafe()).toBe(false);
});

describe("everything", () => {
  it("is deleted here and there, with what is on its way and what comes meanwhile", async () => {
    const { device, store } = await makeSynced();
    const [sending, deleting] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    server.setPause(() => sending.promise);
    await store.write(cardOf("#222222"));
    await expect.poll(() => server.drafts.write.mock.calls.length).toBe(2);
    server.setPause(() => deleting.promise);
    const deleted = store.deleteAll();
    // What is on its way is not waited for.
    await expect.poll(() => server.drafts.remove.mock.calls.length).toBe(1);
    await expect.poll(() => device.read()).toBeNull();
    expect(store.isKept()).toBe(true);
    goOnline();
    deleting.resolve();
    expect(await deleted).toEqual({ onDevice: false, atServer: false });
    // It may arrive all the same.
    sending.resolve();
    goOnline();
    await rested();
    expect([await device.read(), server.design(), server.photos.size]).toEqual([null, null, 0]);
    expect(store.isKept()).toBe(false);
  });

  it.each(["another photo", "the other card"])(
    "is deleted, and %s that is placed meanwhile is not lost with it",
    async (what) => {
      const { device, store } = await makeSynced();
      const deleting = Promise.withResolvers<void>();
      const reading = Promise.withResolvers<void>();
      server.setPause(() => reading.promise);
      const other = store.readOther();
      server.setPause(() => deleting.promise);
      const deleted = store.deleteAll();
      reading.resolve();
      await rested();
      const next = what === "another photo" ? store.write(cardOf("#333333", otherPhoto)) : undefined;
      deleting.resolve();
      // It is being deleted.
      expect(await other).toBeNull();
      expect(await deleted).toEqual({ onDevice: false, atServer: false });
      await next;
      if (next === undefined) return expect([await device.read(), server.design()]).toEqual([null, null]);
      await expect.poll(ground).toBe("#333333");
      expect([(await device.read())?.design.ground, server.photos.size]).toEqual(["#333333", 1]);
    },
  );

  it("is deleted on the device where the server cannot be asked, and does not come back there by itself", async () => {
    const { device, store } = await makeSynced();
    server.away.isAway = true;
    await store.write(cardOf("#222222"));
    expect(await store.deleteAll()).toEqual({ onDevice: false, atServer: true });
    expect([await device.read(), store.isKept()]).toEqual([null, true]);
    server.away.isAway = false;
    goOnline();
    await rested();
    expect(ground()).toBe("#111111");
    expect(await store.deleteAll()).toEqual({ onDevice: false, atServer: false });
    expect([server.design(), store.isKept()]).toEqual([null, false]);
  });

  it("is deleted elsewhere: another photo is another card", async () => {
    const { store } = await makeSynced();
    await openPage().deleteAll();
    await store.write(cardOf("#222222", otherPhoto));
    await expect.poll(ground).toBe("#222222");
  });

  it("is deleted elsewhere while it is sent: the card that has taken its place here is sent", async () => {
    const { device, store } = await makeSynced();
    const other = openPage();
    await other.read();
    await other.deleteAll();
    const held = Promise.withResolvers<void>();
    server.setPause(() => held.promise);
    await store.write(cardOf("#222222"));
    await expect.poll(() => server.drafts.write.mock.calls.length).toBe(2);
    await store.write(cardOf("#333333", otherPhoto));
    server.setPause(async () => {});
    held.resolve();
    await expect.poll(ground).toBe("#333333");
    await expect.poll(() => isSent(device)).toBe(true);
  });

  it("is deleted elsewhere, too: what lies here does not bring it back until it is changed", async () => {
    const { device } = await makeSynced();
    await openPage().deleteAll();
    expect(await openPage(device).read()).toBeNull();
    expect(await device.read()).toBeNull();

    const again = await makeSynced("#222222");
    await openPage().deleteAll();
    await again.store.write(cardOf("#333333"));
    await expect.poll(async () => (await again.device.read())?.sync.state).toBe("here");
    const reloaded = openPage(again.device);
    await reloaded.write((await reloaded.read())!);
    goOnline();
    await rested();
    expect(ground()).toBeNull();
    await reloaded.write(cardOf("#444444"));
    await expect.poll(ground).toBe("#444444");
  });
});

describe("a later visit finds what lies here", () => {
  it("where the device keeps nothing once the server has it, and is not said to where that fails", async () => {
    const store = openPage();
    const held = Promise.withResolvers<void>();
    server.setPause(() => held.promise);
    await store.write(cardOf("#111111"));
    let isDone = false;
    const safe = store.makeSafe().then(() => (isDone = true));
    await rested();
    expect([isDone, store.isSafe()]).toEqual([false, false]);
    held.resolve();
    await safe;
    expect([ground(), store.isSafe()]).toEqual(["#111111", true]);

    server.away.isAway = true;
    await store.write(cardOf("#222222"));
    await rested();
    await store.makeSafe();
    expect(store.isSafe()).toBe(false);
    server.away.isAway = false;
    // It is tried once more, at once.
    await store.makeSafe();
    expect([ground(), store.isSafe()]).toEqual(["#222222", true]);

    await store.deleteAll();
    expect(store.isSafe()).toBe(false);
  });

  it.each(["not-offered", "template-broken"] as const)(
    "not where the server does not take what is on it (%s), which is told and not tried again until it is changed",
    async (code) => {
      const onNotOffered = vi.fn();
      const store = createSyncedStore({
        device: createMemoryStore(),
        server: server.drafts,
        makeBare,
        hasDraft: false,
        onOvertaken: () => {},
        onNotOffered,
      });
      await store.write(cardOf("#111111"));
      await expect.poll(ground).toBe("#111111");
      server.drafts.write.mockRejectedValueOnce(new Problem(code));
      await store.write(cardOf("#222222"));
      await expect.poll(() => onNotOffered.mock.calls.length).toBe(1);
      goOnline();
      await rested();
      expect([ground(), store.isSafe()]).toEqual(["#111111", false]);
      await store.write(cardOf("#333333"));
      await expect.poll(ground).toBe("#333333");
      expect([onNotOffered.mock.calls.length, store.isSafe(), store.isOvertaken()]).toEqual([1, true, false]);
    },
  );

  it("where the device has it, whatever the server says", async () => {
    server.away.isAway = true;
    const store = openPage({ ...createMemoryStore(), has: () => true });
    await store.write(cardOf("#111111"));
    await store.makeSafe();
    expect(store.isSafe()).toBe(true);
  });
});
