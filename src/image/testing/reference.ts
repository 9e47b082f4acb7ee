import sharp from "sharp";
import type { Photo } from "#design/design.ts";

/** What the reference needs to know of a card: its raster and nothing of our geometry. */
export interface Raster {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly dpi: number;
}

type Placement = Photo["placement"];

/** Draws a placement of one photo at one scale: RGB, 8 bits, row by row. */
export type Reference = (placement: Placement) => Buffer;

/**
 * The picture that should be printed, made without any of our geometry: sharp decodes, turns and shrinks (Lanczos 3, in linear light) the
 * photo to the card's resolution at this scale, once; for a placement every card pixel's centre is mapped back into that and read there with
 * a Catmull-Rom spline.
 */
export async function openReference(photo: string | Buffer, mmPerPx: number, raster: Raster): Promise<Reference> {
  const upright = await sharp(photo, { limitInputPixels: 200_000_000 })
    .autoOrient()
    .toColourspace("srgb")
    .flatten({ background: "#fff" })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const source = { width: upright.info.width, height: upright.info.height };
  const shrink = Math.min(1, (mmPerPx * raster.dpi) / 25.4);
  const width = Math.max(1, Math.round(source.width * shrink));
  const height = Math.max(1, Math.round(source.height * shrink));
  const data = await sharp(upright.data, {
    raw: { ...source, channels: upright.info.channels },
    limitInputPixels: 200_000_000,
  })
    .removeAlpha()
    // In linear light.
    .pipelineColourspace("scrgb")
    .resize(width, height, { fit: "fill", kernel: "lanczos3" })
    .toColourspace("srgb")
    .raw()
    .toBuffer();
  const scale = { x: width / source.width / mmPerPx, y: height / source.height / mmPerPx };
  return (placement) => {
    if (placement.mmPerPx !== mmPerPx) throw new Error(`opened for ${mmPerPx} mm per pixel, not ${placement.mmPerPx}`);
    return draw({ data, width, height }, scale, placement, raster);
  };
}

/** The picture that should be printed for this placement. */
export async function renderReference(photo: string | Buffer, placement: Placement, raster: Raster): Promise<Buffer> {
  return (await openReference(photo, placement.mmPerPx, raster))(placement);
}

interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** `scale`: pixels of the shrunken photo per millimetre of card. */
function draw(photo: Pixels, scale: { x: number; y: number }, placement: Placement, raster: Raster): Buffer {
  const output = Buffer.alloc(raster.widthPx * raster.heightPx * 3);
  const mmPerPixel = 25.4 / raster.dpi;
  const angle = (placement.rotationDeg / 180) * Math.PI;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  for (let y = 0; y < raster.heightPx; y++) {
    for (let x = 0; x < raster.widthPx; x++) {
      const xMm = (x + 0.5 - raster.widthPx / 2) * mmPerPixel - placement.xMm;
      const yMm = (y + 0.5 - raster.heightPx / 2) * mmPerPixel - placement.yMm;
      const alongMm = xMm * cos + yMm * sin;
      const downMm = yMm * cos - xMm * sin;
      const u = (placement.mirrored ? -alongMm : alongMm) * scale.x + photo.width / 2 - 0.5;
      const v = downMm * scale.y + photo.height / 2 - 0.5;
      sample(photo, u, v, output, (y * raster.widthPx + x) * 3);
    }
  }
  return output;
}

function spline(t: number): [number, number, number, number] {
  const t2 = t * t;
  const t3 = t2 * t;
  return [(-t3 + 2 * t2 - t) / 2, (3 * t3 - 5 * t2 + 2) / 2, (-3 * t3 + 4 * t2 + t) / 2, (t3 - t2) / 2];
}

const columns = [0, 0, 0, 0];

function sample({ data, width, height }: Pixels, u: number, v: number, output: Buffer, at: number): void {
  const left = Math.floor(u);
  const top = Math.floor(v);
  const across = spline(u - left);
  const down = spline(v - top);
  for (let column = 0; column < 4; column++) columns[column] = Math.min(Math.max(left - 1 + column, 0), width - 1) * 3;
  let [red, green, blue] = [0, 0, 0];
  for (let row = 0; row < 4; row++) {
    const line = Math.min(Math.max(top - 1 + row, 0), height - 1) * width * 3;
    for (let column = 0; column < 4; column++) {
      const weight = (across[column] ?? 0) * (down[row] ?? 0);
      const pixel = line + (columns[column] ?? 0);
      red += (data[pixel] ?? 0) * weight;
      green += (data[pixel + 1] ?? 0) * weight;
      blue += (data[pixel + 2] ?? 0) * weight;
    }
  }
  output[at] = Math.min(255, Math.max(0, Math.round(red)));
  output[at + 1] = Math.min(255, Math.max(0, Math.round(green)));
  output[at + 2] = Math.min(255, Math.max(0, Math.round(blue)));
}

/** The same placement gone wrong in small ways; a comparison worth its name must notice each. */
export function wrongPlacements(placement: Placement, raster: Raster): Record<string, Placement> {
  const pixelMm = 25.4 / raster.dpi;
  return {
    "moved 1 px right": { ...placement, xMm: placement.xMm + pixelMm },
    "moved 1 px down": { ...placement, yMm: placement.yMm + pixelMm },
    "turned by 0.2 degrees": { ...placement, rotationDeg: placement.rotationDeg + 0.2 },
    flipped: { ...placement, mirrored: !placement.mirrored },
  };
}
