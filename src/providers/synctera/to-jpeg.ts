import sharp from "sharp";

/** A server that narrows what may be decoded means pictures that are uploaded; this one has passed that gate. */
const loader = ["VipsForeignLoadPng"];
const decodingSeconds = 10;

/**
 * The only form that Synctera takes: a baseline JPEG, quality 95, colours at full resolution (4:4:4). The same picture gives the
 * same bytes, with the same version of the encoder. Rejects for what is no PNG.
 */
export async function toJpeg(png: Uint8Array): Promise<Buffer> {
  sharp.unblock({ operation: loader });
  return sharp(png, { failOn: "warning" })
    .timeout({ seconds: decodingSeconds })
    .flatten({ background: "#ffffff" })
    .jpeg({ quality: 95, chromaSubsampling: "4:4:4", progressive: false, optimiseCoding: true })
    .toBuffer();
}
