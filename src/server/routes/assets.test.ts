import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { products } from "#card/products.ts";
import { mostAssets } from "../drafts/assets.ts";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { draftOf, leaveDraft, makePhoto, putDraft, putPhoto } from "../testing/drafts.ts";
import { codeOf, enterSession, type Frame } from "../testing/issuer.ts";
import { makePicture, sha256Of } from "../testing/picture.ts";
import { openConnection } from "../testing/wire.ts";
import { writeSha256 } from "../upload/digest.ts";

const photo = makePhoto();
let server: TestApp;
let url: string;
let frame: Frame;
beforeEach(async () => {
  server = await openTestApp();
  url = await server.app.listen({ port: 0, host: "127.0.0.1" });
  frame = await enterSession(url);
});
afterEach(() => server.close());

async function listFiles(): Promise<string[]> {
  const folder = path.join(server.parts.config.dataFolder, "pictures");
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  return all.filter((one) => one.isFile()).map(({ name, parentPath }) => path.join(parentPath, name));
}

describe("a photo", () => {
  test("comes back as it was stored, as what it is, whatever it was called; again is no other", async () => {
    const wanted = { sha256: sha256Of(photo), bytes: photo.length, mediaType: "image/png" };
    for (const status of [201, 200]) {
      const stored = await frame.ask(`PUT assets/${wanted.sha256}`, { "content-type": "image/jpeg" }, photo);
      expect([stored.status, await stored.json()]).toEqual([status, wanted]);
    }
    const found = await frame.ask(`GET assets/${wanted.sha256}`);
    expect([found.headers.get("content-type"), found.headers.get("content-length")]).toEqual([
      "image/png",
      String(photo.length),
    ]);
    expect(Buffer.from(await found.arrayBuffer()).equals(photo)).toBe(true);
    const head = await frame.ask(`HEAD assets/${wanted.sha256}`);
    expect([head.status, head.headers.get("content-length")]).toEqual([200, String(photo.length)]);
    expect(await listFiles()).toHaveLength(1);
  });

  test("of many pieces lies sealed, and no piece of it can be left out or read without its key", async () => {
    const noise = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7919) >>> 3));
    const large = Buffer.concat([photo.subarray(0, -12), makeChunk("IDAT", noise), photo.subarray(-12)]);
    expect((await putPhoto(frame, large)).status).toBe(201);
    const [file = ""] = await listFiles();
    const sealed = await readFile(file);
    expect(sealed.includes(noise.subarray(1_000, 1_016))).toBe(false);
    expect(sealed.length - large.length).toBe(16 * Math.ceil(large.length / 65_536));
    const found = await frame.ask(`GET assets/${sha256Of(large)}`);
    expect(Buffer.from(await found.arrayBuffer()).equals(large)).toBe(true);
  });

  test("whose file is lost is not there, and can be stored again", async () => {
    await leaveDraft(frame, photo);
    const { file } = await server.parts.store.selectFrom("assets").select("file").executeTakeFirstOrThrow();
    await server.parts.blobs.remove(file);
    expect((await frame.ask(`HEAD assets/${sha256Of(photo)}`)).status).toBe(404);
    expect((await putPhoto(frame, photo)).status).toBe(201);
    expect((await frame.ask(`HEAD assets/${sha256Of(photo)}`)).status).toBe(200);
    const row = await server.parts.store.selectFrom("assets").select("unused_since").executeTakeFirstOrThrow();
    expect(row.unused_since).toBeNull();
  });

  test("whose file is lost keeps no card from being sent: its picture has all that is printed", async () => {
    await leaveDraft(frame, photo);
    const { file } = await server.parts.store.selectFrom("assets").select("file").executeTakeFirstOrThrow();
    await server.parts.blobs.remove(file);
    const gone = await frame.ask(`GET assets/${sha256Of(photo)}`);
    expect(await gone.json()).toMatchObject({ status: 404, detail: "There is no such photo of this card." });
    expect((await frame.send(makePicture(), await frame.putDesign())).status).toBe(202);
  });
});

function makeChunk(type: string, data: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
}

const withPlace = async () => {
  const image = sharp({ create: { width: 40, height: 30, channels: 3, background: "#888888" } });
  return image
    .withExifMerge({ IFD3: { GPSLatitudeRef: "N", GPSLatitude: "52/1 31/1 12/1" } })
    .jpeg()
    .toBuffer();
};
const tiff = () =>
  sharp({ create: { width: 40, height: 30, channels: 3, background: "#888888" } })
    .tiff()
    .toBuffer();

