import sharp from "sharp";
import { bleedPerSideMm, type Product } from "#card/products.ts";
import { drawTemplate, drawTrimLine, type TemplateType } from "./card-art.ts";

export const designTypes = ["Print", "Review", "DesignwithTemplate", "Design", "Original"] as const;

export interface Rendition {
  readonly designType: (typeof designTypes)[number];
  readonly templateType: TemplateType | null;
  readonly overlay: boolean | null;
  readonly rotateDeg: 0 | 90 | 180 | 270;
  readonly corner: "Round" | "Square";
  readonly widthPx: number | null;
  readonly heightPx: number | null;
  readonly format: "PNG" | "JPEG";
}

/** The pixels of `product`'s raster that remain once the card is cut. */
export function trimBox(product: Product): { left: number; top: number; width: number; height: number } {
  const width = Math.round((product.trimWidthMm / 25.4) * product.dpi);
  const height = Math.round((product.trimHeightMm / 25.4) * product.dpi);
  return {
    left: Math.floor((product.widthPx - width) / 2),
    top: Math.floor((product.heightPx - height) / 2),
    width,
    height,
  };
}

/** Which template is drawn: Overlay false none, else the one asked for, else the design type's own. */
function templateOf({ designType, templateType, overlay }: Rendition): TemplateType | null {
  if (overlay === false) return null;
  return templateType ?? (overlay === true || designType === "DesignwithTemplate" ? "Design" : null);
}

/** Both sides given: the smaller of the two scales, so that the picture fits and keeps its aspect ratio. */
function scaleOf({ widthPx, heightPx }: Rendition, width: number, height: number): number {
  const scales = [widthPx === null ? [] : [widthPx / width], heightPx === null ? [] : [heightPx / height]].flat();
  return scales.length === 0 ? 1 : Math.min(...scales);
}

/** Design types that show the cut card; the others show the whole raster, bleed included. */
const isTrimmed = (designType: Rendition["designType"]) =>
  designType === "Design" || designType === "DesignwithTemplate";

function cornerMask(width: number, height: number, radius: number): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="${width}" height="${height}" rx="${radius}"/></svg>`,
  );
}

async function compose(picture: string | Buffer, product: Product, rendition: Rendition): Promise<Buffer> {
  const trimmed = isTrimmed(rendition.designType);
  const box = trimmed ? trimBox(product) : { left: 0, top: 0, width: product.widthPx, height: product.heightPx };
  const template = templateOf(rendition);
  const layers = [
    ...(template === null ? [] : [drawTemplate(product, template, box.width, box.height)]),
    ...(rendition.designType === "Review" ? [drawTrimLine(product, box.width, box.height)] : []),
  ];
  const composed = sharp(picture)
    .extract(box)
    .composite(layers.map((input) => ({ input })));
  return composed.removeAlpha().png({ compressionLevel: 0 }).toBuffer();
}

/**
 * One rendition of a stored picture: template, then rotation (clockwise), then size, then corners, then format.
 * Round corners are those of the card, 3.18 mm, widened by the bleed where that is shown; in a JPEG they are white.
 */
export async function renderPicture(picture: string | Buffer, product: Product, rendition: Rendition): Promise<Buffer> {
  const turned = await sharp(await compose(picture, product, rendition))
    .rotate(rendition.rotateDeg)
    .png({ compressionLevel: 0 })
    .toBuffer();
  const { width, height } = await sharp(turned).metadata();
  const scale = scaleOf(rendition, width, height);
  const size = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  let final = sharp(turned);
  if (scale !== 1) final = final.resize({ ...size, fit: "fill" });
  if (rendition.corner === "Round") {
    const bleedMm = isTrimmed(rendition.designType) ? 0 : bleedPerSideMm(product).xMm;
    const radius = ((product.cornerRadiusMm + bleedMm) / 25.4) * product.dpi * scale;
    final = final.ensureAlpha().composite([{ input: cornerMask(size.width, size.height, radius), blend: "dest-in" }]);
  }
  if (rendition.format === "PNG") return final.png().toBuffer();
  return sharp(await final.png({ compressionLevel: 0 }).toBuffer())
    .flatten({ background: "#fff" })
    .jpeg({ quality: 92, chromaSubsampling: "4:4:4" })
    .toBuffer();
}

/** A template alone, on a transparent ground, in the size of the cut card. */
export async function renderTemplate(product: Product, type: TemplateType): Promise<Buffer> {
  const { width, height } = trimBox(product);
  return sharp(drawTemplate(product, type, width, height))
    .png()
    .toBuffer();
}
