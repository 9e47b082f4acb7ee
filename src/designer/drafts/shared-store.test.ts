import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { products } from "#card/products.ts";
import { hashSha256 } from "#image/checksums.ts";
import type { PhotoFile } from "#image/client.ts";
import { designOf, makeOpenPhoto } from "#image/testing/open-photo.ts";
import { createMemoryStore, type Draft, type DraftStore } from "./draft-store.ts";
import { createSharedStore } from "./shared-store.ts";
import { makeServer } from "./testing/draft-server.ts";

const [product] = products;

async function makeJpeg(): Promise<PhotoFile> {
  const picture = sharp({ create: { width: 8, height: 6, channels: 3, background: "teal" } });
  const plain = new Uint8Array(await picture.jpeg().toBuffer());
  const place = new TextEncoder().encode("taken at 52.5 N 13.4 E");
  const comment = Uint8Array.of(0xff, 0xfe, 0, place.length + 2, ...place);
  const bytes = new Blob([plain.slice(0, 2), comment, plain.slice(2)]);
  return { sha256: await hashSha256(new Uint8Array(await bytes.arrayBuffer())), bytes };
}

describe("at the server", () => {
  const placement = { xMm: 1, yMm: 2, mmPerPx: 0.03, rotationDeg: 3, mirrored: true } as const;
  const overtaken = vi.fn();
  const openDevice = ({ drafts }: ReturnType<typeof makeServer>, device: DraftStore = createMemoryStore()) =>
    createSharedStore(device, drafts, overtaken);
  const cardOf = (photo: PhotoFile, ground: string): Draft => ({
    design: { ...designOf(makeOpenPhoto(photo), placement, product), ground },
    photo,
  });
  let page: EventTarget;
  beforeEach(() => {
    overtaken.mockReset();
    page = new EventTarget();
    vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  });
  afterEach(() => void vi.unstubAllGlobals());

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
        page.dispatchEvent(new Event("online"));
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

  it("nothing is sent while the cardholder sends the card, and what was left is sent then", async () => {
    const [server, photo] = [makeServer(), await makeJpeg()];
    const store = openDevice(server);
    store.yieldLine(true);
    await store.write(cardOf(photo, "#111111"));
    await store.write(cardOf(photo, "#222222"));
    expect(server.drafts.writePhoto).not.toHaveBeenCalled();
    store.yieldLine(false);
    await expect.poll(() => server.design()?.ground).toBe("#222222");
    expect(server.drafts.write).toHaveBeenCalledOnce();
  });

  it("everything is deleted here and there, or nothing where the server cannot be asked", async () => {
    const [server, photo] = [makeServer(), await makeJpeg()];
    const here = createMemoryStore();
    const store = openDevice(server, here);
    await store.write(cardOf(photo, "#111111"));
    await expect.poll(() => server.design()?.ground).toBe("#111111");
    server.away.isAway = true;
    expect(await store.deleteAll()).toBe(false);
    expect(await here.read()).not.toBeNull();
    server.away.isAway = false;
    // What is on its way is deleted too.
    await store.write(cardOf(photo, "#222222"));
    expect(await store.deleteAll()).toBe(true);
    expect([await here.read(), server.design(), server.photos.size]).toEqual([null, null, 0]);
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
