/** Pixels of 8 bits a channel, RGBA, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray;
}

/** Photo pixels to raster pixels, in the order of canvas `setTransform`. */
type Map = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

function lanczos3(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= 3) return 0;
  return (3 * Math.sin(Math.PI * x) * Math.sin((Math.PI * x) / 3)) / (Math.PI * x) ** 2;
}

/** Linear light, 0 to 1, of a level, 0 to 255 (IEC 61966-2-1). */
export function toLinear(level: number): number {
  const encoded = level / 255;
  return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
}

function toLevel(linear: number): number {
  const clipped = Math.min(1, Math.max(0, linear));
  return Math.round(255 * (clipped <= 0.0031308 ? clipped * 12.92 : 1.055 * clipped ** (1 / 2.4) - 0.055));
}

const linearLevels = Float64Array.from({ length: 256 }, (_, level) => toLinear(level));

/**
 * What the resampler should make, by its definition and in 64 bits: each raster pixel is the mean of all photo pixels near it in
 * linear light, weighted by Lanczos-3 of their distance along the raster's axes. Slow: 36 pixels for each of the photo's.
 */
export function resampleByDefinition(photo: Pixels, map: Map, widthPx: number, heightPx: number): Uint8ClampedArray {
  const [a, b, c, d, e, f] = map;
  const determinant = a * d - b * c;
  const width = Math.max(1, Math.sqrt(Math.abs(determinant)));
  const reach = 3 * width;
  // How far from its centre the kernel's square goes, along the photo's axes.
  const reachX = (reach * (Math.abs(d) + Math.abs(c))) / Math.abs(determinant);
  const reachY = (reach * (Math.abs(b) + Math.abs(a))) / Math.abs(determinant);
  const raster = new Uint8ClampedArray(widthPx * heightPx * 4);
  const sum = new Float64Array(4);
  for (let row = 0; row < heightPx; row++) {
    for (let column = 0; column < widthPx; column++) {
      const [u, v] = [column + 0.5, row + 0.5];
      const centreX = (d * (u - e) - c * (v - f)) / determinant;
      const centreY = (a * (v - f) - b * (u - e)) / determinant;
      sum.fill(0);
      for (let y = Math.ceil(centreY - 0.5 - reachY); y <= centreY - 0.5 + reachY; y++) {
        for (let x = Math.ceil(centreX - 0.5 - reachX); x <= centreX - 0.5 + reachX; x++) {
          const across = (a * (x + 0.5) + c * (y + 0.5) + e - u) / width;
          const down = (b * (x + 0.5) + d * (y + 0.5) + f - v) / width;
          if (Math.abs(across) >= 3 || Math.abs(down) >= 3) continue;
          const weight = lanczos3(across) * lanczos3(down);
          const clampedX = Math.min(Math.max(x, 0), photo.width - 1);
          const clampedY = Math.min(Math.max(y, 0), photo.height - 1);
          const pixel = (clampedY * photo.width + clampedX) * 4;
          for (let channel = 0; channel < 3; channel++)
            sum[channel]! += weight * linearLevels[photo.rgba[pixel + channel]!]!;
          sum[3]! += weight;
        }
      }
      const to = (row * widthPx + column) * 4;
      for (let channel = 0; channel < 3; channel++) raster[to + channel] = toLevel(sum[channel]! / sum[3]!);
      raster[to + 3] = 255;
    }
  }
  return raster;
}
