import * as z from "zod/mini";

const finite = z.number().check(z.refine(Number.isFinite));

/** Where the photo lies: `Placement` of card/, on the wire. */
export const placementSchema = z.object({
  xMm: finite.check(z.gte(-1000), z.lte(1000)),
  yMm: finite.check(z.gte(-1000), z.lte(1000)),
  mmPerPx: finite.check(z.gt(0), z.lte(10)),
  rotationDeg: finite.check(z.gt(-180), z.lte(180)),
  mirrored: z.boolean(),
});

/**
 * Everything needed to render the card again from the same photo, in millimetres.
 * The photo itself is named by the SHA-256 of its file, never by a name or path.
 */
export const designDocument = z.object({
  version: z.literal(1),
  productId: z.string().check(z.maxLength(64)),
  photo: z.object({
    sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
    /** Size after the file's own orientation has been applied. */
    widthPx: z.int().check(z.gte(1), z.lte(100_000)),
    heightPx: z.int().check(z.gte(1), z.lte(100_000)),
  }),
  placement: placementSchema,
  /** The cardholder's agreement to the issuer's picture rules: which rules (version), and when (epoch milliseconds). */
  agreement: z.object({ rulesVersion: z.string().check(z.maxLength(40)), agreedAt: z.int() }),
});
export type DesignDocument = z.infer<typeof designDocument>;
