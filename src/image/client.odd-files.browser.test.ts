import { afterAll, describe, expect, test } from "vitest";
import { commands } from "vitest/browser";
import { coverPlacement } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { createImageClient } from "./client.ts";
import { drawOn, quarters } from "./testing/made-files.ts";
import { designOf } from "./testing/open-photo.ts";

const [product] = products;
const client = createImageClient();
afterAll(() => client.close());

function fromBase64(text: string): Blob {
  return new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))]);
}

/** Digests of what is on the screen and of what is printed. */
async function show(file: Blob): Promise<{ readonly screen: string; readonly print: string }> {
  const photo = await client.openPhoto(file, product);
  const { width, height } = photo.preview;
  const context = drawOn(width, height, (surface) => surface.drawImage(photo.preview, 0, 0));
  const digest = await crypto.subtle.digest("SHA-256", context.getImageData(0, 0, width, height).data);
  const design = designOf(photo, coverPlacement(photo, product), product);
  const { sha256 } = await client.renderPicture(design, [photo], product);
  photo.close();
  return { screen: new Uint8Array(digest).toString(), print: sha256 };
}

describe("opens and prints as the good file does", () => {
  /** Many odd files have been made of the same good one. */
  const shown = new Map<string, ReturnType<typeof show>>();
  test.each([
    "a JPEG without its end",
    "a progressive JPEG without its end",
    "a JPEG with a stray marker before its end",
    "a progressive JPEG with a stray marker before its end",
    "a JPEG with application data shorter than they say",
    "a JPEG with restarts that all have the same number",
    "a PNG with a wrong sum in a text",
    "a PNG with a wrong sum in its pixels",
    "a PNG with a text among its pixels",
    "a PNG without its end",
    "a PNG with a wrong Adler sum",
    "a PNG without an Adler sum",
    "a PNG with a smaller window than it uses",
    "a PNG with a wrong zlib header",
    "a lossy WebP that says it is longer",
    "a WebP with data with bytes that it counts behind its end",
    "an AVIF with three bytes behind its boxes",
    "an AVIF whose data are longer by their own words",
    "a bitmap that does not say where its pixels are",
    "a bitmap without the byte that fills up its last row",
    "a GIF without the end of its picture",
  ])("%s", async (name) => {
    const { odd, good } = await commands.makeOddFile(name);
    const expected = shown.get(good) ?? show(fromBase64(good));
    shown.set(good, expected);
    expect(await show(fromBase64(odd))).toEqual(await expected);
  });
});

test("a JPEG without Huffman tables of its own, as films are made of, opens", async () => {
  const bytes = new Uint8Array(await (await quarters(640, 480, "image/jpeg")).arrayBuffer());
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 2, from = 0; at < bytes.length; ) {
    const end = at + 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
    if (bytes[at + 1] === 0xc4) {
      pieces.push(bytes.slice(from, at));
      from = end;
    }
    if (bytes[at + 1] === 0xda) {
      pieces.push(bytes.slice(from));
      break;
    }
    at = end;
  }
  expect((await client.openPhoto(new Blob(pieces), product)).widthPx).toBe(640);
});

describe("several files at once", () => {
  const draw = async (type: string, [widthPx, heightPx]: readonly [number, number] = [1200, 900]): Promise<Blob> =>
    quarters(widthPx, heightPx, type);
  const other = async (): Promise<Blob> => {
    const { canvas } = drawOn(1200, 900, (context) => context.fillRect(0, 0, 600, 900));
    return canvas.convertToBlob({ type: "image/jpeg" });
  };
  const page = new Blob(["<!doctype html><img src=cat.jpg>"], { type: "text/html" });
  const digestOf = async (file: Blob): Promise<string> => {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const opened = async (...files: Blob[]): Promise<number> => {
    const photo = await client.openPhoto(files, product);
    photo.close();
    const digests = await Promise.all(files.map(digestOf));
    return digests.indexOf(photo.sha256);
  };

  test("that are one picture are opened in its better encoding, whichever comes first", async () => {
    const [jpeg, png, webp] = await Promise.all(["image/jpeg", "image/png", "image/webp"].map((type) => draw(type)));
    expect(await opened(jpeg!, png!)).toBe(1);
    expect(await opened(png!, jpeg!)).toBe(0);
    expect(await opened(jpeg!, webp!, png!)).toBe(2);
  });

  test("that are one picture in two sizes are opened in the larger one", async () => {
    expect(await opened(await draw("image/png", [640, 480]), await draw("image/jpeg"))).toBe(1);
  });

  test("of which one is a photo are that photo", async () => {
    const photo = await draw("image/jpeg");
    const icon = await draw("image/png", [64, 64]);
    const film = new Blob([Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3)]);
    expect(await opened(page, photo)).toBe(1);
    expect(await opened(photo, icon)).toBe(0);
    expect(await opened(icon, photo, film)).toBe(1);
    expect(await opened(new Blob(["\0\0\0\x18ftypheic\0\0\0\0mif1heic"]), photo)).toBe(1);
  });

  test("that are several photos are not chosen from", async () => {
    const photo = await draw("image/jpeg");
    const twoFiles = { code: "two-files" };
    await expect(opened(photo, await other())).rejects.toMatchObject(twoFiles);
    await expect(opened(photo, await draw("image/jpeg", [900, 1200]))).rejects.toMatchObject(twoFiles);
    await expect(opened(...Array.from({ length: 7 }, () => photo))).rejects.toMatchObject(twoFiles);
  });

  test("of which none can be opened are named for the one that is most likely meant", async () => {
    const jpeg2000 = new Blob([Uint8Array.of(0xff, 0x4f, 0xff, 0x51, 0, 47)]);
    const film = new Blob([Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3)]);
    await expect(opened(film, jpeg2000)).rejects.toMatchObject({ code: "jpeg-2000-image" });
    await expect(opened(page, film)).rejects.toMatchObject({ code: "video-file" });
    await expect(opened(page, page)).rejects.toMatchObject({ code: "two-files" });
  });
});
