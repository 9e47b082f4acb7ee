import { hashSha256 } from "../checksums.ts";
import { encodePng } from "../encode-png.ts";
import { chart, mapOf, noise, resampleIn } from "./resample-cases.ts";

const raster = { width: 259, height: 166 };

/** The digests of finished pictures of all kinds, by name: the same wherever they are made. */
export async function pictureDigests(kernel: WebAssembly.Module): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const [name, draw] of Object.entries({ chart, noise })) {
    for (const scale of [0.21, 0.8, 2.3]) {
      const photo = draw({ width: Math.ceil(320 / scale), height: Math.ceil(320 / scale) });
      for (const degrees of [0, 90, 7, -133.7]) {
        const map = mapOf(photo, raster, { scale, degrees, mirrored: degrees === 7, moved: [0.4, -2.3] });
        const rgba = resampleIn(kernel, photo, map, raster);
        const png = encodePng(kernel, rgba, { widthPx: raster.width, heightPx: raster.height, dpi: 75 });
        digests[`${name} at ${scale}, ${degrees} degrees`] = await hashSha256(png);
      }
    }
  }
  return digests;
}
