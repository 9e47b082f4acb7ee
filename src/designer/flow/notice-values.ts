import type { Product } from "#card/products.ts";
import type { TextValues } from "../locales/text.tsx";

/** The product's limits, as the notices name them. */
export function noticeValues(product: Product): TextValues {
  const share = product.warnBelowDpi / product.dpi;
  return {
    megabytes: Math.floor(product.maxPhotoBytes / 1024 / 1024),
    megapixels: Math.floor(product.maxPhotoPixels / 1_000_000),
    width: Math.ceil(product.widthPx * share),
    height: Math.ceil(product.heightPx * share),
  };
}
