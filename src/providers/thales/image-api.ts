import type { PreviewRequest } from "../provider.ts";

/** Values as the vendor's page "Digital Previews" spells them. */
const designTypes = {
  print: "Print",
  review: "Review",
  "design-with-template": "DesignwithTemplate",
  design: "Design",
  original: "Original",
} as const satisfies Record<PreviewRequest["designType"], string>;
const templateTypes = { print: "Print", design: "Design", "virtual-card": "VCDesign" } as const;
const corners = { round: "Round", square: "Square" } as const;
const formats = { png: "PNG", jpeg: "JPEG" } as const;

/** The vendor's page writes `Rotote180`; an installation may have mended it. */
export type Rotate180 = "Rotote180" | "Rotate180";

/** Query of GetImage without the delivery key. Design type, corner and format are always named, whatever the platform's defaults. */
export function previewQuery(cardImageId: string, request: PreviewRequest, rotate180: Rotate180): URLSearchParams {
  const { template, overlay, rotateDeg, widthPx, heightPx } = request;
  const query = new URLSearchParams({ CardImageId: cardImageId, DesignType: designTypes[request.designType] });
  if (template !== undefined) query.set("TemplateType", templateTypes[template]);
  if (overlay !== undefined) query.set("Overlay", overlay ? "True" : "False");
  if (rotateDeg !== undefined) query.set("DesignRotate", rotateDeg === 180 ? rotate180 : `Rotate${rotateDeg}`);
  query.set("Corner", corners[request.corner]);
  if (widthPx !== undefined) query.set("Width", String(widthPx));
  if (heightPx !== undefined) query.set("Height", String(heightPx));
  query.set("ImageFormat", formats[request.format]);
  return query;
}

const signatures = { png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], jpeg: [0xff, 0xd8, 0xff] } as const;

/** Whether the bytes begin as a file of this format does. The Content-Type header is not asked. */
export function isFormat(bytes: Uint8Array, format: PreviewRequest["format"]): boolean {
  return signatures[format].every((byte, index) => bytes[index] === byte);
}
