// How near the pictures that our designer sends are to the reference.
import { createHash } from "node:crypto";
import { findProduct, type Product } from "#card/products.ts";
import { BankPage } from "../../e2e/support/bank-page.ts";
import { withBrowser } from "./browser.ts";
import { type Charts, meanLight } from "./photos.ts";
import { aliasOf, decodeFile, type Place, psnr, renderReference } from "./reference.ts";
import type { OwnSubject } from "./subjects.ts";

interface Adjustment {
  readonly turnDeg?: number;
  readonly mirrored?: boolean;
}

interface Sent {
  readonly pixels: Uint8Array;
  readonly place: Place;
}

const product: Product | undefined = findProduct("photo-landscape");

/** Some room on every side, so that no filter reaches beyond the photo. */
const zoomPercent = 103;

/** Makes a card of the photo in the designer and sends it: the picture that was sent, and the placement that the server keeps of it. */
function sendCard(ours: OwnSubject, file: string, { turnDeg = 0, mirrored = false }: Adjustment): Promise<Sent> {
  return withBrowser(async ({ page }) => {
    const bank = new BankPage(page, ours.demo);
    const cropper = await ours.open(page);
    await cropper.handOver(file);
    await cropper.find();
    await bank.adjust({ Zoom: zoomPercent, Turn: turnDeg });
    if (mirrored) await bank.pressButton(bank.designer.getByRole("button", { name: "Mirror" }).last());
    await bank.preview();
    const base64 = await cropper.frame.evaluate(async () => {
      const { benchPng } = globalThis as unknown as { benchPng: Blob };
      const bytes = new Uint8Array(await benchPng.arrayBuffer());
      return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ""));
    });
    const png = Buffer.from(base64, "base64");
    const { photo, sha256 } = await bank.send();
    if (createHash("sha256").update(png).digest("hex") !== sha256) throw new Error("Another picture was sent.");
    return { pixels: (await decodeFile(png)).data, place: photo.placement };
  });
}

/** PSNR in dB, alias in parts of the range, the checkerboard's mean luminance. */
export interface Fidelity {
  readonly lossless: Readonly<Record<"photo" | "largePhoto" | "noise" | "zonePlate", number>>;
  readonly jpeg12: number;
  readonly jpeg48: number;
  readonly turned: Readonly<Record<string, number>>;
  readonly alias: number;
  readonly aliasTurned: number;
  /** The reference's own. */
  readonly aliasOfReference: number;
  readonly checker: number;
}

const turns: Readonly<Record<string, Adjustment>> = {
  "7°": { turnDeg: 7 },
  "30°": { turnDeg: 30 },
  "90°": { turnDeg: 90 },
  mirrored: { mirrored: true },
};

export async function measureFidelity(
  ours: OwnSubject,
  charts: Charts,
  jpegs: { readonly mp12: string; readonly mp48: string },
): Promise<Fidelity> {
  if (product === undefined) throw new Error("The card has gone.");
  const raster = product;
  const compare = async (file: string, adjustment: Adjustment = {}): Promise<number> => {
    const { pixels, place } = await sendCard(ours, file, adjustment);
    return psnr(pixels, renderReference(await decodeFile(file), place, raster));
  };
  const plate = await decodeFile(charts.zonePlate);
  const upright = await sendCard(ours, charts.zonePlate, {});
  const uprightReference = renderReference(plate, upright.place, raster);
  const plateToTurn = await decodeFile(charts.zonePlateToTurn);
  const aliasAt = async (turnDeg: number): Promise<number> => {
    const { pixels, place } = await sendCard(ours, charts.zonePlateToTurn, { turnDeg });
    return aliasOf(pixels, plateToTurn, place, raster);
  };
  const turned: Record<string, number> = {};
  for (const [name, adjustment] of Object.entries(turns)) turned[name] = await compare(charts.photo, adjustment);
  return {
    lossless: {
      photo: await compare(charts.photo),
      largePhoto: await compare(charts.largePhoto),
      noise: await compare(charts.noise),
      zonePlate: psnr(upright.pixels, uprightReference),
    },
    jpeg12: await compare(jpegs.mp12),
    jpeg48: await compare(jpegs.mp48),
    turned,
    alias: aliasOf(upright.pixels, plate, upright.place, raster),
    aliasTurned: Math.max(await aliasAt(7), await aliasAt(30)),
    aliasOfReference: aliasOf(uprightReference, plate, upright.place, raster),
    checker: meanLight((await sendCard(ours, charts.checkerboard, {})).pixels),
  };
}
