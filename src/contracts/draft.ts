import * as z from "zod/mini";

const at = (what: string) => z.int().check(z.describe(`Epoch milliseconds ${what}`));

/** Answer to `POST /v1/sessions/:sessionId/draft`. Its ETag is the draft's SHA-256, in quotes. */
export const draftStored = z.object({
  draftSha256: z.string().check(z.describe("Of the bytes that arrived")),
  changedAt: at("at the server of this change"),
  expiresAt: at("before which it is not deleted for its age"),
});

export type DraftStored = z.infer<typeof draftStored>;

/** Answer to `POST /v1/sessions/:sessionId/assets/:sha256`. */
export const assetStored = z.object({
  sha256: z.string(),
  bytes: z.int(),
  mediaType: z.string().check(z.describe("By its bytes, whatever Content-Type said")),
});
export type AssetStored = z.infer<typeof assetStored>;
