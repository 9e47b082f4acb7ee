import * as z from "zod/mini";
import type { Placement } from "#card/placement.ts";

// Ten metres: beyond what any photo of 100,000 px needs at the coarsest resolution that prints.
const maxDistanceMm = 10_000;
const distanceMm = z.number().check(z.gte(-maxDistanceMm), z.lte(maxDistanceMm));
const sidePx = z.int().check(z.gte(1), z.lte(100_000));

/** Where the photo lies, with the bounds of what can print. The compiler holds its keys and types to those of `Placement`. */
const placement = z.strictObject({
  xMm: distanceMm,
  yMm: distanceMm,
  mmPerPx: z.number().check(z.gt(0), z.lte(10)),
  rotationDeg: z.number().check(z.gt(-180), z.lte(180)),
  mirrored: z.boolean(),
} satisfies { readonly [Key in keyof Placement]: z.ZodMiniType<Placement[Key]> });

/**
 * Everything needed to render the card again from the same photo, in millimetres.
 * The photo itself is named by the SHA-256 of its file, never by a name or path.
 *
 * Documents are stored byte for byte, so anything that is not listed here is refused, not stripped: what the server keeps
 * is exactly what was checked. A later version gets a number of its own.
 */
export const designDocument = z.strictObject({
  version: z.literal(1),
  productId: z.string().check(z.minLength(1), z.maxLength(64)),
  photo: z.strictObject({
    sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
    /** Size after the file's own orientation has been applied. */
    widthPx: sidePx,
    heightPx: sidePx,
  }),
  placement,
  /** The cardholder's agreement to the issuer's picture rules: which rules (version), and when. */
  agreement: z.strictObject({
    rulesVersion: z.string().check(z.minLength(1), z.maxLength(40)),
    agreedAt: z
      .int()
      .check(z.gte(0), z.describe("Epoch milliseconds, by the clock of the cardholder's browser, of the agreement")),
  }),
});
export type DesignDocument = z.infer<typeof designDocument>;
