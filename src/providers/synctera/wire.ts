import * as z from "zod";

/** Ids are UUIDs, in whatever case. */
export const uuid = z.guid().transform((id) => id.toLowerCase());

export const statuses = ["NOT_UPLOADED", "UNREVIEWED", "APPROVED", "REJECTED"] as const;
export const rejectionReasons = ["BRANDED", "COPYRIGHT", "INAPPROPRIATE", "OTHER", "PROMOTIONAL", "TRADEMARK"] as const;

/** What Synctera says of one card image. A reason that is new to us is kept as it is. */
export const cardImage = z.object({
  id: uuid,
  customer_id: uuid,
  card_product_id: uuid,
  status: z.enum(statuses),
  rejection_reason: z.string().nullish(),
  rejection_memo: z.string().nullish(),
});
export type CardImage = z.output<typeof cardImage>;

export const cardImageList = z.object({ images: z.array(z.unknown()), next_page_token: z.string().nullish() });

/** Its `detail` is for people and may say anything: it is repeated nowhere. */
export const errorBody = z.object({ code: z.string(), detail: z.string().nullish(), status: z.int().nullish() });

/**
 * The vendor's page "Upload Card Image" in our own words: what goes out, and what may come back. Adapter and emulator are both
 * tested against it.
 */
export const uploadOperation = {
  method: "POST",
  path: /^\/cards\/images\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/data$/,
  requestHeaders: z.object({
    authorization: z.string().regex(/^Bearer \S+$/),
    "content-type": z.literal("image/jpeg"),
    "idempotency-key": z.string().min(1),
  }),
  answers: {
    200: z.object({
      id: z.guid(),
      customer_id: z.guid(),
      card_product_id: z.guid(),
      status: z.enum(statuses),
      rejection_reason: z.enum(rejectionReasons).optional(),
      rejection_memo: z.string().optional(),
    }),
    400: errorBody,
    401: errorBody,
    403: errorBody,
    422: errorBody,
    500: errorBody,
  },
} as const;