test("what is not a bare photo is refused by name, and nothing of it is kept", async () => {
  const text = Buffer.from("no photo at all, but as long as the beginning of one");
  const film = Buffer.concat([photo, Buffer.from("ftypmp42")]);
  const huge = Buffer.from(photo);
  huge.writeUInt32BE(2 ** 30, 16);
  const cases: readonly (readonly [Uint8Array, string, RegExp])[] = [
    [await withPlace(), "422 photo-not-bare", /has Exif/],
    [film, "422 photo-not-bare", /has bytes behind it/],
    [await tiff(), "422 photo-refused", /It is TIFF/],
    [text, "422 photo-refused", /It is no photo/],
    [photo.subarray(0, 40), "422 photo-refused", /PNG that is damaged/],
    [huge, "422 photo-refused", /pixels/],
    [Buffer.alloc(0), "422 photo-refused", /no photo/],
  ];
  for (const [bytes, code, why] of cases) {
    const answer = await putPhoto(frame, bytes);
    expect(((await answer.clone().json()) as { detail: string }).detail).toMatch(why);
    expect(await codeOf(answer)).toBe(code);
  }
  const other = sha256Of("another");
  expect(await codeOf(await putPhoto(frame, photo, other))).toBe("422 digest-mismatch");
  const digest = { "content-type": "image/png", "content-digest": writeSha256(other) };
  expect(await codeOf(await frame.ask(`PUT assets/${sha256Of(photo)}`, digest, photo))).toBe("422 digest-mismatch");
  expect(await codeOf(await putPhoto(frame, photo, "A".repeat(64)))).toBe("400 bad-request");
  const svg = frame.ask(`PUT assets/${other}`, { "content-type": "image/svg+xml" }, "<svg/>");
  expect(await codeOf(await svg)).toBe("415 unsupported-media-type");
  const tooLarge = Buffer.concat([photo, Buffer.alloc(products[0].maxPhotoBytes)]);
  expect(await codeOf(await putPhoto(frame, tooLarge))).toBe("413 body-too-large");
  expect(await listFiles()).toEqual([]);
  expect(server.logged.join()).not.toContain(other);
});

test("an upload that breaks off leaves nothing, and its session can send again", async () => {
  const target = `/v1/sessions/${frame.sessionId}/assets/${sha256Of(photo)}`;
  const { authorization, dpop } = frame.show("PUT", target);
  const head = `PUT ${target} HTTP/1.1\r\nhost: x\r\ncontent-type: image/png\r\nauthorization: ${authorization}\r\ndpop: ${dpop}\r\ncontent-length: ${photo.length}\r\n\r\n`;
  const connection = await openConnection(url, head, photo.subarray(0, 500));
  await expect.poll(listFiles).toHaveLength(1);
  expect(await codeOf(await putPhoto(frame, photo))).toBe("409 submission-in-flight");
  connection.destroy();
  await expect.poll(async () => (await putPhoto(frame, photo)).status).toBe(201);
  await expect.poll(listFiles).toHaveLength(1);
});

test("of one cardholder only so many are kept: the oldest that no draft names make room, and one in use never does", async () => {
  await leaveDraft(frame, photo);
  for (let mark = 2; mark < mostAssets.count + 4; mark += 1) {
    server.advance(1_000);
    expect((await putPhoto(frame, makePhoto(mark))).status).toBe(201);
  }
  const stored = async (mark: number) => (await frame.ask(`HEAD assets/${sha256Of(makePhoto(mark))}`)).status;
  expect([await stored(1), await stored(2), await stored(4), await stored(5), await stored(15)]).toEqual([
    200, 404, 404, 200, 200,
  ]);
  expect(await listFiles()).toHaveLength(mostAssets.count);
  await server.parts.store.updateTable("assets").set({ bytes: mostAssets.bytes, unused_since: null }).execute();
  expect(await codeOf(await putPhoto(frame, makePhoto(99)))).toBe("409 beyond-limit");
  expect(await listFiles()).toHaveLength(mostAssets.count);
  expect((await putDraft(frame, draftOf(makePhoto(15)), "none")).status).toBe(412);
});
