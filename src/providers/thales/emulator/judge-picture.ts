import sharp from "sharp";
import type { Product } from "#card/products.ts";

export type Judgement = { readonly mediaType: "image/png" | "image/jpeg" } | { readonly refusedBecause: string };

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const jpegSignature = Buffer.from([0xff, 0xd8, 0xff]);

function sniff(image: Buffer): "png" | "jpeg" | undefined {
  if (image.subarray(0, 8).equals(pngSignature)) return "png";
  return image.subarray(0, 3).equals(jpegSignature) ? "jpeg" : undefined;
}

/** "RGB JPEG or PNG ... the full edge-to-edge image": 8-bit RGB without alpha, of exactly the product's raster, that decodes to its end. */
export async function judgePicture(image: Buffer, product: Product): Promise<Judgement> {
  const format = sniff(image);
  if (format === undefined) return { refusedBecause: "neither PNG nor JPEG" };
  try {
    const decode = () => sharp(image, { failOn: "warning", limitInputPixels: product.widthPx * product.heightPx * 4 });
    const { width, height, space, channels, depth, isPalette } = await decode().metadata();
    if (space !== "srgb" || channels !== 3 || depth !== "uchar" || isPalette) {
      return { refusedBecause: `not 8-bit RGB (${space}, ${channels} channels, ${depth})` };
    }
    if (width !== product.widthPx || height !== product.heightPx) {
      return {
        refusedBecause: `${width} x ${height} pixels, the product needs ${product.widthPx} x ${product.heightPx}`,
      };
    }
    await decode().raw().toBuffer();
    return { mediaType: `image/${format}` };
  } catch {
    return { refusedBecause: "it does not decode" };
  }
}
